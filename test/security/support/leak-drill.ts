import type { RawServer } from '../../support/raw-server';
import { findShown } from './canaries';
import { calls } from './leak-calls';
import { faults, startTellingServer } from './telling-server';

export interface DrillResult {
  what: string;
  /** The secrets that were seen. */
  shown: string[];
  /** The text around the first of them, for the one who has to find it. */
  excerpt: string;
  /** Codes of errors, for the test to see that failures of every kind were there. */
  codes: string[];
}

/** Run in a process of its own by the leak test, so that stdout and stderr can be searched as well. */
async function main(): Promise<void> {
  for (const [call, ask] of Object.entries(calls)) {
    for (const [fault, answer] of Object.entries(faults)) {
      const stages = call === 'a login' ? [false, true] : [false];
      for (const tokensFirst of stages) {
        const server = await startTellingServer(answer, { tokensFirst });
        const text = await ask(new URL(server.url).origin);
        await server.stop();
        report(`${call}${tokensFirst ? ', at the profile,' : ''} answered with ${fault}`, text, server);
      }
    }
    report(`${call} where nobody listens`, await ask('http://127.0.0.1:1'));
  }
}

function report(what: string, text: string, server?: RawServer): void {
  // What an application does with an error, more or less.
  console.log(text);
  console.error(text);
  const verifiers = [...(server?.requests.join().matchAll(/"code_verifier":"([^"]+)"/g) ?? [])].map(
    ([, verifier = '']) => verifier,
  );
  const shown = findShown(text, verifiers);
  const at = text.toLowerCase().indexOf(String(shown[0]).toLowerCase());
  const codes = [...text.matchAll(/\bcode: '?(\w+)/g)].map(([, code = '']) => code);
  const result: DrillResult = { what, shown, excerpt: text.slice(Math.max(0, at - 300), at + 100), codes };
  process.send?.(result);
}

main().then(
  () => process.disconnect(),
  (error) => {
    console.error('the drill failed', error);
    process.exit(1);
  },
);
