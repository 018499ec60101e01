/** What is found round by round, by name. */
export class Lists {
  readonly #lists = new Map<string, number[]>();

  push(name: string, value: number): void {
    this.#lists.set(name, [...this.of(name), value]);
  }

  of(name: string): number[] {
    return this.#lists.get(name) ?? [];
  }
}
