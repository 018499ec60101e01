import { Visitor } from '../../../src/emulator';

/** Somebody at the emulator's pages, who fills in the forms that they find there. */
export class PageVisitor {
  readonly #origin: string;
  readonly #visitor = new Visitor();

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Requests a path, or a URL of the emulator, without following redirects. */
  async open(path: string, init?: RequestInit): Promise<Response> {
    return this.#visitor.fetch(new URL(path, this.#origin), init);
  }

  /** The page at a path. */
  async read(path: string): Promise<string> {
    return (await this.open(path)).text();
  }

  /** Opens an authorization URL and signs in; returns where that leads, which is the consent page. */
  async signIn(path: string, userID: string): Promise<string> {
    const response = await this.post(findForm(await this.read(path), '/auth/sign-in'), { user: userID });
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

  /** Posts a form as a browser would. */
  async post(form: Form, fields: Record<string, string> = {}): Promise<Response> {
    const body = new URLSearchParams({ ...form.fields, ...fields });
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
  for (const [, action = '', content = ''] of page.matchAll(/<form[^>]* action="([^"]*)"[^>]*>(.*?)<\/form>/gs)) {
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
  const characters: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };
  return text.replace(/&(lt|gt|quot|#39|amp);/g, (_entity, name) => characters[name] ?? '');
}
