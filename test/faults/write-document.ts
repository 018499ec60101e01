import { writeSection } from './document';
import { renderMatrix } from './matrix-table';

/* Writes the table into docs/faults.md: `node --require @swc-node/register test/faults/write-document.ts`. */
writeSection('fault matrix', renderMatrix());
