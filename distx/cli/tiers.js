"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.runTiers = runTiers;
const node_util_1 = require("node:util");
const metafy_api_1 = require("../api/metafy-api");
const client_credentials_1 = require("../tokens/client-credentials");
const assert_1 = require("../util/assert");
const help = `Usage: passport-metafy tiers [--json]

Prints the id of your community and the id and name of each of its tiers, which Metafy's dashboard does not show.

Options:
  --json   for programs: {"id","title","tiers":[{"id","name"}]}
  --help   show this text

Environment:
  METAFY_API_KEY         an API key of the community's owner, with the scope \`community\`; or
  METAFY_CLIENT_ID       the client id of an application of the owner's, and
  METAFY_CLIENT_SECRET   its secret
  METAFY_URL             where Metafy is, such as an emulator's URL (default: https://metafy.gg)
`;
async function runTiers(args) {
    const { values } = (0, node_util_1.parseArgs)({ args, options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
    if (values.help) {
        process.stdout.write(help);
        return;
    }
    const baseURL = process.env.METAFY_URL || undefined;
    const api = new metafy_api_1.MetafyAPI({ baseURL, token: chooseToken(baseURL) });
    const community = await api.getOwnCommunity();
    if (!community)
        throw new Error('This account owns no community on Metafy.');
    const { id, title, tiers } = community;
    process.stdout.write(values.json ? `${JSON.stringify({ id, title, tiers })}\n` : renderTable(community));
}
function chooseToken(baseURL) {
    const { METAFY_API_KEY: key, METAFY_CLIENT_ID: clientID, METAFY_CLIENT_SECRET: clientSecret } = process.env;
    if (key)
        return (0, assert_1.requireToken)('METAFY_API_KEY', key);
    if (clientID && clientSecret) {
        return new client_credentials_1.MetafyClientCredentials({ clientID, clientSecret, baseURL, scope: 'community' });
    }
    throw new TypeError('Set METAFY_API_KEY, or METAFY_CLIENT_ID and METAFY_CLIENT_SECRET, in the environment');
}
function renderTable({ id, title, tiers }) {
    const rows = [['', 'Id', 'Name'], ['Community', id, title], ...tiers.map((tier) => ['Tier', tier.id, tier.name])];
    const widths = [0, 1].map((column) => Math.max(...rows.map((row) => printable(row[column]).length)));
    const lines = rows.map((row) => row.map((cell, column) => printable(cell).padEnd(widths[column] ?? 0)).join('  '));
    const note = tiers.length === 0 ? '\nMetafy named no tiers.\n' : '';
    return lines.map((line) => `${line.trimEnd()}\n`).join('') + note;
}
function printable(text = '') {
    return text.replace(/\p{C}/gu, '');
}
