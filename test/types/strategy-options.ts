import {
  type MetafyClassicVerify,
  type MetafyClassicVerifyWithParams,
  type MetafyClassicVerifyWithRequest,
  type MetafyClassicVerifyWithRequestAndParams,
  type MetafyDone,
  type MetafyProfile,
  type MetafyScope,
  MetafyStrategy,
  type MetafyStrategyOptions,
} from '../../src';

const required = { clientID: 'a', clientSecret: 'b', callbackURL: '/cb' };

// Options in a variable, where `passReqToCallback` is a boolean or not known: every classic shape fits.
declare const passReqToCallback: boolean;
const inferred = { ...required, passReqToCallback };
const annotated: MetafyStrategyOptions = { ...required, passReqToCallback: true };
declare const verifies: [
  MetafyClassicVerify,
  MetafyClassicVerifyWithParams,
  MetafyClassicVerifyWithRequest,
  MetafyClassicVerifyWithRequestAndParams,
];
for (const options of [inferred, annotated]) {
  for (const verify of verifies) new MetafyStrategy(options, verify);
  new MetafyStrategy(options, ({ profile }) => ({ id: profile.id }));
}
const widened = { ...required, passReqToCallback: false };
new MetafyStrategy(widened, (accessToken: string, _refresh: string, profile: MetafyProfile, done: MetafyDone) =>
  done(null, { id: profile.id, length: accessToken.length }),
);

// `scope` knows Metafy's four values, which an editor offers, and takes others.
type Known<Scope> = Scope extends string ? (string extends Scope ? never : Scope) : never;
const known: Known<MetafyScope>[] = ['profile', 'community', 'purchases', 'products'];
new MetafyStrategy({ ...required, scope: known }, () => false);
new MetafyStrategy({ ...required, scope: 'a scope of tomorrow' }, () => false);
new MetafyStrategy({ ...required, scope: ['profile', 'another'] }, () => false);
// @ts-expect-error a scope is text
new MetafyStrategy({ ...required, scope: 42 }, () => false);
