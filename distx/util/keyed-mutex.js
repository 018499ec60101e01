"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.KeyedMutex = void 0;
exports.shareInFlight = shareInFlight;
class KeyedMutex {
    #last = new Map();
    runExclusive(key, task) {
        const run = Promise.resolve(this.#last.get(key)).then(task);
        const release = () => {
            if (this.#last.get(key) === end)
                this.#last.delete(key);
        };
        const end = run.then(release, release);
        this.#last.set(key, end);
        return run;
    }
}
exports.KeyedMutex = KeyedMutex;
function shareInFlight(inFlight, key, task) {
    const running = inFlight.get(key);
    if (running)
        return running;
    const promise = task().finally(() => inFlight.delete(key));
    inFlight.set(key, promise);
    return promise;
}
