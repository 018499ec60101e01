import http from 'node:http';
import type { Request } from 'express';
import { Strategy } from 'passport';
import { sendRequest } from '../http-client';
import { type Contender, credentials, mountStrategy, type Site, toEndpoints } from './contender';

const agent = new http.Agent({ keepAlive: true });

/** What no Passport strategy can do without: a redirect, and two HTTP requests. Nothing is protected here. */
class CarelessStrategy extends Strategy {
  constructor(readonly site: Site) {
    super();
  }

  override authenticate(req: Request): void {
    if (req.query.code !== undefined) this.signIn(req.query.code).then(this.success, this.error);
    else {
      const redirectURI = encodeURIComponent(this.site.callbackURL);
      const query = `client_id=client&redirect_uri=${redirectURI}&response_type=code&scope=profile&state=state`;
      this.redirect(`${toEndpoints(this.site).authorizationURL}?${query}`);
    }
  }

  async signIn(code: unknown): Promise<object> {
    const { tokenURL, userProfileURL } = toEndpoints(this.site);
    const client = { client_id: credentials.clientID, client_secret: credentials.clientSecret };
    const grant = { grant_type: 'authorization_code', code, redirect_uri: this.site.callbackURL };
    const body = JSON.stringify({ ...grant, ...client });
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    const answer = await sendRequest(tokenURL, { method: 'POST', headers, agent }, body);
    const bearer = { Authorization: `Bearer ${JSON.parse(answer.body).access_token}` };
    return JSON.parse((await sendRequest(userProfileURL, { headers: bearer, agent })).body);
  }
}

export const floor: Contender = {
  name: 'floor: a Passport strategy that checks nothing',
  kind: 'floor',
  mount: (app, site) => mountStrategy(app, new CarelessStrategy(site)),
};
