import { type ErrorRequestHandler, type Request, type RequestHandler, Router } from 'express';
import {
  MetafyAccessError,
  MetafyCommunityAccess,
  type MetafyCommunityAccessOptions,
  MetafyResponseError,
  type MetafyUserTokens,
} from 'passport-metafy';
import type { Community } from './config';
import { reportFailure } from './explain-error';
import type { Metafy } from './metafy';
import { takeNotice } from './notice';
import * as pages from './pages';
import { getPerson, type Person } from './person';
import { readPersonalForm } from './signed-in';

/** The pages for supporters of a community. */
export interface Supporters {
  router: Router;
  links: readonly pages.Link[];
  /** Lets Metafy be asked anew about a person: they may have paid a minute ago. */
  forget(userId: string): Promise<void>;
}

/**
 * One page for everybody who supports the community, and one for those in some of its tiers. A guard decides whether a
 * page is shown; `check` is for what the page says about the answer.
 */
export function createSupporters(metafy: Metafy, community: Community, tokens: MetafyUserTokens): Supporters {
  // One store: whoever has opened one page opens the other without another question to Metafy.
  const options = {
    ...metafy.client,
    timeoutMs: 3000,
    tokens,
    communityId: community.id,
    store: new Map<string, string>(),
  };
  const { innerCircle } = community;
  const everybody = { label: 'Supporters', path: '/supporters', tierIds: undefined, ...createAccess(options) };
  const areas: Area[] = [everybody];
  if (innerCircle.length > 0) {
    const access = createAccess({ ...options, tierIds: innerCircle });
    areas.push({ label: 'Inner Circle', path: '/inner-circle', tierIds: innerCircle, ...access });
  }

  const links = areas.map(({ label, path }): pages.Link => [label, path]);
  const router = Router();
  for (const area of areas) addPage(router, area, { community, links, emulation: metafy.emulation });
  const forget = async (userId: string): Promise<void> => {
    // Each of them: a question that one of them is asking right now is from before as well.
    await Promise.all(areas.flatMap(({ cached, uncached }) => [cached.forget(userId), uncached.forget(userId)]));
  };
  return { router, links, forget };
}

interface Access {
  /** Goes by an answer of the last 15 minutes. */
  cached: MetafyCommunityAccess;
  /** Asks Metafy each time; the last answer is only for when Metafy gives none. */
  uncached: MetafyCommunityAccess;
}

type Area = pages.Area & Access;

function createAccess(options: MetafyCommunityAccessOptions): Access {
  return {
    cached: new MetafyCommunityAccess(options),
    uncached: new MetafyCommunityAccess({ ...options, maxAgeMs: 0 }),
  };
}

function addPage(router: Router, area: Area, site: pages.SupportersSite): void {
  const { path, cached, uncached } = area;
  const { emulation } = site;
  // During the demo's outage each page asks: nobody wants to wait for 15 minutes until there is something to see.
  const choose = (): MetafyCommunityAccess => (emulation?.outage.isOn ? uncached : cached);

  const render = async (req: Request, isOpen: boolean): Promise<string> => {
    const person = req.user as Person;
    const answer = await choose().check(person.id);
    return pages.renderSupporters({ ...site, area, person, answer, isOpen, notice: takeNotice(req) });
  };

  router.get(
    path,
    (req, res, next) => choose().guard((request: Request) => getPerson(request)?.id)(req, res, next),
    async (req, res) => {
      res.send(await render(req, true));
    },
  );

  // For somebody who has just paid. Not `forget`: they would lose the last answer, and Metafy may be out of reach.
  const checkAgain: RequestHandler = async (req, res) => {
    const { isStale } = await uncached.check((req.user as Person).id);
    if (isStale)
      req.session.notice = {
        text: 'Metafy was asked again and gave no answer. Its last answer still counts.',
        isDone: false,
      };
    else req.session.notice = { text: 'Metafy has just been asked again.', isDone: true };
    res.redirect(303, path);
  };
  router.post(`${path}/check`, readPersonalForm, checkAgain);

  if (emulation) {
    const switchOutage: RequestHandler = async (req, res) => {
      if ((req.body as { outage?: unknown }).outage === 'on') emulation.outage.start();
      else emulation.outage.end();
      res.redirect(303, path);
    };
    router.post(`${path}/outage`, readPersonalForm, switchOutage);
  }

  const explain: ErrorRequestHandler = async (error, req, res, next) => {
    if (error instanceof MetafyAccessError) {
      const page = await render(req, false);
      res.status(error.status).send(page);
    } else if (error instanceof MetafyResponseError) {
      reportFailure(error, res);
      res.status(error.status).send(pages.renderNoAnswer({ ...site, area, person: req.user as Person }));
    } else {
      next(error);
    }
  };
  router.use(path, explain);
}
