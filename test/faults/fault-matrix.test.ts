import { expect } from 'chai';
import { skipWithout } from '../support/skip-without';
import { countRequests, playCell } from './cell';
import { type Certificates, createCertificates, listTrusted } from './certificates';
import { type Call, calls, type Outcome } from './expectations';
import { FaultServer } from './fault-server';
import { type Fault, faults } from './matrix';

const subjects: Record<Call, string> = {
  'code exchange': 'the code exchange of a sign-in',
  profile: 'the profile of a sign-in',
  refreshTokens: 'refreshTokens',
  revokeToken: 'revokeToken',
  getToken: 'getToken of MetafyClientCredentials',
};

describe('the fault matrix', function () {
  this.timeout(30_000);
  const servers: FaultServer[] = [];
  const rejections: unknown[] = [];
  const noteRejection = (reason: unknown) => rejections.push(reason);
  let certificates: Certificates | undefined;

  const start = async (ownCertificates?: Certificates): Promise<FaultServer> => {
    const server = await FaultServer.start(ownCertificates);
    servers.push(server);
    return server;
  };
  before(() => {
    certificates = createCertificates();
    process.on('unhandledRejection', noteRejection);
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
  });
  after(() => process.off('unhandledRejection', noteRejection));

  for (const fault of faults) {
    describe(`when Metafy ${fault.title}`, () => {
      const isSecure = fault.player.kind === 'certificate';
      before(function () {
        if (isSecure && !certificates) skipWithout(this, 'openssl', 'install it with your package manager');
      });
      for (const call of calls) {
        it(`${subjects[call]} ${describeOutcome(fault, call)}`, async () => {
          const own = isSecure ? certificates : undefined;
          const [broken, sound, elsewhere] = [await start(own), await start(own), await start()];
          await playCell(fault, call, { broken, sound, elsewhere, trusted: own && listTrusted(own) });
          expect(rejections.splice(0)).to.deep.equal([], 'rejections that nobody handled');
        });
      }
    });
  }
});

function describeOutcome({ outcomes }: Fault, call: Call): string {
  const outcome: Outcome = outcomes[call];
  if (outcome === 'succeeds') return 'succeeds';
  const times = countRequests(outcome, call) === 1 ? 'once' : 'three times';
  return `is asked for ${times} and fails with \`${outcome.code}\`, ${outcome.status}`;
}
