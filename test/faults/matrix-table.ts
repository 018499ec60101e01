import { countRequests } from './cell';
import { type Call, calls, type Failure, type Outcome } from './expectations';
import { renderTable } from './markdown';
import { faults } from './matrix';

const headings: Record<Call, string> = {
  'code exchange': 'sign-in: code exchange',
  profile: 'sign-in: profile',
  refreshTokens: '`refreshTokens`',
  revokeToken: '`revokeToken`',
  getToken: '`MetafyClientCredentials`',
};

/** The table of the fault matrix, and how to read it. */
export function renderMatrix(): string {
  const explanation = `
Each cell says how the call ends: the error's \`code\` → the \`status\` the application answers. “Metafy: 429” is
\`upstreamStatus\`, “wait 60 s” is \`retryAfterMs\`; “3×” is a call that is made three times before it fails, every
other is made once. \`invalid_grant\` and \`invalid_token\` are a \`MetafyOAuthError\`, all others a
\`MetafyResponseError\`.

Every cell is a test (${faults.length} faults × ${calls.length} calls = ${faults.length * calls.length}) in which a raw TCP or TLS server plays the fault and the call must end
as the cell says, with these numbers. Each also asserts that

- the call ends within its deadline, and no promise is rejected without being handled;
- no socket of the agent is in use afterwards, and after an answer that broke off none is kept;
- the memory that can be reached grows by less than 16 MiB, measured all along when the body is huge;
- no other host is connected to, and nothing is asked more often than the cell says;
- neither the error nor the page shows a secret, a token or a code;
- the next sign-in in the same process succeeds, and so does the call.
`;
  const header = ['Metafy …', ...calls.map((call) => headings[call])];
  const rows = faults.map(({ title, outcomes }) => [
    title,
    ...calls.map((call) => renderCell(outcomes[call], call)),
  ]);
  return `${explanation.trim()}\n\n${renderTable(header, rows)}`;
}

function renderCell(outcome: Outcome, call: Call): string {
  if (outcome === 'succeeds') return 'succeeds';
  const { code, status, upstreamStatus } = outcome;
  const count = countRequests(outcome, call);
  const details = [
    upstreamStatus && `Metafy: ${upstreamStatus}`,
    renderWait(outcome),
    count > 1 && `${count}×`,
  ].filter(Boolean);
  return `\`${code}\` → ${status}${details.length > 0 ? ` (${details.join(', ')})` : ''}`;
}

function renderWait({ retryAfterMs }: Failure): string | undefined {
  if (retryAfterMs === undefined) return undefined;
  const ms = typeof retryAfterMs === 'object' ? retryAfterMs.atMost : retryAfterMs;
  return `wait ${ms / 1000} s`;
}
