import type { Application } from '../configuration';
import type { EmulatorRequest } from '../http/request';

/** How an application says who it is. */
export interface ClientCredentials {
  clientID: string;
  /** Absent when only an id was sent. */
  clientSecret: string | undefined;
}

/**
 * The application's credentials: from HTTP Basic if there are any, otherwise from the parameters.
 *
 * As in Doorkeeper, Basic is not percent-decoded (A22) and takes precedence over the parameters, without an
 * error about two kinds of authentication (A34).
 */
export function readClientCredentials({ headers, parameters }: EmulatorRequest): ClientCredentials | undefined {
  const basic = /^basic\s+(.*)$/is.exec(headers.authorization ?? '')?.[1] ?? '';
  const [, basicID, basicSecret] = /^([^:]+):?(.*)$/s.exec(Buffer.from(basic, 'base64').toString()) ?? [];
  if (basicID !== undefined) return { clientID: basicID, clientSecret: basicSecret };

  const clientID = parameters.get('client_id');
  return clientID === undefined ? undefined : { clientID, clientSecret: parameters.get('client_secret') };
}

/** The application whose id and secret these are. */
export function authenticateClient(
  credentials: ClientCredentials | undefined,
  applications: readonly Application[],
): Application | undefined {
  return applications.find(
    ({ clientID, clientSecret }) => clientID === credentials?.clientID && clientSecret === credentials.clientSecret,
  );
}
