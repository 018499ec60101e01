"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.Parameters = void 0;
exports.parseForm = parseForm;
const http_error_1 = require("./http-error");
class Parameters {
    #values = new Map();
    constructor(entries) {
        for (const [name, value] of entries) {
            const bracket = name.indexOf('[');
            if (bracket > 0)
                this.#values.set(name.slice(0, bracket), [value]);
            else
                this.#values.set(name, value);
        }
    }
    get(name) {
        const value = this.#values.get(name) ?? '';
        if (typeof value !== 'string')
            throw new http_error_1.HTTPError(400, `The parameter ${name} must be a single string.`);
        if (value.includes('\0'))
            throw new http_error_1.HTTPError(400, `The parameter ${name} contains a NUL byte.`);
        return value.trim() === '' ? undefined : value;
    }
}
exports.Parameters = Parameters;
function parseForm(text) {
    try {
        return text
            .split('&')
            .filter((pair) => pair !== '')
            .map((pair) => {
            const [name = '', ...value] = pair.replaceAll('+', ' ').split('=').map(decodeURIComponent);
            return [name, value.join('=')];
        });
    }
    catch {
        throw new http_error_1.HTTPError(400, 'The percent-encoding of a parameter is malformed.');
    }
}
