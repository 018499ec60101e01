"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.pageResponse = pageResponse;
const node_crypto_1 = require("node:crypto");
const response_1 = require("../http/response");
const style_1 = require("./style");
const STYLE_HASH = (0, node_crypto_1.createHash)('sha256').update(style_1.STYLE).digest('base64');
function pageResponse(page, formTargets, status = 200) {
    return {
        status,
        headers: {
            'Content-Type': 'text/html; charset=utf-8',
            'Cache-Control': response_1.REVALIDATE,
            'Content-Security-Policy': [
                "default-src 'none'",
                `style-src 'sha256-${STYLE_HASH}'`,
                "img-src 'self'",
                `form-action ${formTargets}`,
                "frame-ancestors 'none'",
                "base-uri 'none'",
            ].join('; '),
            'Referrer-Policy': 'no-referrer',
            'X-Content-Type-Options': 'nosniff',
            'X-Frame-Options': 'DENY',
        },
        body: page.toString(),
    };
}
