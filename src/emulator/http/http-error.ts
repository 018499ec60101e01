/** A request that no endpoint can make sense of; the response has this status and says nothing of OAuth. */
export class HTTPError extends Error {
  /** A 4xx. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
