"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.paginate = paginate;
function paginate(list, { parameters }, sizeLimit) {
    const read = (name, fallback) => /^[1-9]\d*$/.test(parameters.get(name) ?? '') ? Number(parameters.get(name)) : fallback;
    const size = Math.min(read('per_page', sizeLimit), sizeLimit);
    const start = (read('page', 1) - 1) * size;
    const total_pages = Math.max(1, Math.ceil(list.length / size));
    return { items: list.slice(start, start + size), meta: { pagination: { total_pages } } };
}
