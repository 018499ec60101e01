import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** A text of many times `pump` between a head and a tail; small enough to be handed to a worker. */
interface HostileInput {
  head: string;
  pump: string;
  tail: string;
}

/** One character at least of every class that an expression may repeat. */
const ordinary = [...'aA0 \t\n-.,"\\/:=\0é\u2028'];

/**
 * Inputs in which an expression that backtracks too much would do so: a beginning that it takes, a long run of what
 * it repeats, and an end that it does not take. All are made of the expression's own characters.
 */
function makeHostileInputs(source: string): HostileInput[] {
  const literals = listLiterals(source);
  const own = [...new Set(literals.join(''))].slice(0, 8);
  const pairs = own.flatMap((one) => own.map((other) => one + other)).slice(0, 12);
  const heads = ['', ...new Set([...literals, literals.join(''), literals.join('a'), 'a'])].slice(0, 4);
  return [...new Set([...own, ...ordinary, ...pairs, ...literals])].flatMap((pump) =>
    heads.flatMap((head) => ['', '\0a\n\0"'].map((tail) => ({ head, pump, tail }))),
  );
}

/** The runs of characters that stand for themselves in `source`. */
function listLiterals(source: string): string[] {
  const text = source
    .replace(/\\[pPu]\{[^}]*\}|\\[dDwWsSbB]|\(\?[:=!<]+/g, '\0')
    .replace(/\\x([\da-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\(.)/g, '$1');
  return text.split(/[\0()|*+?^$[\]{}]+/).filter((run) => run !== '');
}

/** Runs in the worker, and therefore uses nothing from outside. */
function work(source: string, flags: string, inputs: HostileInput[], length: number): void {
  const expression = new RegExp(source, flags);
  for (const { head, pump, tail } of inputs) {
    const text = head + pump.repeat(length / pump.length) + tail;
    expression.lastIndex = 0;
    if (flags.includes('g')) text.replace(expression, '');
    else expression.exec(text);
  }
}

/** Whether an expression is done with hostile inputs of `length` characters each, before it is stopped after `limitMs`. */
export async function isDone(
  { source, flags = '' }: { source: string; flags?: string },
  length: number,
  limitMs: number,
): Promise<boolean> {
  const code = `(${work})(...require('node:worker_threads').workerData)`;
  const worker = new Worker(code, {
    eval: true,
    workerData: [source, flags, makeHostileInputs(source), length],
  });
  let isStopped = false;
  const limit = setTimeout(() => {
    isStopped = true;
    worker.terminate();
  }, limitMs);
  await once(worker, 'exit');
  clearTimeout(limit);
  return !isStopped;
}
