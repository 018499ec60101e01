import { randomBytes } from 'node:crypto';
import http, { type RequestOptions } from 'node:http';
import type { Request, Response } from 'express';
import { Strategy } from 'passport';
import { type Contender, type ContenderURLs, credentials, mountStrategy } from './contender';
import { keepSessions } from './session';

/*
 * What no login can do without: a route that answers a redirect, and one that makes two HTTP exchanges. Nothing is
 * protected here.
 */

const agent = new http.Agent({ keepAlive: true });

function exchange(url: string, options: RequestOptions, body?: string): Promise<Record<string, string>> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { ...options, agent }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
    });
    request.on('error', reject).end(body);
  });
}

/** The user, from two exchanges. */
async function signIn(req: Request, urls: ContenderURLs): Promise<{ id: string }> {
  const { clientID, clientSecret } = credentials;
  const body = JSON.stringify({
    grant_type: 'authorization_code',
    code: req.query.code,
    redirect_uri: urls.callbackURL,
    client_id: clientID,
    client_secret: clientSecret,
  });
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  const { access_token } = await exchange(urls.tokenURL, { method: 'POST', headers }, body);
  const profile = { headers: { Authorization: `Bearer ${access_token}` } };
  return (await exchange(urls.userProfileURL, profile)) as { id: string };
}

async function answerCallback(req: Request, res: Response, urls: ContenderURLs): Promise<void> {
  const { id } = await signIn(req, urls);
  res.end(id);
}

/** What Passport itself takes, beneath every strategy. */
class CarelessStrategy extends Strategy {
  constructor(readonly urls: ContenderURLs) {
    super();
  }

  override authenticate(req: Request): void {
    if (req.query.code === undefined) this.redirect(toLocation(this.urls, 'state'));
    else signIn(req, this.urls).then(this.success, this.error);
  }
}

/** As Passport answers a redirect. */
function redirect(res: Response, location: string): void {
  res.statusCode = 302;
  res.setHeader('Location', location);
  res.setHeader('Content-Length', '0');
  res.end();
}

function toLocation({ authorizationURL, callbackURL }: ContenderURLs, state: string): string {
  const redirectURI = encodeURIComponent(callbackURL);
  return `${authorizationURL}?client_id=client&redirect_uri=${redirectURI}&response_type=code&scope=profile&state=${state}`;
}

export const rawFloor: Contender = {
  name: 'floor: a bare answer / two bare exchanges',
  kind: 'floor',
  mount: (app, urls) => {
    app.get('/start', (_req, res) => redirect(res, toLocation(urls, 'state')));
    app.get('/callback', (req, res) => answerCallback(req, res, urls));
  },
};

export const floors: Contender[] = [
  rawFloor,
  {
    name: 'floor: `res.redirect` / two bare exchanges',
    kind: 'floor',
    mount: (app, urls) => {
      app.get('/start', (_req, res) => res.redirect(toLocation(urls, 'state')));
      app.get('/callback', (req, res) => answerCallback(req, res, urls));
    },
  },
  {
    name: 'floor: a Passport strategy that checks nothing',
    kind: 'floor',
    mount: (app, urls) => mountStrategy(app, new CarelessStrategy(urls)),
  },
  {
    name: 'floor: the same with a state in express-session',
    kind: 'floor',
    mount: (app, urls) => {
      app.use(keepSessions());
      app.get('/start', (req, res) => {
        const state = randomBytes(16).toString('base64url');
        Object.assign(req.session, { state });
        redirect(res, toLocation(urls, state));
      });
      app.get('/callback', async (req, res) => {
        const session = req.session as { state?: string };
        if (req.query.state !== session.state) {
          res.status(403).end();
          return;
        }
        delete session.state;
        await answerCallback(req, res, urls);
      });
    },
  },
];
