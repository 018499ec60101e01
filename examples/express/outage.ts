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
    this.#emulator.fail('purchases', { status: 500 }, 200);
  }

  async end(): Promise<void> {
    this.#isOn = false;
    // What is left of the 200 is used up; a request without a token is a 401 after that.
    const url = `${this.#emulator.url}/irk/api/v1/me/purchases/communities/any`;
    while ((await fetch(url)).status === 500);
  }
}
