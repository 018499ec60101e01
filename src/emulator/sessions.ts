import { randomToken } from './ledger';

/** The state of one browser at the emulator's pages. */
export interface Session {
  readonly id: string;
  /** What a form of this session must send back as `authenticity_token`. */
  readonly csrfToken: string;
  readonly userID?: string;
}

const COOKIE_NAME = 'metafy_emulator_session';

/** As many browsers as are remembered; each page without a cookie opens a session, so there must be an end. */
const SESSION_LIMIT = 1000;

/** Who is signed in at the emulator, browser by browser. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();

  /** The session a `Cookie` header belongs to. */
  find(cookieHeader: string | undefined): Session | undefined {
    const pairs = (cookieHeader ?? '').split(';').map((pair) => pair.trim());
    const prefix = `${COOKIE_NAME}=`;
    const id = pairs.find((pair) => pair.startsWith(prefix))?.slice(prefix.length);
    return id === undefined ? undefined : this.#sessions.get(id);
  }

  /** A new session, with new secrets, for a user or for nobody yet. */
  open(userID?: string): Session {
    const session = { id: randomToken(), csrfToken: randomToken(), userID };
    this.#sessions.set(session.id, session);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > SESSION_LIMIT && oldest !== undefined) this.#sessions.delete(oldest);
    return session;
  }

  close(session: Session): void {
    this.#sessions.delete(session.id);
  }
}

/** The `Set-Cookie` value that hands a session to the browser. */
export function serializeSession({ id }: Session): string {
  return `${COOKIE_NAME}=${id}; Path=/auth; HttpOnly; SameSite=Lax`;
}
