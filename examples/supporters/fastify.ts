import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { MetafyCommunityAccess } from 'passport-metafy';

export function addSupportersPage(app: FastifyInstance, access: MetafyCommunityAccess): void {
  const requireSupport = access.guard((request: FastifyRequest) => (request.user as { id: string } | null)?.id);

  app.get('/supporters', { preHandler: requireSupport }, async () => 'Thank you for your support.');
}
