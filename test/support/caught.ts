import { AssertionError, expect } from 'chai';

/** What `action` throws or rejects with; fails when it does not. */
export async function caught<ErrorType = Error>(action: () => unknown): Promise<ErrorType> {
  try {
    await action();
  } catch (error) {
    return error as ErrorType;
  }
  throw new AssertionError('expected an error');
}

/** Fails unless `action` throws or rejects with an `Error` that has these `properties`, a `name` for example. */
export async function expectError<ErrorType = Error>(
  action: () => unknown,
  properties: Record<string, unknown> = {},
): Promise<ErrorType> {
  const error = await caught(action);
  expect(error).to.be.instanceOf(Error).and.to.include(properties);
  return error as ErrorType;
}

/** Fails unless `action` throws or rejects with a `TypeError` that names the option or parameter. */
export async function expectTypeError(action: () => unknown, option: string): Promise<void> {
  const { message } = await expectError(action, { name: 'TypeError' });
  expect(message).to.include(`\`${option}\``);
}
