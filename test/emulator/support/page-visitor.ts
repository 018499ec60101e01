/** A browser without a window: keeps cookies, and posts the forms it finds in pages. */
export class PageVisitor {
  readonly #origin: string;
  #cookie = '';

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Requests a path, or the origin's own URL, without following redirects. */
  async open(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.#cookie !== '') headers.set('Cookie', this.#cookie);
    const response = await fetch(new URL(path, this.#origin), { redirect: 'manual', ...init, headers });
    for (const cookie of response.headers.getSetCookie()) this.#cookie = cookie.split(';', 1)[0] ?? '';
    return response;
  }

  /** Opens an authorization URL and signs in, so that the next visit shows the consent page. */
  async signIn(path: string, userID: string): Promise<string> {
    const page = await (await this.open(path)).text();
    const response = await this.post(findForm(page, '/auth/sign-in'), { user: userID });
    return response.headers.get('location') ?? '';
  }

  /** Signs in and returns the consent page. */
  async openConsent(path: string, userID: string): Promise<Response> {
    return this.open(await this.signIn(path, userID));
  }

  /** Signs in, then allows or denies on the consent page. */
  async decide(path: string, userID: string, decision: 'allow' | 'deny'): Promise<Response> {
    const page = await (await this.openConsent(path, userID)).text();
    return this.post(findForm(page, '/auth/authorize'), decision === 'deny' ? { _method: 'delete' } : {});
  }

  /** Posts a form as a browser would; a field that is `undefined` is left out. */
  async post(form: Form, extra: Record<string, string | undefined> = {}): Promise<Response> {
    const fields = Object.entries({ ...form.fields, ...extra });
    const body = new URLSearchParams(
      fields.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as [string, string]])),
    );
    return this.open(form.action, { method: 'POST', body });
  }
}

/** A form of a page: where it posts to, and its hidden fields. */
export interface Form {
  action: string;
  fields: Record<string, string>;
}

/** The form of a page whose action begins with the given text. */
export function findForm(page: string, actionPrefix: string): Form {
  for (const [, action = '', content = ''] of page.matchAll(
    /<form[^>]* action="([^"]*)"[^>]*>(.*?)<\/form>/gs,
  )) {
    if (!action.startsWith(actionPrefix)) continue;
    const inputs = content.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
    return {
      action: unescapeText(action),
      fields: Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, unescapeText(value)])),
    };
  }
  throw new Error(`The page has no form that posts to ${actionPrefix}: ${page}`);
}

function unescapeText(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
