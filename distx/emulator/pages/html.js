"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.Markup = void 0;
exports.html = html;
const ESCAPES = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
};
class Markup {
    #text;
    constructor(text) {
        this.#text = text;
    }
    toString() {
        return this.#text;
    }
}
exports.Markup = Markup;
function html(strings, ...values) {
    const text = strings.map((literal, index) => literal + render(values[index])).join('');
    return new Markup(text);
}
function render(value) {
    if (value === undefined || value === false)
        return '';
    if (value instanceof Markup)
        return value.toString();
    if (typeof value === 'object')
        return value.join('');
    return String(value).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}
