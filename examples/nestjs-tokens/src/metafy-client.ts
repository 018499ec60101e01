import type { ConfigService } from '@nestjs/config';
import type { MetafyClientOptions } from 'passport-metafy';

export function readClient(config: ConfigService): MetafyClientOptions {
  return {
    clientID: config.getOrThrow<string>('METAFY_CLIENT_ID'),
    clientSecret: config.getOrThrow<string>('METAFY_CLIENT_SECRET'),
    baseURL: config.get<string>('METAFY_URL'), // unset in production: metafy.gg
  };
}
