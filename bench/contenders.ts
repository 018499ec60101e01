import { arctic, arcticWeb } from './contenders/arctic';
import { metafyContenders } from './contenders/metafy';
import { openidContender } from './contenders/openid-client';
import { oauth2Contenders } from './contenders/passport-oauth2';

export const contenders = [...metafyContenders, ...oauth2Contenders, openidContender, arctic, arcticWeb];
