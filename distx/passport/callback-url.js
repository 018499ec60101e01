"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.resolveCallbackURL = resolveCallbackURL;
const request_1 = require("../authorization/request");
function resolveCallbackURL(callbackURL, req, proxy) {
    if ((0, request_1.isAbsoluteURL)(callbackURL))
        return callbackURL;
    const { protocol, host } = findOrigin(req, proxy);
    const path = (req.url ?? '').replace(/^(?:[a-z][a-z\d+.-]*:\/\/[^/?#]*)?\/?/i, '/');
    const requested = `${protocol}://${host}${path}`;
    return host && URL.canParse(callbackURL, requested) ? new URL(callbackURL, requested).href : undefined;
}
function findOrigin(req, proxy) {
    const { headers = {}, socket } = req;
    const isEncrypted = socket?.encrypted === true;
    const direct = {
        protocol: isEncrypted ? 'https' : 'http',
        host: headers.host ?? headers[':authority'],
    };
    if (proxy === false)
        return direct;
    const framework = req.ctx ?? (req.raw ? req : undefined);
    if (proxy === undefined && framework?.protocol && framework.host)
        return framework;
    const trusts = req.app?.get?.('trust proxy fn');
    if (proxy !== true && !(typeof trusts === 'function' && trusts(socket?.remoteAddress, 0)))
        return direct;
    const readForwarded = (name) => String(headers[name] ?? '')
        .replace(/,.*/, '')
        .trim();
    const protocol = readForwarded('x-forwarded-proto').toLowerCase();
    return {
        protocol: /^https?$/.test(protocol) ? protocol : direct.protocol,
        host: readForwarded('x-forwarded-host') || direct.host,
    };
}
