import timersPromises from 'node:timers/promises';
import { type Clock, install } from '@sinonjs/fake-timers';

export const secondMs = 1000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;

export interface TestClock {
  /** Moves the time of day; timers do not notice. */
  advance(ms: number): void;
  /** Lets time pass for timers as well: those that are due by then fire. Needs `timers`. */
  tick(ms: number): void;
  /** How many timers wait for their time. Needs `timers`. */
  countTimers(): number;
}

/**
 * Stops the time of day under the tests of a `describe`. It moves when a test says so.
 *
 * @param options `timers` stops all time: timers fire at a `tick`, and a pause between retries takes its time at once
 */
export function useClock({ timers = false } = {}): TestClock {
  const { setTimeout: sleep } = timersPromises;
  let clock: (Clock & { uninstall(): void }) | undefined;
  beforeEach(() => {
    const toFake = timers ? (['Date', 'performance', 'setTimeout', 'clearTimeout'] as const) : (['Date'] as const);
    clock = install({ toFake: [...toFake], now: Date.UTC(2026, 4, 1, 12) });
    const pass = async (ms = 0): Promise<void> => {
      clock?.tick(ms);
    };
    if (timers) Object.assign(timersPromises, { setTimeout: pass });
  });
  afterEach(() => {
    Object.assign(timersPromises, { setTimeout: sleep });
    clock?.uninstall();
  });
  return {
    advance: (ms) => clock?.setSystemTime(Date.now() + ms),
    tick: (ms) => clock?.tick(ms),
    countTimers: () => (clock as Clock).countTimers(),
  };
}
