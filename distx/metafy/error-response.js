"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.errorFromResponse = errorFromResponse;
exports.parseErrorBody = parseErrorBody;
exports.parseBearerChallenge = parseBearerChallenge;
exports.parseChallenges = parseChallenges;
exports.parseRetryAfter = parseRetryAfter;
const errors_1 = require("../errors");
function errorFromResponse(what, { status, headers }, reason) {
    const retryAfterMs = status === 429 || status === 503 ? parseRetryAfter(headers['retry-after']) : undefined;
    const details = { upstreamStatus: status, retryAfterMs };
    if (!reason) {
        const message = `Metafy answered ${what} with status ${status}`;
        return new errors_1.MetafyResponseError(message, { code: 'bad_status', ...details });
    }
    const description = reason.description ? `: ${reason.description}` : '';
    const message = `Metafy refused ${what} with ${reason.code}${description}`;
    return new errors_1.MetafyOAuthError(message, { code: reason.code, uri: reason.uri, ...details });
}
function parseErrorBody({ error, error_description, error_uri }, secrets = []) {
    const repeatsSecret = (text) => secrets.some((secret) => text.includes(secret));
    const toText = (value) => typeof value === 'string' && value !== '' && !repeatsSecret(value)
        ? value.slice(0, 500).replace(/\p{Cc}/gu, ' ')
        : undefined;
    const isCode = typeof error === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/.test(error);
    if (!isCode || repeatsSecret(error))
        return undefined;
    return { code: error, description: toText(error_description), uri: toText(error_uri) };
}
function parseBearerChallenge(header, secrets) {
    const challenge = parseChallenges(header ?? '').find(({ scheme, parameters }) => scheme === 'bearer' && parameters.error !== undefined);
    return challenge && parseErrorBody(challenge.parameters, secrets);
}
const token = "[!#$%&'*+.^_`|~\\w-]+";
const end = '(?=[ \\t]*(?:,|$))';
const separators = /[ \t,]*/y;
const parameter = new RegExp(`(${token})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|(${token}))${end}`, 'y');
const scheme = new RegExp(`(${token})(?:[ \\t]+[\\w.~+/-]+=*${end})?(?=[ \\t]|,|$)`, 'y');
function parseChallenges(header) {
    const challenges = [];
    let position = 0;
    const match = (pattern) => {
        pattern.lastIndex = position;
        const found = pattern.exec(header);
        if (found)
            position = pattern.lastIndex;
        return found;
    };
    for (;;) {
        match(separators);
        const found = match(parameter);
        const current = challenges.at(-1);
        if (found && current) {
            const [, name = '', quoted, plain = ''] = found;
            current.parameters[name.toLowerCase()] ??= quoted?.replace(/\\(.)/g, '$1') ?? plain;
            continue;
        }
        const next = found ? null : match(scheme);
        if (!next)
            return challenges;
        challenges.push({ scheme: next[1].toLowerCase(), parameters: Object.create(null) });
    }
}
function parseRetryAfter(header = '') {
    if (/^\d{1,9}$/.test(header))
        return Number(header) * 1000;
    const date = / GMT$/.test(header) ? Date.parse(header) : Number.NaN;
    return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
