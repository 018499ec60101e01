"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.drawRandomBytes = drawRandomBytes;
const node_crypto_1 = require("node:crypto");
const poolBytes = 4096;
let pool = Buffer.alloc(0);
let used = 0;
function drawRandomBytes(count) {
    if (used + count > pool.length) {
        const { startupSnapshot } = require('node:v8');
        if (startupSnapshot?.isBuildingSnapshot?.())
            return (0, node_crypto_1.randomBytes)(count);
        pool = (0, node_crypto_1.randomBytes)(poolBytes);
        used = 0;
    }
    used += count;
    return pool.subarray(used - count, used);
}
