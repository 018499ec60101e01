import { MetafyAPI } from 'passport-metafy';

/** Keeps the list of those who support the community of an API key's owner. */
export class Subscribers {
  readonly #api: MetafyAPI;
  #tierIds: ReadonlyMap<string, string | undefined> | undefined;

  constructor(apiKey: string, baseURL?: string) {
    this.#api = new MetafyAPI({ token: apiKey, baseURL });
  }

  /** Takes the whole list or, when this throws, keeps the one before: never a part. */
  async refresh(): Promise<void> {
    const subscribers = await this.#api.listSubscribers().toArray();
    this.#tierIds = new Map(subscribers.map(({ userId, tierId }) => [userId, tierId]));
  }

  /** @param metafyId the `id` of a Metafy profile */
  has(metafyId: string): boolean {
    if (!this.#tierIds) throw new Error('The list of subscribers has not been read yet.');
    return this.#tierIds.has(metafyId);
  }

  /** Every 30 minutes. */
  start(): NodeJS.Timeout {
    return setInterval(() => this.refresh().catch(console.error), 30 * 60_000);
  }
}
