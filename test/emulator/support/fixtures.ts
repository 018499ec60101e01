import { connect } from 'node:net';
import { after, before } from 'mocha';
import { MetafyEmulator, type MetafyEmulatorOptions } from '../../../src/emulator';

/** An emulator that runs while the surrounding `describe` does. */
export function useEmulator(options?: MetafyEmulatorOptions): MetafyEmulator {
  const emulator = new MetafyEmulator(options);
  before(() => emulator.start());
  after(() => emulator.stop());
  return emulator;
}

/** A JSON object from a response. */
export async function readObject(response: Response): Promise<Record<string, unknown>> {
  return (await response.json()) as Record<string, unknown>;
}

/** What an emulator answers to bytes that need not be HTTP. */
export function talk(emulator: { url: string }, text: string): Promise<string> {
  const { port, hostname } = new URL(emulator.url);
  return new Promise((resolve, reject) => {
    const chunks: string[] = [];
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => chunks.push(String(chunk)));
    socket.on('close', () => resolve(chunks.join('')));
    socket.on('error', reject);
  });
}

/** Waits until the emulator has received this many requests; mocha's timeout ends it. */
export async function untilReceived(emulator: MetafyEmulator, count: number): Promise<void> {
  while (emulator.requests.length < count) await new Promise(setImmediate);
}
