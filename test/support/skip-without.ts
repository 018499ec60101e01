/** Skips a `describe` whose server is missing, saying how to get it; on CI that is a failure. */
export function skipWithout(context: Mocha.Context, server: string, remedy: string): void {
  const message = `${server} is missing: ${remedy}`;
  if (process.env.CI) throw new Error(message);
  console.log(`    skipped, ${message}`);
  context.skip();
}
