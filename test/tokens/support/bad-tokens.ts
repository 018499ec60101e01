/** What is no token, and must be a `TypeError` before anything is sent. `requireToken` has a test of more. */
export const badTokens = ['', undefined, 'abc\ndef'];
