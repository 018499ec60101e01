import { generateToken } from '../oauth/grant-store';

/** One browser at the emulator's pages. */
export interface Session {
  readonly id: string;
  /** What a form of this session must send back as `authenticity_token`. */
  readonly csrfToken: string;
  readonly userID: string | undefined;
}

/** Each page without a cookie creates a session, so there must be an end. */
const SESSION_LIMIT = 1000;

/** Who is signed in at the emulator, browser by browser. */
export class SessionStore {
  readonly #sessions = new Map<string, Session>();

  /** The session a `Cookie` header belongs to. */
  find(cookieHeader = ''): Session | undefined {
    const [, id = ''] = /(?:^|; ?)metafy_emulator_session=([^;]*)/.exec(cookieHeader) ?? [];
    return this.#sessions.get(id);
  }

  /** A new session, with new secrets, for a user or for nobody yet. */
  create(userID?: string): Session {
    const session = { id: generateToken(), csrfToken: generateToken(), userID };
    this.#sessions.set(session.id, session);
    const [oldest = ''] = this.#sessions.keys();
    if (this.#sessions.size > SESSION_LIMIT) this.#sessions.delete(oldest);
    return session;
  }

  delete({ id }: Session): void {
    this.#sessions.delete(id);
  }
}

/** The `Set-Cookie` value that hands a session to the browser. */
export function serializeSession({ id }: Session): string {
  return `metafy_emulator_session=${id}; Path=/auth; HttpOnly; SameSite=Lax`;
}
