import passport from 'passport';
import { MetafyStrategy, type MetafyStrategyOptions } from '../../src';

declare const options: MetafyStrategyOptions;

// Several names, and the strategy itself in place of its name.
const strategy = new MetafyStrategy(options, ({ profile }) => ({ id: profile.id }));
passport.authenticate(['metafy'], { state: { returnTo: '/' } });
passport.authenticate(['metafy', 'local'], { state: 'a string', scope: 'profile', callbackURL: '/cb' });
passport.authenticate(strategy);
passport.authenticate(strategy, { state: { returnTo: '/' }, scope: ['profile', 'purchases'] });
passport.authenticate(strategy, { state: { a: 1 } }, (error, user) => [error, user]);
passport.authorize(['metafy'], { state: { link: true } });
passport.authorize(strategy, { state: { link: true } });

// @ts-expect-error neither a name nor a strategy
passport.authenticate(42, { state: { a: 1 } });
// @ts-expect-error a state is a string or an object
passport.authenticate(['metafy'], { state: 42 });
