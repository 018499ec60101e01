import { inspect } from 'node:util';

// biome-ignore lint/suspicious/noExplicitAny: each method has parameters of its own
type Methods = Record<string, (parameters: any) => unknown>;

/** The side of `Worker` that is in the other process. */
export function answerQuestions(methods: Methods): void {
  process.on('message', async ({ method, parameters }: { method: string; parameters: object }) => {
    try {
      process.send?.({ value: await methods[method]?.(parameters) });
    } catch (error) {
      process.send?.({ problem: inspect(error) });
    }
  });
  process.on('disconnect', () => process.exit());
}
