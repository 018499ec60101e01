/*
 * The public API of each entry point, as API Extractor prints it. Checked in under docs/api-report, so that a change of it
 * shows in a diff.
 *
 *   npm run api-report
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { exports as entryPoints, name as packageName } from '../../package.json';

const root = join(__dirname, '..', '..');
export const reportFolder = join(root, 'docs', 'api-report');

/** The text of each report, by its file name, for what is built in `dist`. */
export function createReports(): Map<string, string> {
  const reports = new Map<string, string>();
  for (const [path, target] of Object.entries(entryPoints)) {
    if (typeof target !== 'object') continue;
    const name = packageName + path.slice(1).replace('/', '.');
    reports.set(`${name}.api.md`, createReport(join(root, target.types), name));
  }
  return reports;
}

function createReport(mainEntryPointFilePath: string, reportFileName: string): string {
  const reportFolder = mkdtempSync(join(tmpdir(), 'passport-metafy-api-report-'));
  const silent = { default: { logLevel: 'none' as never } };
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, 'package.json'),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath,
      newlineKind: 'lf',
      compiler: { tsconfigFilePath: join(root, 'tsconfig.json') },
      apiReport: { enabled: true, reportFileName, reportFolder, reportTempFolder: join(reportFolder, 'temporary') },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      // The compiler's, the linter's and TypeDoc's work.
      messages: { extractorMessageReporting: silent, tsdocMessageReporting: silent },
    },
  });
  const { succeeded } = Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      if (message.category === 'console') message.handled = true;
    },
  });
  if (!succeeded) throw new Error(`API Extractor cannot read ${mainEntryPointFilePath}.`);
  const report = readFileSync(join(reportFolder, `${reportFileName}.api.md`), 'utf8');
  rmSync(reportFolder, { recursive: true });
  return report;
}
