/** As much of a browser as a sign-in needs: it keeps cookies and follows redirects. */
export class Visitor {
  readonly #cookies = new Map<string, string>();

  /** One request; a redirect is for the caller to follow. */
  async get(url: string): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]*)=([^;]*)/.exec(line) ?? [];
      if (/;\s*max-age=0/i.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return answer;
  }

  /** Where the application's redirect leads. */
  async getLocation(url: string): Promise<string> {
    const answer = await this.get(url);
    return new URL(answer.headers.get('location') ?? '', url).href;
  }

  /** The page at the end of the application's redirects. */
  async open(url: string): Promise<string> {
    const answer = await this.get(url);
    const location = answer.headers.get('location');
    return location ? this.open(new URL(location, url).href) : answer.text();
  }
}
