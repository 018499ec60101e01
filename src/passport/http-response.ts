import type { IncomingMessage, ServerResponse } from 'node:http';

/** What is read of a request: its response is at `res` with Express, at `ctx.res` with koa-passport. */
export type PassportRequest = Partial<IncomingMessage> & {
  res?: Partial<ServerResponse>;
  ctx?: { res?: Partial<ServerResponse> };
  /** Express's own. */
  secure?: boolean;
};

/**
 * Adds `Set-Cookie` lines, and keeps caches from handing them to somebody else.
 *
 * @throws Error saying what is missing, where the request leads to no response
 */
export function setCookies(req: PassportRequest, lines: string[]): void {
  const response = findResponse(req);
  if (!response) {
    throw new Error(
      'The sign-in’s cookie needs a response: `req.res` with the methods `getHeader` and `setHeader`, as Express sets ' +
        'it. In another framework set it before `passport.authenticate` runs, or pass `state: true` (the state is ' +
        'kept in the session) or a `store` of your own to the strategy.',
    );
  }
  const before = response.getHeader('Set-Cookie') ?? [];
  response.setHeader('Set-Cookie', [...(Array.isArray(before) ? before : [String(before)]), ...lines]);
  response.setHeader('Cache-Control', 'no-store');
}

/** Keeps the answer out of caches, where there is a response to say so. */
export function preventCaching(req: PassportRequest): void {
  findResponse(req)?.setHeader('Cache-Control', 'no-store');
}

function findResponse({ res, ctx }: PassportRequest): Pick<ServerResponse, 'getHeader' | 'setHeader'> | undefined {
  // koa-passport has a `res` as well, a stand-in without headers.
  const response = typeof res?.getHeader === 'function' ? res : ctx?.res;
  const isUsable = typeof response?.getHeader === 'function' && typeof response.setHeader === 'function';
  return isUsable ? (response as ServerResponse) : undefined;
}
