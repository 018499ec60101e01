import type { MetafyEmulatorRequest } from 'passport-metafy/emulator';
import type { Emulation } from '../metafy';
import { type Html, html } from './html';

const SHOWN = 12;

/** Whatever else is sent is masked. */
const OPEN_PARAMETERS = ['grant_type', 'client_id', 'redirect_uri', 'scope', 'token_type_hint'];

/** What this application asked of Metafy, oldest first. */
export function renderRequests({ listRequests }: Emulation): Html {
  const requests = listRequests().filter(({ path }) => /^\/irk\/(api\/|oauth\/(token|revoke)$)/.test(path));
  const firstShown = Math.max(0, requests.length - SHOWN);
  return html`<section class="card full">
<h2>What this application has asked of Metafy</h2>
<ol class="requests" start="${firstShown + 1}">
${requests.slice(firstShown).map(renderRequest)}</ol>
<p class="hint">In order, the latest last. Secrets, codes and tokens are masked.</p>
</section>`;
}

function renderRequest({ method, path, query, headers, body, status }: MetafyEmulatorRequest): Html {
  const [scheme] = headers.authorization?.split(' ') ?? [];
  const details = Object.entries({ ...query, ...body }).map(
    ([name, value]) => `${name}=${OPEN_PARAMETERS.includes(name) ? value : '••••'}`,
  );
  if (scheme) details.unshift(`Authorization: ${scheme} ••••`);
  return html`<li><code>${method} ${path}</code> <span class="status">${status ?? 'no answer'}</span>
<ul>${details.map((detail) => html`<li><code>${detail}</code></li>`)}</ul></li>
`;
}
