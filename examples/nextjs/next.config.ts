import type { NextConfig } from 'next';

export default {
  cacheComponents: true,
  // Left to Node.js. In a bundle each route would have a copy of its own, whose errors are not `instanceof` another's.
  serverExternalPackages: ['passport-metafy'],
} satisfies NextConfig;
