import { promisify } from 'node:util';
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { MetafyCommunityAccess } from 'passport-metafy';

export function addSupportersPage(router: Router, access: MetafyCommunityAccess): void {
  const requireSupport = promisify(access.guard((context: Context) => context.state.user?.id));

  router.get('/supporters', async (context) => {
    await requireSupport(context, undefined);
    context.body = 'Thank you for your support.';
  });
}
