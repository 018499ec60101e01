import { subscribe } from 'node:diagnostics_channel';
import type { MetafyRequestTrace } from 'passport-metafy';

subscribe('tracing:passport-metafy:request:asyncEnd', (message) => {
  const { method, url, attempt, status, errorCode, durationMs = 0 } = message as MetafyRequestTrace;
  console.log(`${method} ${url} (attempt ${attempt}): ${status ?? errorCode}, ${durationMs.toFixed()} ms`);
});
