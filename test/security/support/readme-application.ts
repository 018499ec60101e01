import type { RequestListener } from 'node:http';
import type { Express } from 'express';

const environment = {
  METAFY_CLIENT_ID: 'the-client',
  METAFY_CLIENT_SECRET: 'the secret of the client',
  SESSION_SECRET: 'the secret of the sessions',
};

/**
 * The application of the README whose sign-ins carry `state.returnTo`. Two examples of the README answer the same
 * callback, and the earlier one would hide the later.
 */
export function loadReturnToExample(): RequestListener {
  const before = { ...process.env };
  Object.assign(process.env, environment);
  try {
    require('../../../examples/readme/state');
    const { app } = require('../../../examples/readme/sign-in') as { app: Express };
    const { stack } = app.router;
    const isCallback = (layer: (typeof stack)[number]) => layer.route?.path === '/auth/metafy/callback';
    if (stack.filter(isCallback).length > 1) stack.splice(stack.findIndex(isCallback), 1);
    app.set('env', 'test');
    return app;
  } finally {
    process.env = before;
  }
}
