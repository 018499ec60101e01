import { AssertionError } from 'chai';

/** What `action` throws or rejects with; fails when it does not. */
export async function caught<ErrorType = Error>(action: () => unknown): Promise<ErrorType> {
  try {
    await action();
  } catch (error) {
    return error as ErrorType;
  }
  throw new AssertionError('expected an error');
}
