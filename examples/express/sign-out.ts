import { type NextFunction, type Request, type Response, Router } from 'express';
import type { MetafyUserTokens } from 'passport-metafy';
import type { Notice } from './notice';
import type { Person } from './person';
import { readPersonalForm } from './signed-in';
import type { Supporters } from './supporters';

/** How often Metafy is asked again to revoke. Every few minutes will do where nobody is watching. */
const RETRY_INTERVAL_MS = 5000;

export interface SignOut {
  router: Router;
  /** The person has signed in again, so keep the access that they have just allowed. */
  keepAccess(userId: string): void;
}

/** Signing out here, with or without revoking this application's access at Metafy. */
export function createSignOut(userTokens: MetafyUserTokens, supporters: Supporters | undefined): SignOut {
  /** Whose access is still to be revoked. In production, in your database. */
  const unrevoked = new Set<string>();

  const retry = async (): Promise<void> => {
    for (const userId of unrevoked) {
      try {
        await userTokens.revoke(userId);
        unrevoked.delete(userId);
      } catch (error) {
        // Whoever has signed in again meanwhile is no longer listed, and stays so.
        console.error(error);
      }
    }
    setTimeout(retry, RETRY_INTERVAL_MS).unref();
  };
  setTimeout(retry, RETRY_INTERVAL_MS).unref();

  const router = Router();
  router.post('/sign-out', readPersonalForm, (req, res, next) => {
    // The tokens stay: an application may go on working for a person who has signed out.
    const text = 'You are signed out. This application keeps its access at Metafy until you revoke it.';
    endSession(req, res, next, { text, isDone: true });
  });
  router.post('/revoke', readPersonalForm, async (req, res, next) => {
    const { id } = req.user as Person;
    let isDone = true;
    try {
      await userTokens.revoke(id);
    } catch (error) {
      // The tokens are kept, to try again.
      console.error(error);
      unrevoked.add(id);
      isDone = false;
    }
    await supporters?.forget(id);
    const text = isDone
      ? 'Access has been revoked at Metafy, and you are signed out.'
      : 'You are signed out. Metafy did not answer, so access will be revoked as soon as it does.';
    // Also when Metafy did not answer: whoever wants to leave does not stay signed in.
    endSession(req, res, next, { text, isDone });
  });
  return { router, keepAccess: (userId) => unrevoked.delete(userId) };
}

function endSession(req: Request, res: Response, next: NextFunction, notice: Notice): void {
  req.logOut((error) => {
    if (error) return next(error);
    req.session.notice = notice;
    res.redirect(303, '/');
  });
}
