import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { typescriptArguments } from '../support/typescript';

const withoutLibrary = `
  const Module = require('node:module');
  const resolve = Module._resolveFilename;
  Module._resolveFilename = (name, ...rest) => {
    if (name !== '@node-oauth/oauth2-server') return resolve(name, ...rest);
    throw Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' });
  };`;
const advice =
  'passport-metafy/emulator needs @node-oauth/oauth2-server, which is not installed. ' +
  'Run: npm install --save-dev @node-oauth/oauth2-server';

const evaluate = (script: string) =>
  spawnSync(process.execPath, [...typescriptArguments, '--eval', script], { encoding: 'utf8' });

describe('the emulator without its server library', () => {
  it('cannot be loaded, and says what to install', () => {
    const { stdout, stderr } = evaluate(`${withoutLibrary}
      try {
        require(${JSON.stringify(join(__dirname, '../../src/emulator'))});
      } catch (error) {
        console.log(error.message);
      }`);
    expect(stderr).to.equal('');
    expect(stdout.trim()).to.equal(advice);
  });

  it('says so in one line on the command line', () => {
    const path = JSON.stringify(join(__dirname, '../../src/emulator/cli'));
    const { status, stderr } = evaluate(`${withoutLibrary} require(${path});`);
    expect(stderr.trim()).to.equal(advice);
    expect(status).to.equal(1);
  });
});
