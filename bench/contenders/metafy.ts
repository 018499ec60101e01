import { MetafyStrategy, type MetafyStrategyOptions } from '../../dist';
import { type Contender, type ContenderURLs, credentials, mountStrategy } from './contender';
import { keepSessions } from './session';

function createStrategy(urls: ContenderURLs, options: Partial<MetafyStrategyOptions> = {}): MetafyStrategy {
  const verify = ({ profile }: { profile: object }) => profile as Express.User;
  return new MetafyStrategy({ ...credentials, ...urls, ...options }, verify);
}

export const metafyContenders: Contender[] = [
  {
    name: 'passport-metafy',
    kind: 'ours',
    mount: (app, urls) => mountStrategy(app, createStrategy(urls)),
  },
  {
    // What an application pays that has express-session anyway, for the users who are signed in.
    name: 'passport-metafy beside express-session',
    kind: 'ours',
    mount: (app, urls) => {
      app.use(keepSessions());
      mountStrategy(app, createStrategy(urls));
    },
  },
  {
    name: 'passport-metafy with `state: true` (express-session)',
    kind: 'ours',
    mount: (app, urls) => {
      app.use(keepSessions());
      mountStrategy(app, createStrategy(urls, { state: true }));
    },
  },
];
