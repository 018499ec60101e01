import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { typescriptArguments } from '../support/typescript';

describe('the emulator without its server library', () => {
  it('cannot be loaded, and says what to install', () => {
    const script = `
      const Module = require('node:module');
      const resolve = Module._resolveFilename;
      Module._resolveFilename = (name, ...rest) => {
        if (name !== '@node-oauth/oauth2-server') return resolve(name, ...rest);
        throw Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' });
      };
      try {
        require(${JSON.stringify(join(__dirname, '../../src/emulator'))});
      } catch (error) {
        console.log(error.message);
      }`;
    const { stdout, stderr } = spawnSync(process.execPath, [...typescriptArguments, '--eval', script], {
      encoding: 'utf8',
    });
    expect(stderr).to.equal('');
    expect(stdout.trim()).to.equal(
      'passport-metafy/emulator needs @node-oauth/oauth2-server, which is not installed. ' +
        'Run: npm install --save-dev @node-oauth/oauth2-server',
    );
  });
});
