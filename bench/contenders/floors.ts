import http, { type RequestOptions } from 'node:http';
import type { Request } from 'express';
import { Strategy } from 'passport';
import { sendRequest } from '../http-client';
import { type Contender, credentials, mountStrategy, type Site, toEndpoints } from './contender';

/* What no login can do without: a redirect, and two HTTP requests. Nothing is protected here. */

const agent = new http.Agent({ keepAlive: true });

async function exchange(
  url: string,
  options: RequestOptions,
  body?: string,
): Promise<Record<string, string>> {
  const answer = await sendRequest(url, { ...options, agent }, body);
  return JSON.parse(answer.body);
}

async function signIn(req: Request, site: Site): Promise<{ id: string }> {
  const { clientID, clientSecret } = credentials;
  const { tokenURL, userProfileURL } = toEndpoints(site);
  const body = JSON.stringify({
    grant_type: 'authorization_code',
    code: req.query.code,
    redirect_uri: site.callbackURL,
    client_id: clientID,
    client_secret: clientSecret,
  });
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  const { access_token } = await exchange(tokenURL, { method: 'POST', headers }, body);
  const profile = { headers: { Authorization: `Bearer ${access_token}` } };
  return (await exchange(userProfileURL, profile)) as { id: string };
}

function toLocation(site: Site): string {
  const redirectURI = encodeURIComponent(site.callbackURL);
  const { authorizationURL } = toEndpoints(site);
  return `${authorizationURL}?client_id=client&redirect_uri=${redirectURI}&response_type=code&scope=profile&state=state`;
}

/** What Passport itself takes, beneath every strategy. */
class CarelessStrategy extends Strategy {
  constructor(readonly site: Site) {
    super();
  }

  override authenticate(req: Request): void {
    if (req.query.code === undefined) this.redirect(toLocation(this.site));
    else signIn(req, this.site).then(this.success, this.error);
  }
}

export const floors: Contender[] = [
  {
    name: 'floor: a bare answer / two bare requests',
    kind: 'floor',
    mount: (app, site) => {
      app.get('/start', (_req, res) => {
        // As Passport answers a redirect.
        res.writeHead(302, { Location: toLocation(site), 'Content-Length': '0' }).end();
      });
      app.get('/callback', async (req, res) => {
        res.end((await signIn(req, site)).id);
      });
    },
  },
  {
    name: 'floor: a Passport strategy that checks nothing',
    kind: 'floor',
    mount: (app, site) => mountStrategy(app, new CarelessStrategy(site)),
  },
];
