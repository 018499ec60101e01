import type { Request } from 'express';

/** What the next page says once; a reload of that page no longer says it. */
export interface Notice {
  text: string;
  /** Whether what the person asked for has been done. */
  isDone: boolean;
}

declare module 'express-session' {
  interface SessionData {
    notice: Notice;
  }
}

export function takeNotice({ session }: Request): Notice | undefined {
  const { notice } = session;
  delete session.notice;
  return notice;
}
