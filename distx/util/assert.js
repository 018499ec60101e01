"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.tokenRule = void 0;
exports.requireString = requireString;
exports.requireDuration = requireDuration;
exports.requireStrings = requireStrings;
exports.requireFunction = requireFunction;
exports.requireObject = requireObject;
exports.requireMethods = requireMethods;
exports.requireUserId = requireUserId;
exports.isToken = isToken;
exports.requireToken = requireToken;
exports.requireSecrets = requireSecrets;
function requireString(option, value) {
    if (typeof value === 'string' && value !== '')
        return value;
    throw new TypeError(`option \`${option}\` must be a non-empty string, but is ${describeType(value)}`);
}
function requireDuration(option, value) {
    if (typeof value === 'number' && value > 0 && value < 2 ** 31)
        return value;
    throw new TypeError(`option \`${option}\` must be a number of milliseconds above 0`);
}
function requireStrings(option, value) {
    const list = Array.isArray(value) ? value : [value];
    if (list.every((item) => typeof item === 'string'))
        return value;
    throw new TypeError(`option \`${option}\` must be a string or a list of strings`);
}
function requireFunction(parameter, value) {
    if (typeof value === 'function')
        return;
    throw new TypeError(`\`${parameter}\` must be a function, but is ${describeType(value)}`);
}
function requireObject(parameter, value) {
    if (typeof value === 'object' && value !== null)
        return;
    throw new TypeError(`\`${parameter}\` must be an object, but is ${describeType(value)}`);
}
function requireMethods(option, value, methods) {
    const object = value;
    if (methods.every((method) => typeof object?.[method] === 'function'))
        return;
    throw new TypeError(`option \`${option}\` must have the methods ${methods.join(', ')}`);
}
function requireUserId(userId) {
    if (requireString('userId', userId).isWellFormed())
        return userId;
    throw new TypeError('`userId` must be well-formed Unicode, without lone surrogates');
}
const maxTokenLength = 16 * 1024;
exports.tokenRule = `1 to ${maxTokenLength} printable ASCII characters`;
function isToken(value) {
    return typeof value === 'string' && value.length <= maxTokenLength && /^[\x21-\x7e]+$/.test(value);
}
function requireToken(parameter, value) {
    if (isToken(value))
        return value;
    throw new TypeError(`\`${parameter}\` must be a token: ${exports.tokenRule}`);
}
const minSecretLength = 32;
function requireSecrets(option, value) {
    const secrets = Array.isArray(value) ? value : [value];
    const areUsable = secrets.every((secret) => typeof secret === 'string' && secret.length >= minSecretLength);
    if (areUsable && secrets.length > 0)
        return secrets;
    throw new TypeError(`option \`${option}\` must be a string of at least ${minSecretLength} characters, or a list of them, the newest ` +
        'first: is the environment variable set? `openssl rand -base64 32` makes one');
}
function describeType(value) {
    return value === '' ? 'empty' : value === null ? 'null' : typeof value;
}
