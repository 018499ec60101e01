"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.fromCallback = fromCallback;
exports.deliverToCallback = deliverToCallback;
const node_util_1 = require("node:util");
function fromCallback(call) {
    return new Promise((resolve, reject) => {
        let answer;
        let isRunning = true;
        const settle = () => {
            if (answer && !isRunning)
                resolve(answer);
        };
        const returned = call((error, ...values) => {
            if (error)
                reject(error);
            answer ??= values;
            settle();
        });
        const end = () => {
            isRunning = false;
            settle();
        };
        if (node_util_1.types.isPromise(returned))
            returned.then(end, reject);
        else
            end();
    });
}
function deliverToCallback(promise, onError, onValue) {
    promise.then((value) => process.nextTick(onValue, value), (error) => process.nextTick(onError, error));
}
