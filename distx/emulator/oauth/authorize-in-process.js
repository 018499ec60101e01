"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.authorizeInProcess = authorizeInProcess;
const parameters_1 = require("../http/parameters");
const options_1 = require("../options");
const authorization_request_1 = require("./authorization-request");
const authorization_response_1 = require("./authorization-response");
function authorizeInProcess({ origin, pathname, search }, options, pageURL, configuration, store) {
    const unknown = Object.keys(options).find((name) => !['user', 'deny', 'scope'].includes(name));
    if (unknown !== undefined)
        throw new TypeError(`${unknown} is not an option of authorize().`);
    if (origin + pathname !== pageURL) {
        throw new Error(`The authorization URL leads to ${origin}${pathname} instead of ${pageURL}.`);
    }
    const request = readRequest(search, configuration);
    const userID = (0, options_1.findUser)(configuration, options.user ?? configuration.users[0]?.id).id;
    const scope = options.scope ?? request.scope;
    const unasked = scope.find((name) => !request.scope.includes(name));
    if (unasked !== undefined) {
        throw new Error(`The authorization URL does not ask for the scope “${unasked}”.`);
    }
    return options.deny ? (0, authorization_response_1.deny)(request) : (0, authorization_response_1.allow)(request, store, userID, scope);
}
function readRequest(search, { applications }) {
    try {
        return (0, authorization_request_1.readAuthorizationRequest)(new parameters_1.Parameters((0, parameters_1.parseForm)(search.slice(1))), applications);
    }
    catch (cause) {
        const code = cause instanceof authorization_request_1.AuthorizationRequestError ? cause.code : 'bad request';
        const { message } = cause;
        throw new Error(`The authorize page would show an error (${code}): ${message}`, { cause });
    }
}
