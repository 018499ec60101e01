import { arcticContender } from './arctic';
import type { Contender } from './contender';
import { floor } from './floor';
import { metafyContenders } from './metafy';
import { openidContender } from './openid-client';
import { oauth2Contenders } from './passport-oauth2';

export const contenders: readonly Contender[] = [
  ...metafyContenders,
  ...oauth2Contenders,
  openidContender,
  arcticContender,
  floor,
];
