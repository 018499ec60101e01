import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createReports, reportFolder } from './api-report';

describe('docs/api-report', function () {
  // It reads all declarations.
  this.timeout(60_000);

  it('has the public API of every entry point as it is', () => {
    const reports = createReports();
    expect(reports.size).to.equal(3);
    expect(readdirSync(reportFolder), 'run `npm run api-report`').to.have.members([...reports.keys()]);
    for (const [name, report] of reports) {
      const path = join(reportFolder, name);
      const checkedIn = existsSync(path) ? readFileSync(path, 'utf8') : '';
      expect(checkedIn, `the public API has changed: run \`npm run api-report\`, and look at ${name}`).to.equal(report);
    }
  });
});
