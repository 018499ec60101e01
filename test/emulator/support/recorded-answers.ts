import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

/** One row of `doorkeeper-answers.tsv`: what a real Doorkeeper answered; an empty string stands for no header. */
export interface RecordedAnswer {
  name: string;
  status: number;
  headers: Record<string, string>;
  body: string;
}

const HEADER_NAMES = ['content-type', 'cache-control', 'pragma', 'www-authenticate', 'location'];

/** The rows answered to two requests at once: only their status and body were kept. */
const RECORDED_WITHOUT_HEADERS = new Set(['R31_concurrent_1', 'R31_concurrent_2']);

/** All recorded answers, by name and in their order. */
export function readRecordedAnswers(): Map<string, RecordedAnswer> {
  const lines = readFileSync(join(__dirname, '..', 'doorkeeper-answers.tsv'), 'utf8')
    .trimEnd()
    .split('\n');
  return new Map(
    lines.slice(1).map((line) => {
      const [name = '', status = '', ...columns] = line.split('\t');
      const headers = Object.fromEntries(HEADER_NAMES.map((header, index) => [header, columns[index] ?? '']));
      return [name, { name, status: Number(status), headers, body: columns[HEADER_NAMES.length] ?? '' }];
    }),
  );
}

/** Asserts that an answer is the recorded one; of a page, whose content is the emulator's own, that it is one. */
export async function expectRecorded(response: Response, recorded: RecordedAnswer | undefined): Promise<void> {
  if (!recorded) throw new Error('There is no recorded row of this name.');
  const body = await response.text();
  expect(response.status, 'status').to.equal(recorded.status);
  if (!RECORDED_WITHOUT_HEADERS.has(recorded.name)) {
    for (const [name, value] of Object.entries(recorded.headers)) {
      expect(response.headers.get(name) ?? '', name).to.match(toPattern(value));
    }
  }
  if (recorded.body.startsWith('<!DOCTYPE html>')) {
    expect(body, 'body').to.match(/^<!DOCTYPE html>\n<html lang="en">.+<\/html>\n$/s);
  } else {
    expect(body, 'body').to.match(toPattern(recorded.body));
  }
}

function toPattern(recorded: string): RegExp {
  const source = recorded
    .replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
    .replaceAll('<43 characters>', '[\\w-]{43}')
    .replaceAll('<seconds>', '1\\d{9}');
  return new RegExp(`^${source}$`);
}
