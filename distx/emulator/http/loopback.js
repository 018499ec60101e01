"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.isLoopbackAddress = isLoopbackAddress;
exports.isLoopbackHost = isLoopbackHost;
function isLoopbackAddress(hostname) {
    return hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
function isLoopbackHost(hostname) {
    return isLoopbackAddress(hostname) || /^(?:.+\.)?localhost$/.test(hostname);
}
