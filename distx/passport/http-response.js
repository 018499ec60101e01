"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.setCookies = setCookies;
exports.preventCaching = preventCaching;
function setCookies(req, lines) {
    const response = findResponse(req);
    if (!response) {
        throw new Error('The sign-in’s cookie needs a response: `req.res` with the methods `getHeader` and `setHeader`, as Express sets ' +
            'it. In another framework set it before `passport.authenticate` runs, or pass `state: true` (the state is ' +
            'kept in the session) or a `store` of your own to the strategy.');
    }
    const before = response.getHeader('Set-Cookie') ?? [];
    response.setHeader('Set-Cookie', [...(Array.isArray(before) ? before : [String(before)]), ...lines]);
    response.setHeader('Cache-Control', 'no-store');
}
function preventCaching(req) {
    findResponse(req)?.setHeader('Cache-Control', 'no-store');
}
function findResponse({ res, ctx }) {
    return [res, ctx?.res].find((response) => typeof response?.getHeader === 'function' && typeof response.setHeader === 'function');
}
