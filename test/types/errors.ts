import { MetafyError, MetafyOAuthError, MetafyResponseError, type MetafyResponseErrorCode } from '../../src';

/** Each code has an answer, and the compiler says when there is a new one. */
export function explain(error: MetafyResponseError): string {
  switch (error.code) {
    case 'timeout':
      return 'too slow';
    case 'network':
      return 'not there';
    case 'bad_status':
      return `wrong: ${error.upstreamStatus}`;
    case 'bad_body':
    case 'too_large':
      return 'unreadable';
    default:
      return error.code satisfies never;
  }
}

export function answer(error: unknown): number {
  if (error instanceof MetafyOAuthError) {
    const [code, uri]: [string, string | undefined] = [error.code, error.uri];
    return code === 'invalid_grant' && uri === undefined ? error.status : error.statusCode;
  }
  if (error instanceof MetafyResponseError) {
    const code: MetafyResponseErrorCode = error.code;
    return code === 'timeout' ? 504 : error.status;
  }
  if (error instanceof MetafyError) {
    const code: string = error.code;
    const retryAfterMs: number | undefined = error.retryAfterMs;
    const cause: unknown = error.cause;
    return code && cause && retryAfterMs ? error.status : 500;
  }
  return 500;
}

const both: MetafyError[] = [
  new MetafyOAuthError('a', { code: 'invalid_grant' }),
  new MetafyResponseError('a', { code: 'timeout' }),
];
both.map(({ status }) => status);

// @ts-expect-error abstract
new MetafyError('a');
// @ts-expect-error not one of the codes
new MetafyResponseError('a', { code: 'invalid_grant' });
// @ts-expect-error there is no such code to wait for
export const isGone = (error: MetafyResponseError) => error.code === 'gone';
// @ts-expect-error codes are read, not written
both[0].code = 'timeout';
