export const client = {
  clientID: process.env.METAFY_CLIENT_ID,
  clientSecret: process.env.METAFY_CLIENT_SECRET,
  baseURL: process.env.METAFY_URL, // an emulator's; unset in production
};
