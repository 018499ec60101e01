"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readBody = readBody;
exports.parseBody = parseBody;
const http_error_1 = require("./http-error");
const parameters_1 = require("./parameters");
const BODY_LIMIT_BYTES = 64 * 1024;
async function readBody(request) {
    const chunks = [];
    let size = 0;
    for await (const chunk of request) {
        size += chunk.length;
        if (size <= BODY_LIMIT_BYTES)
            chunks.push(chunk);
    }
    if (size > BODY_LIMIT_BYTES)
        throw new http_error_1.HTTPError(413, 'The body is too large.');
    return Buffer.concat(chunks);
}
function parseBody(contentType = '', bytes) {
    const type = contentType.split(';', 1)[0]?.trim().toLowerCase();
    if (bytes.length === 0)
        return [];
    if (type === '' || type === 'application/x-www-form-urlencoded')
        return (0, parameters_1.parseForm)(decodeUTF8(bytes));
    return type === 'application/json' ? parseJSON(decodeUTF8(bytes)) : [];
}
function decodeUTF8(bytes) {
    try {
        return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    }
    catch {
        throw new http_error_1.HTTPError(400, 'The body is not UTF-8.');
    }
}
function parseJSON(text) {
    try {
        const value = JSON.parse(text);
        return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
    }
    catch {
        throw new http_error_1.HTTPError(400, 'The body is not JSON.');
    }
}
