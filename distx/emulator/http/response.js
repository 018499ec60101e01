"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.NO_STORE = exports.REVALIDATE = exports.JSON_TYPE = void 0;
exports.jsonResponse = jsonResponse;
exports.errorResponse = errorResponse;
exports.prefersJSON = prefersJSON;
exports.bearerChallenge = bearerChallenge;
const node_http_1 = require("node:http");
exports.JSON_TYPE = 'application/json; charset=utf-8';
exports.REVALIDATE = 'max-age=0, private, must-revalidate';
exports.NO_STORE = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };
function jsonResponse(value) {
    return {
        status: 200,
        headers: { 'Content-Type': exports.JSON_TYPE, 'Cache-Control': exports.REVALIDATE },
        body: JSON.stringify(value),
    };
}
function errorResponse(status, accept) {
    if (!prefersJSON(accept)) {
        return { status, headers: { 'Content-Type': 'text/html; charset=UTF-8' }, body: '' };
    }
    return {
        status,
        headers: { 'Content-Type': 'application/json; charset=UTF-8' },
        body: JSON.stringify({ status, error: node_http_1.STATUS_CODES[status] }),
    };
}
function prefersJSON(accept = '') {
    const types = accept.split(',').map((type) => type.trim().toLowerCase());
    if (types.length > 1 && types.some((type) => type.startsWith('*/*')))
        return false;
    return types[0]?.split(';', 1)[0]?.trim() === 'application/json';
}
function bearerChallenge(error, description) {
    return `Bearer realm="Doorkeeper", error="${error}", error_description="${description}"`;
}
