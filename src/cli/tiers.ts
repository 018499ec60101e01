import { parseArgs } from 'node:util';
import { MetafyAPI, type MetafyCommunity } from '../api/metafy-api';
import type { TokenSource } from '../metafy/token-source';
import { MetafyClientCredentials } from '../tokens/client-credentials';
import { requireToken } from '../util/assert';

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

/**
 * The command `passport-metafy tiers`.
 *
 * @param args without the name of the subcommand
 * @throws TypeError for wrong arguments or environment variables, which is exit code 2; any other error is 1
 */
export async function runTiers(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const baseURL = process.env.METAFY_URL || undefined;
  const api = new MetafyAPI({ baseURL, token: chooseToken(baseURL) });
  const community = await api.getOwnCommunity();
  if (!community) throw new Error('This account owns no community on Metafy.');
  const { id, title, tiers } = community;
  process.stdout.write(values.json ? `${JSON.stringify({ id, title, tiers })}\n` : renderTable(community));
}

function chooseToken(baseURL: string | undefined): string | TokenSource {
  const { METAFY_API_KEY: key, METAFY_CLIENT_ID: clientID, METAFY_CLIENT_SECRET: clientSecret } = process.env;
  if (key) return requireToken('METAFY_API_KEY', key, 'environment variable');
  if (clientID && clientSecret) {
    return new MetafyClientCredentials({ clientID, clientSecret, baseURL, scope: 'community' });
  }
  throw new TypeError('Set METAFY_API_KEY, or METAFY_CLIENT_ID and METAFY_CLIENT_SECRET, in the environment');
}

function renderTable({ id, title, tiers }: MetafyCommunity): string {
  const rows = [['', 'Id', 'Name'], ['Community', id, title], ...tiers.map((tier) => ['Tier', tier.id, tier.name])];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => printable(row[column]).length)));
  const lines = rows.map((row) => row.map((cell, column) => printable(cell).padEnd(widths[column] ?? 0)).join('  '));
  const note = tiers.length === 0 ? '\nMetafy named no tiers.\n' : '';
  return lines.map((line) => `${line.trimEnd()}\n`).join('') + note;
}

/** Names are other people's: what a terminal would obey is left out. */
function printable(text = ''): string {
  return text.replace(/\p{C}/gu, '');
}
