/** What is no token, and must be a `TypeError` before anything is sent. */
export const badTokens: Record<string, unknown> = {
  'an empty text': '',
  undefined: undefined,
  null: null,
  'a number': 42,
  'an object': { token: 'x' },
  'a list': ['x'],
  'a huge text': 'x'.repeat(4097),
  'a text with a newline': 'abc\ndef',
  'a text with a newline at its end': 'abc\n',
  'a text with a space': 'abc def',
  'a text beyond ASCII': 'tökèn',
};
