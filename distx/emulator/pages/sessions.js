"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.SessionStore = void 0;
exports.serializeSession = serializeSession;
const grant_store_1 = require("../oauth/grant-store");
const SESSION_LIMIT = 1000;
class SessionStore {
    #sessions = new Map();
    find(cookieHeader = '') {
        const [, id = ''] = /(?:^|; ?)metafy_emulator_session=([^;]*)/.exec(cookieHeader) ?? [];
        return this.#sessions.get(id);
    }
    create(userID) {
        const session = { id: (0, grant_store_1.generateToken)(), csrfToken: (0, grant_store_1.generateToken)(), userID };
        this.#sessions.set(session.id, session);
        const [oldest = ''] = this.#sessions.keys();
        if (this.#sessions.size > SESSION_LIMIT)
            this.#sessions.delete(oldest);
        return session;
    }
    delete({ id }) {
        this.#sessions.delete(id);
    }
}
exports.SessionStore = SessionStore;
function serializeSession({ id }) {
    return `metafy_emulator_session=${id}; Path=/auth; HttpOnly; SameSite=Lax`;
}
