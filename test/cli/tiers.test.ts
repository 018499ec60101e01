import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { MetafyEmulator } from '../../src/emulator';
import { typescriptArguments } from '../support/typescript';

const cli = join(__dirname, '..', '..', 'src', 'cli.ts');
const apiKey = 'api-demo-key-of-linus-for-the-metafy-emulator-1';
const tiers = [
  { id: '1b7e4c92-6a5d-4830-9f1e-c2d8b0a75e31', name: 'Supporter' },
  { id: '2c8f5da3-7b6e-4941-8a2f-d3e9c1b86f42', name: 'Student' },
  { id: '3d906eb4-8c7f-4a52-9b30-e4fad2c97053', name: 'Inner Circle' },
];
const community = { id: '9a1c7e54-3b2d-4f68-8e90-5d6c4b3a2f17', title: 'Chess with Linus', tiers };

interface Outcome {
  exitCode: number;
  stdout: string;
  stderr: string;
}

function runTiers(parameters: string[], environment: NodeJS.ProcessEnv): Promise<Outcome> {
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH, ...environment };
    execFile(
      process.execPath,
      [...typescriptArguments, cli, 'tiers', ...parameters],
      { env },
      (error, stdout, stderr) => resolve({ exitCode: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

describe('passport-metafy tiers', function () {
  // Each is a process that compiles itself.
  this.timeout(30_000);
  const emulator = new MetafyEmulator();
  before(() => emulator.start());
  after(() => emulator.stop());

  it('prints the ids and names of the community and its tiers, with an API key', async () => {
    const { exitCode, stdout } = await runTiers([], { METAFY_API_KEY: apiKey, METAFY_URL: emulator.url });
    expect(exitCode).to.equal(0);
    for (const { id, name } of tiers) expect(stdout).to.match(new RegExp(`^Tier +${id} +${name}$`, 'm'));
    expect(stdout).to.match(new RegExp(`^Community +${community.id} +${community.title}$`, 'm'));
  });

  it('prints JSON for programs, with client credentials', async () => {
    const client = { METAFY_CLIENT_ID: 'metafy-demo', METAFY_CLIENT_SECRET: 'metafy-demo-secret' };
    const { exitCode, stdout } = await runTiers(['--json'], { ...client, METAFY_URL: emulator.url });
    expect(exitCode).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.equal(community);
  });

  it('prints nothing that a terminal would obey', async () => {
    const [owner] = emulator.users;
    const users = [owner].flatMap((user) => user ?? []);
    const ownerID = users[0]?.id as string;
    const hostile = {
      id: 'own',
      title: '\u001b[2J\u202eOwn',
      ownerID,
      tiers: [{ id: 'tier-1', name: 'A\r\nTier x y' }],
    };
    const apiKeys = [{ key: apiKey, ownerID }];
    await using other = await new MetafyEmulator({ users, communities: [hostile], apiKeys }).start();
    const { stdout } = await runTiers([], { METAFY_API_KEY: apiKey, METAFY_URL: other.url });
    expect(stdout)
      .to.match(/^Tier +tier-1 +ATier x y$/m)
      .and.not.to.match(/[^\P{C}\n]/u);
  });

  const wrong: [name: string, exitCode: number, environment: NodeJS.ProcessEnv, parameters?: string[]][] = [
    ['no key and no client', 2, {}],
    ['half a client', 2, { METAFY_CLIENT_SECRET: 'metafy-demo-secret' }],
    ['what cannot be a key', 2, { METAFY_API_KEY: 'secret key' }],
    ['an unknown option', 2, { METAFY_API_KEY: apiKey }, ['--tsv']],
    ['a key that Metafy does not know', 1, { METAFY_API_KEY: 'api-secret' }],
    ['a wrong client secret', 1, { METAFY_CLIENT_ID: 'metafy-demo', METAFY_CLIENT_SECRET: 'wrong-secret' }],
    ['a Metafy that is not there', 1, { METAFY_API_KEY: 'api-secret', METAFY_URL: 'http://127.0.0.1:1' }],
  ];
  for (const [name, exitCode, environment, parameters = []] of wrong) {
    it(`ends with ${exitCode} and one line, without secrets, for ${name}`, async () => {
      const outcome = await runTiers(parameters, { METAFY_URL: emulator.url, ...environment });
      expect(outcome).to.include({ exitCode, stdout: '' });
      expect(outcome.stderr)
        .to.match(/^.+\n$/)
        .and.not.to.include('secret');
    });
  }

  it('ends with 1 for an account that owns no community', async () => {
    const [user] = emulator.users;
    const apiKeys = [{ key: apiKey, ownerID: user?.id as string }];
    await using other = await new MetafyEmulator({ apiKeys }).start();
    const outcome = await runTiers(['--json'], { METAFY_API_KEY: apiKey, METAFY_URL: other.url });
    expect(outcome).to.include({ exitCode: 1, stdout: '' });
  });
});
