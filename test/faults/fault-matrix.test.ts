import { expect } from 'chai';
import { skipWithout } from '../support/skip-without';
import { type CallName, calls } from './calls';
import { checkCell, countRequests } from './cell';
import { type Certificates, createCertificates, listTrusted } from './certificates';
import { FaultServer } from './fault-server';
import { type Fault, faults } from './matrix';

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
      const isSecure = fault.injection.kind === 'certificate';
      before(function () {
        if (isSecure && !certificates) skipWithout(this, 'openssl', 'install it with your package manager');
      });
      for (const call of Object.keys(calls) as CallName[]) {
        it(`${calls[call].heading} ${describeOutcome(fault, call)}`, async () => {
          const own = isSecure ? certificates : undefined;
          const [faulty, right, elsewhere] = [await start(own), await start(own), await start()];
          await checkCell(fault, call, { faulty, right, elsewhere, trusted: own && listTrusted(own) });
          expect(rejections.splice(0)).to.deep.equal([], 'rejections that nobody handled');
        });
      }
    });
  }
});

function describeOutcome({ outcomes }: Fault, call: CallName): string {
  const outcome = outcomes[call];
  if (typeof outcome === 'string') return outcome;
  const times = countRequests(outcome, call) === 1 ? 'once' : 'three times';
  return `is requested ${times} and fails with \`${outcome.code ?? 'fail'}\`, ${outcome.status}`;
}
