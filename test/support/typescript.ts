/** Node's arguments for a process that runs TypeScript, as mocha's own does (see `.mocharc.json`). */
export const typescriptArguments = ['--require', '@swc-node/register'];
