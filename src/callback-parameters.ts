import { parse } from 'node:querystring';

/** What came back from Metafy through the browser. */
export interface CallbackParameters {
  code?: string;
  state?: string;
  error?: string;
  error_description?: string;
  error_uri?: string;
}

/** What is read of a request. */
interface CallbackRequest {
  url?: string | undefined;
  query?: unknown;
  body?: unknown;
}

/** A request that no authorization server makes: answered with 400. */
export class MalformedCallback {
  constructor(readonly message: string) {}
}

/** The longest value of each parameter, in characters. Metafy's codes have 43. */
const maxLengths = new Map([
  ['code', 2048],
  ['state', 4096],
  ['error', 200],
  ['error_description', 2000],
  ['error_uri', 2000],
]);

/**
 * Reads the parameters of a callback, which are hostile until shown otherwise; `undefined` for a request with
 * neither `code` nor `error`, which starts a login.
 *
 * They are in the query or, as passport-oauth2 allows, in a parsed form post (`response_mode=form_post`), which
 * works only with a store that does not need a SameSite=Lax cookie.
 *
 * @see RFC 6749, section 4.1.2, and appendix A for the characters
 */
export function readCallbackParameters(
  req: CallbackRequest,
): CallbackParameters | MalformedCallback | undefined {
  const query = read(isRecord(req.query) ? req.query : parseQuery(req.url));
  if (query instanceof MalformedCallback || isCallback(query) || !isRecord(req.body)) return toResult(query);
  return toResult(read(req.body));
}

function toResult(
  parameters: CallbackParameters | MalformedCallback,
): ReturnType<typeof readCallbackParameters> {
  return parameters instanceof MalformedCallback || isCallback(parameters) ? parameters : undefined;
}

function isCallback(parameters: CallbackParameters): boolean {
  return parameters.code !== undefined || parameters.error !== undefined;
}

function read(source: Record<string, unknown>): CallbackParameters | MalformedCallback {
  const parameters: Record<string, string> = {};
  for (const key of Object.keys(source)) {
    // Express 5 leaves `code[]` as it is, Express 4 makes an array of it: neither is a code.
    const [name = ''] = key.split('[', 1);
    const maxLength = maxLengths.get(name);
    if (maxLength === undefined) continue;
    const value = source[key];
    if (key !== name || typeof value !== 'string')
      return new MalformedCallback(`\`${name}\` must be given once.`);
    if (value.length > maxLength) return new MalformedCallback(`\`${name}\` is too long.`);
    if (!hasAllowedCharacters(name, value))
      return new MalformedCallback(`\`${name}\` has characters it cannot have.`);
    parameters[name] = value;
  }
  if (parameters.code === '' || parameters.error === '')
    return new MalformedCallback('`code` or `error` is empty.');
  return parameters;
}

// A description may be translated; everything else is ASCII.
function hasAllowedCharacters(name: string, value: string): boolean {
  return name === 'error_description' ? /^\P{Cc}*$/u.test(value) : /^[\x20-\x7e]*$/.test(value);
}

// Without Express, such as on connect or plain node:http.
function parseQuery(url: string | undefined): Record<string, unknown> {
  const start = url?.indexOf('?') ?? -1;
  return start < 0 ? {} : parse((url as string).slice(start + 1));
}

// A body may also be a Buffer or an array, whose keys are not worth walking.
function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
