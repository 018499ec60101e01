import type { MetafyEmulator } from 'passport-metafy/emulator';

/** Lets an emulated Metafy fail whenever it is asked whom somebody supports. Everything else goes on working. */
export class Outage {
  readonly #emulator: MetafyEmulator;
  #isOn = false;

  constructor(emulator: MetafyEmulator) {
    this.#emulator = emulator;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  start(): void {
    if (this.#isOn) return;
    this.#isOn = true;
    // Not 503, after which each question would be asked three times.
    this.#emulator.fail('purchases', { status: 500 }, 10_000);
  }

  end(): void {
    this.#isOn = false;
    this.#emulator.clearFaults();
  }
}
