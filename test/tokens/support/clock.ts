import { type Clock, install } from '@sinonjs/fake-timers';

export const secondMs = 1000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;

/** Stops the clock under the tests of a `describe`; timers go on. It moves when a test says so. */
export function useClock(): { advance(ms: number): void; setBack(ms: number): void } {
  let clock: (Clock & { uninstall(): void }) | undefined;
  beforeEach(() => {
    clock = install({ toFake: ['Date'], now: Date.UTC(2026, 4, 1, 12) });
  });
  afterEach(() => clock?.uninstall());
  return {
    advance: (ms) => clock?.setSystemTime(Date.now() + ms),
    setBack: (ms) => clock?.setSystemTime(Date.now() - ms),
  };
}
