"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.withTimeout = withTimeout;
async function withTimeout(promise, timeoutMs, onTimeout) {
    let timer;
    const timeout = new Promise((resolve) => {
        timer = setTimeout(resolve, timeoutMs);
    });
    try {
        return await Promise.race([promise, timeout.then(onTimeout)]);
    }
    finally {
        clearTimeout(timer);
    }
}
