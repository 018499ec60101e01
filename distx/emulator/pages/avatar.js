"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.avatarPath = avatarPath;
exports.findAvatar = findAvatar;
const response_1 = require("../http/response");
const html_1 = require("./html");
function avatarPath({ id }) {
    return `/avatars/${encodeURIComponent(id)}.svg`;
}
function findAvatar(path, users) {
    const user = users.find((candidate) => path === avatarPath(candidate));
    return (user && {
        status: 200,
        headers: {
            'Content-Type': 'image/svg+xml; charset=utf-8',
            'Cache-Control': response_1.REVALIDATE,
            'Content-Security-Policy': "default-src 'none'",
            'X-Content-Type-Options': 'nosniff',
        },
        body: renderAvatar(user).toString(),
    });
}
function renderAvatar({ id, name }) {
    const hue = [...id].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 360, 7);
    const initials = name
        .split(/\s+/)
        .slice(0, 2)
        .map((word) => [...word][0]?.toUpperCase() ?? '')
        .join('');
    return (0, html_1.html) `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96" role="img" aria-label="${name}"><rect width="96" height="96" fill="hsl(${hue} 45% 30%)"/><text x="48" y="49" fill="#fff" font-family="system-ui, sans-serif" font-size="36" font-weight="600" text-anchor="middle" dominant-baseline="central">${initials}</text></svg>`;
}
