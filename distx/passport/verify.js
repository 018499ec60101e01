"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.adaptVerify = adaptVerify;
exports.addState = addState;
const node_util_1 = require("node:util");
const forgottenDone = 'The verify callback finished without calling `done`. ' +
    'To return the user instead, take one parameter: ({ profile }) => user.';
function adaptVerify(verify, passReqToCallback, doneTimeoutMs) {
    if (verify.length === 1)
        return (input) => callModern(verify, input);
    const wantsParams = verify.length === (passReqToCallback ? 6 : 5);
    return ({ strategy, req, accessToken, refreshToken, params, profile }) => callClassic(verify, strategy, [...(passReqToCallback ? [req] : []), accessToken, refreshToken, ...(wantsParams ? [params] : []), profile], doneTimeoutMs);
}
async function callModern(verify, input) {
    const { strategy, req, profile, toTokens } = input;
    const user = (await verify.call(strategy, { req, profile, tokens: toTokens() }));
    if (user === undefined) {
        throw new TypeError('The verify callback returned undefined: return the user, or false to refuse the sign-in.');
    }
    return { user };
}
function callClassic(verify, strategy, parameters, doneTimeoutMs) {
    return new Promise((resolve, reject) => {
        let doneTimer;
        let isDone = false;
        const done = (error, user, info) => {
            isDone = true;
            clearTimeout(doneTimer);
            if (error)
                reject(error);
            else
                resolve({ user, info });
        };
        const expectDone = () => {
            if (isDone)
                return;
            const forgotten = () => reject(new TypeError(forgottenDone));
            doneTimer = setTimeout(forgotten, doneTimeoutMs);
        };
        const returned = verify.call(strategy, ...parameters, done);
        if (node_util_1.types.isPromise(returned))
            returned.then(expectDone, reject);
        else if (verify.length < 4 && returned !== undefined)
            expectDone();
    });
}
function addState(info, state) {
    if (!state)
        return (info || {});
    return typeof info === 'string' ? { message: info, state } : { ...info, state };
}
