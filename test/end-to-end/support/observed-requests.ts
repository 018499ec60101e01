/** A process of its own, since nothing ends the subscriptions of the examples: one request that needs two attempts. */
import { trace } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import '../../../examples/observability/log';
import '../../../examples/observability/spans';
import { MetafyAPI } from '../../../src';
import { MetafyEmulator } from '../../../src/emulator';

async function main(): Promise<void> {
  const exporter = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  const emulator = await new MetafyEmulator().start();
  emulator.fail('community', { status: 503 });
  await new MetafyAPI({ baseURL: emulator.url, token: emulator.apiKeys[0]?.key ?? '' }).getOwnCommunity();
  await emulator.stop();
  console.log(JSON.stringify(exporter.getFinishedSpans().map(({ attributes }) => attributes)));
}

main();
