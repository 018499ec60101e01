"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.Visitor = exports.MetafyEmulator = void 0;
var metafy_emulator_1 = require("./metafy-emulator");
Object.defineProperty(exports, "MetafyEmulator", { enumerable: true, get: function () { return metafy_emulator_1.MetafyEmulator; } });
var visitor_1 = require("./visitor");
Object.defineProperty(exports, "Visitor", { enumerable: true, get: function () { return visitor_1.Visitor; } });
