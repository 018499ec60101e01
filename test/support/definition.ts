import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findTool } from './packed-project';

interface Answer {
  type: string;
  command?: string;
  body?: { file: string }[];
}

/**
 * Where an editor's "go to definition" lands from the last line of `code`, a file of the project in `directory`, at
 * `name`. It asks TypeScript's own server, as editors do: that, not the compiler, follows declaration maps.
 */
export async function findDefinition(directory: string, code: string, name: string): Promise<string | undefined> {
  const server = spawn(process.execPath, [
    findTool('typescript/lib/tsserver.js'),
    '--disableAutomaticTypingAcquisition',
  ]);
  const file = join(directory, 'editor.ts');
  const lines = code.split('\n');
  const position = { file, line: lines.length, offset: (lines.at(-1) ?? '').indexOf(name) + 1 };
  const send = (seq: number, command: string, parameters: object): void => {
    server.stdin.write(`${JSON.stringify({ seq, type: 'request', command, arguments: parameters })}\n`);
  };
  try {
    send(1, 'open', { file, fileContent: code });
    send(2, 'definition', position);
    for await (const line of createInterface({ input: server.stdout })) {
      if (!line.startsWith('{')) continue;
      const { type, command, body } = JSON.parse(line) as Answer;
      if (type === 'response' && command === 'definition') return body?.[0]?.file;
    }
    return undefined;
  } finally {
    server.kill();
  }
}
