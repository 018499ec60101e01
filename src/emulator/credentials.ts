import type { Parameters } from './parameters';

/** How an application says who it is. */
export interface Credentials {
  clientID: string;
  /** Absent when only an id was sent. */
  clientSecret: string | undefined;
}

/**
 * The application's credentials: from HTTP Basic if they are there, else from the parameters.
 *
 * As at Doorkeeper, Basic is not percent-decoded (A22) and wins over the parameters without a complaint
 * about two kinds of authentication (A34).
 */
export function readCredentials(
  authorization: string | undefined,
  parameters: Parameters,
): Credentials | undefined {
  const basic = /^basic\s+(.*)$/is.exec(authorization ?? '')?.[1];
  const [clientID = '', ...rest] = Buffer.from(basic ?? '', 'base64')
    .toString()
    .split(':');
  if (clientID !== '') return { clientID, clientSecret: rest.join(':') };

  const id = parameters.get('client_id');
  return id === undefined ? undefined : { clientID: id, clientSecret: parameters.get('client_secret') };
}
