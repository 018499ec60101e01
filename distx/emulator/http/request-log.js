"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.RequestLog = void 0;
exports.toObject = toObject;
const ENTRY_LIMIT = 10_000;
class RequestLog {
    entries = [];
    add({ method = '', headers }, path) {
        const entry = {
            method,
            path,
            query: {},
            headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
            body: undefined,
            status: undefined,
            receivedAt: new Date(),
        };
        this.entries.push(entry);
        if (this.entries.length > ENTRY_LIMIT)
            this.entries.shift();
        return entry;
    }
    clear() {
        this.entries.length = 0;
    }
}
exports.RequestLog = RequestLog;
function toObject(entries) {
    const lists = new Map();
    for (const [name, value] of entries) {
        const list = lists.get(name);
        if (list)
            list.push(value);
        else
            lists.set(name, [value]);
    }
    return Object.fromEntries([...lists].map(([name, list]) => [name, list.length > 1 ? list : list[0]]));
}
