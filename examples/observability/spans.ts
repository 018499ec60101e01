import { subscribe } from 'node:diagnostics_channel';
import { type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { MetafyRequestTrace } from 'passport-metafy';

const tracer = trace.getTracer('passport-metafy');
const spans = new WeakMap<object, Span>();

subscribe('tracing:passport-metafy:request:start', (message) => {
  const { method, url, attempt } = message as MetafyRequestTrace;
  const attributes = { 'http.request.method': method, 'url.full': url, 'http.request.resend_count': attempt - 1 };
  spans.set(message as object, tracer.startSpan(method, { kind: SpanKind.CLIENT, attributes }));
});
subscribe('tracing:passport-metafy:request:asyncEnd', (message) => {
  const { status, errorCode } = message as MetafyRequestTrace;
  const span = spans.get(message as object);
  if (status) span?.setAttribute('http.response.status_code', status);
  if (errorCode) span?.setAttribute('error.type', errorCode).setStatus({ code: SpanStatusCode.ERROR });
  span?.end();
});
