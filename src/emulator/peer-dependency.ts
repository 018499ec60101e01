/**
 * Fails at once, and says what to install, when the emulator's server library is missing.
 *
 * `@node-oauth/oauth2-server` is an optional peer dependency: applications that only sign people in do
 * without it. This module is imported for its effect, before anything that needs the library.
 */
const LIBRARY = '@node-oauth/oauth2-server';

try {
  require.resolve(LIBRARY);
} catch (cause) {
  throw new Error(
    `passport-metafy/emulator needs ${LIBRARY}, which is not installed. Run: npm install --save-dev ${LIBRARY}`,
    { cause },
  );
}

export {};
