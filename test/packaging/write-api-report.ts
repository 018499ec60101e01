import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createReports, reportFolder } from './api-report';

rmSync(reportFolder, { recursive: true, force: true });
mkdirSync(reportFolder, { recursive: true });
for (const [name, report] of createReports()) writeFileSync(join(reportFolder, name), report);
