"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.isJSONObject = isJSONObject;
exports.parseJSONObject = parseJSONObject;
exports.isText = isText;
exports.toID = toID;
function isJSONObject(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function parseJSONObject(text) {
    try {
        const value = JSON.parse(text);
        return isJSONObject(value) ? value : undefined;
    }
    catch {
        return undefined;
    }
}
function isText(value) {
    return typeof value === 'string' && value !== '';
}
function toID(id) {
    return Number.isSafeInteger(id) ? String(id) : isText(id) ? id : undefined;
}
