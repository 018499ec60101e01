import { MetafyUserTokens } from 'passport-metafy';

export const client = {
  clientID: process.env.METAFY_CLIENT_ID,
  clientSecret: process.env.METAFY_CLIENT_SECRET,
};

export const userTokens = new MetafyUserTokens({
  ...client,
  store: new Map(),
  secret: process.env.TOKEN_SECRET,
});
