import { expect } from 'chai';
import { caught } from '../../support/caught';
import { useExample } from '../support/example';
import { startExample } from '../support/example-server';

describe('the application that the README shows', () => {
  const example = useExample('readme');

  it('shows who has signed in, until they sign out', async () => {
    await example.open(await example.startLogin({ user: 'grace-student' }));
    expect((await example.open('/')).body).to.include('are signed in');
    expect((await example.open('/me')).body).to.include('"Grace Student"');
    await example.post('/sign-out');
    expect((await example.open('/me')).body).to.equal('null');
  });

  it('offers another try to those who deny', async () => {
    const { location } = await example.open(await example.startLogin({ deny: true }));
    expect(location).to.equal(`${example.site.url}/refused`);
    expect((await example.open(location)).body).to.include('You were not signed in');
    expect((await example.open('/me')).body).to.equal('null');
  });

  it('does not start on a port that is taken', async () => {
    const PORT = new URL(example.site.url).port;
    const error = await caught(() => startExample('readme', example.emulator, { PORT }));
    expect(error.message).to.include('EADDRINUSE');
  }).timeout(60_000);
});
