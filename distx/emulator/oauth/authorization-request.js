"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.AuthorizationRequestError = exports.AUTHORIZATION_PARAMETERS = void 0;
exports.readAuthorizationRequest = readAuthorizationRequest;
const redirect_uri_1 = require("./redirect-uri");
exports.AUTHORIZATION_PARAMETERS = [
    'client_id',
    'redirect_uri',
    'response_type',
    'response_mode',
    'scope',
    'state',
    'code_challenge',
    'code_challenge_method',
];
class AuthorizationRequestError extends Error {
    code;
    constructor(code, message) {
        super(message);
        this.code = code;
    }
}
exports.AuthorizationRequestError = AuthorizationRequestError;
function readAuthorizationRequest(parameters, applications) {
    const read = (name) => parameters.get(name);
    const check = (isValid, code, message) => {
        if (!isValid)
            throw new AuthorizationRequestError(code, message);
    };
    const clientID = read('client_id');
    check(clientID !== undefined, 'invalid_request', 'client_id is missing.');
    const application = applications.find((candidate) => candidate.clientID === clientID);
    if (!application) {
        throw new AuthorizationRequestError('invalid_client', `No application has the client_id “${clientID}”.`);
    }
    const { name, redirectURIs, scopes } = application;
    const redirectURI = read('redirect_uri') ?? '';
    check(redirectURI !== '', 'invalid_redirect_uri', 'redirect_uri is missing.');
    check(redirectURIs.some((registered) => (0, redirect_uri_1.matchesRedirectURI)(redirectURI, registered)), 'invalid_redirect_uri', `“${redirectURI}” is not a redirect_uri of ${name}. Registered: ${redirectURIs.join(', ')}`);
    const responseType = read('response_type');
    check(responseType !== undefined, 'invalid_request', 'response_type is missing.');
    check(responseType === 'code', 'unsupported_response_type', `response_type must be “code”, not “${responseType}”.`);
    check(read('response_mode') !== 'form_post', 'unsupported_response_mode', 'response_mode=form_post is not emulated.');
    const scope = [...new Set((read('scope') ?? 'profile').trim().split(/ +/))];
    const wrong = scope.find((candidate) => !scopes.includes(candidate)) ?? '';
    const hint = /[+,]/.test(wrong) ? ' Scopes are separated by a space, which is %20 in a URL.' : '';
    check(wrong === '', 'invalid_scope', `${name} may not ask for the scope “${wrong}”, only for: ${scopes.join(', ')}.${hint}`);
    const codeChallenge = read('code_challenge');
    const codeChallengeMethod = codeChallenge && read('code_challenge_method');
    check(codeChallenge === undefined || codeChallengeMethod === 'S256' || codeChallengeMethod === 'plain', 'invalid_code_challenge_method', `code_challenge_method must be “S256” or “plain”, not “${codeChallengeMethod ?? ''}”.`);
    return { application, redirectURI, scope, state: read('state'), codeChallenge, codeChallengeMethod };
}
