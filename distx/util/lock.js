"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.runLocked = runLocked;
function runLocked(lock, key, task, timeoutMs) {
    return new Promise((resolve, reject) => {
        let isDecided = false;
        const giveUp = (error) => {
            isDecided = true;
            reject(error);
        };
        const runTask = async () => {
            if (isDecided)
                return;
            isDecided = true;
            clearTimeout(timer);
            const outcome = task();
            resolve(outcome);
            await outcome.catch(() => undefined);
        };
        const timer = setTimeout(giveUp, timeoutMs, new Error(`The lock was not acquired within ${timeoutMs} ms.`));
        Promise.resolve()
            .then(() => lock(key, runTask))
            .then(() => giveUp(new Error('The lock ended without running its task.')), (cause) => giveUp(new Error('The lock could not be acquired.', { cause })))
            .finally(() => clearTimeout(timer));
    });
}
