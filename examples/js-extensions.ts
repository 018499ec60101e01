/*
 * `./user.js` is `./user.ts`, as in Vitest and in what the compiler emits. NestJS's examples are written like that, since
 * a project of `nest new` consists of ES modules; here they are compiled while they are loaded.
 */
import Module from 'node:module';

type Resolve = (request: string, parent?: { filename?: string }, ...rest: unknown[]) => string;

const loader = Module as unknown as { _resolveFilename: Resolve };
const resolve = loader._resolveFilename;

loader._resolveFilename = (request, parent, ...rest) => {
  const isTypeScript = request.startsWith('.') && parent?.filename?.endsWith('.ts');
  return resolve.call(loader, isTypeScript ? request.replace(/\.js$/, '.ts') : request, parent, ...rest);
};
