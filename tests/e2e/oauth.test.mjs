// Accounts that a person signs in: the link, the authorization server's own pages, the way back, and what becomes of the
// tokens from then on. Against a real authorization server.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { AuthorizationServer, Browser, client, writeThings } from './harness/authorization_server.mjs';
import { Shell } from './harness/command.mjs';
import { startSandbox, startServe, temporaryFolder } from './harness/demo.mjs';
import { legacyCall, post } from './harness/http.mjs';

async function start(t, options = {}) {
  const folder = temporaryFolder(t);
  const integrations = writeThings(folder);
  const authority = await AuthorizationServer.start(t, options);
  const serve = () => startServe(t, folder, { args: ['--integrations', integrations, '--log-level', 'debug'] });
  const served = await serve();
  authority.register(`${served.url}/oauth/callback`);
  const account = await served.admin.create('/integrated-account', { integration: 'things', name: 'Acme things',
    credentials: { site: authority.url, ...client } });
  const server = await served.admin.create(`/integrated-account/${account.id}/mcp`, { name: 'All' });
  const ask = async (url = server.url) => {
    const { body, text } = await post(url, legacyCall('list_all_things_things', {}));
    // What takes its time comes as an event.
    const { result } = body ?? JSON.parse(text.match(/^data: (.*)$/m)?.[1] ?? 'null') ?? {};
    assert.ok(result, text);
    return { failed: result.isError === true, ...JSON.parse(result.content[0].text) };
  };
  const path = `/integrated-account/${account.id}`;
  const link = async (body) => (await served.admin.request('POST', `${path}/connect-link`, body)).body;
  const connect = async (login) => {
    const browser = new Browser();
    const offer = await browser.open((await link()).url);
    assert.equal(offer.status, 200, offer.text);
    const there = await browser.open(offer.url, { method: 'POST', form: {} });
    return browser.agree(there, login);
  };
  return { ...served, folder, integrations, serve, authority, account, server, ask, link, connect, path };
}

describe('an account that a person signs in', () => {
  test('waits for them, shows what the link is for, and works once they have agreed', async (t) => {
    const { admin, authority, account, ask, link, path, url } = await start(t);
    assert.equal(account.status, 'needs_reauth');
    assert.match(account.last_error, /Nobody has signed this account in yet/);
    const before = await ask();
    assert.ok(before.failed);
    assert.match(before.error.message, /Nobody has signed this account in/);

    const made = await link({ expires_in_seconds: 600 });
    assert.equal(made.redirect_uri, `${url}/oauth/callback`);
    const browser = new Browser();
    const offer = await browser.open(made.url);
    for (const shown of ['Connect Things', 'Acme things', '127.0.0.1', 'valid until']) {
      assert.ok(offer.text.includes(shown), shown);
    }
    assert.match(offer.headers.get('content-security-policy'), /frame-ancestors 'none'/);
    assert.ok(!offer.text.includes(client.client_secret));
    assert.equal(authority.grants.length, 0, 'looking at it does nothing');

    // Whoever is sent by another site's form gets to read it first.
    const led = await fetch(made.url, { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } });
    assert.match(await led.text(), /Connect Things/);
    assert.deepEqual(led.headers.getSetCookie(), []);

    const there = await browser.open(made.url, { method: 'POST', form: {} });
    assert.ok(there.url.startsWith(authority.url), there.url);
    const back = await browser.agree(there);
    assert.equal(back.status, 200, back.text);
    assert.match(back.text, /Acme things is connected/);
    assert.deepEqual(authority.grants, [{ type: 'authorization_code', ok: true }]);

    const now = await admin.get(path);
    assert.equal(now.status, 'active');
    assert.equal(now.last_error, null);
    const { result } = await ask();
    assert.deepEqual(result, [{ id: 1, name: 'Thing of ann' }]);
    // A link that lies about connects nobody else's account in its place.
    assert.equal((await new Browser().open(made.url)).status, 404);
  });

  test('by a link that the command line makes', async (t) => {
    const { folder, url, token } = await start(t);
    const shell = new Shell(folder, { PATCHBAY_URL: url, PATCHBAY_API_TOKEN: token });
    const { stdout, stderr } = await shell.type(['account', 'connect-link', 'Acme things', '--expires', '2h']);
    assert.match(stdout, /^http:\/\/127\.0\.0\.1:\d+\/connect\/cnl_\S+\n$/, stderr);
    assert.ok(stderr.includes(`${url}/oauth/callback`), stderr);
    assert.equal((await new Browser().open(stdout.trim())).status, 200);
    const made = await shell.json(['account', 'connect-link', 'Acme things']);
    const hour = Date.parse(made.expires_at) - Date.now();
    assert.ok(hour > 3_500_000 && hour <= 3_600_000, `${hour} ms`);
    assert.match(await shell.refused(1, ['account', 'connect-link', 'Acme things', '--expires', '30d']), /604800/);
  });

  test('no link, code or token stands in any line of the log, nor in what the API shows', async (t) => {
    const { admin, authority, program, ask, link, path } = await start(t);
    const made = await link();
    const browser = new Browser();
    const there = await browser.open(made.url, { method: 'POST', form: {} });
    const back = await browser.agree(there);
    assert.equal(back.status, 200, back.text);
    assert.ok(!(await ask()).failed);
    const shown = [back.text, JSON.stringify(await admin.get(path)), JSON.stringify(await admin.get('/log'))].join();
    await program.stop();
    const { searchParams } = new URL(back.url);
    const secrets = { link: new URL(made.url).pathname.slice('/connect/'.length), code: searchParams.get('code'),
      state: searchParams.get('state'), access: authority.asked.at(-1).token, client: client.client_secret };
    for (const [what, secret] of Object.entries(secrets)) {
      assert.ok(secret?.length > 15, what);
      assert.ok(!program.output.includes(secret), `${what} in the log`);
      assert.ok(!shown.includes(secret), `${what} is shown`);
    }
  });

  test('ends what this browser began, and nothing else', async (t) => {
    const { authority, link } = await start(t);
    const made = await link();
    const mine = new Browser();
    const there = await mine.open(made.url, { method: 'POST', form: {} });
    assert.ok(there.text.includes('name="prompt"'));
    // Somebody else's way back: of another browser, with another state, or with none.
    const callback = made.redirect_uri;
    for (const query of ['?code=stolen&state=made-up', '?code=stolen', '']) {
      const page = await new Browser().open(`${callback}${query}`);
      assert.equal(page.status, 404);
      assert.equal((await mine.open(`${callback}${query}`)).status, 404);
    }
    assert.equal(authority.grants.length, 0, 'no code was tried');
    const back = await mine.agree(there);
    assert.match(back.text, /is connected/);
    // The code was for once.
    assert.equal((await mine.open(back.url)).status, 404);
  });

  test('a link is refused when it is altered, over, or its token is gone; and for accounts of other kinds', async (t) => {
    const { admin, link, path } = await start(t);
    const { url: good } = await link();
    const altered = good.replace(/(\/connect\/[^.]*\.)(\d+)/, (_, before, digits) => `${before}${Number(digits) + 9999}`);
    assert.notEqual(altered, good);
    for (const wrong of [altered, `${new URL(good).origin}/connect/cnl_x`, `${new URL(good).origin}/connect/abc`]) {
      const page = await new Browser().open(wrong);
      assert.equal(page.status, 404);
      assert.match(page.text, /not valid any more/);
      assert.equal((await new Browser().open(wrong, { method: 'POST', form: {} })).status, 404);
    }
    const other = await admin.create('/api-token', { name: 'for a while' });
    const theirs = (await admin.as(other.token).request('POST', `${path}/connect-link`)).body;
    assert.equal((await new Browser().open(theirs.url)).status, 200);
    await admin.remove(`/api-token/${other.id}`);
    assert.equal((await new Browser().open(theirs.url)).status, 404);
    await admin.refused(400, 'POST', `${path}/connect-link`, { expires_in_seconds: 5 });
    const { credentials } = await startSandbox(t);
    const psa = await admin.create('/integrated-account', { integration: 'connectwise_psa', name: 'PSA', credentials });
    const { message } = await admin.refused(400, 'POST', `/integrated-account/${psa.id}/connect-link`);
    assert.match(message, /ConnectWise PSA are not connected by a link/);
  });

  test('who says no connects nothing', async (t) => {
    const { admin, link, path } = await start(t);
    const browser = new Browser();
    const made = await link();
    const there = await browser.open(made.url, { method: 'POST', form: {} });
    const cancel = there.text.match(/href="([^"]+\/abort)"/)[1];
    const back = await browser.open(new URL(cancel, there.url).href);
    assert.equal(back.status, 403);
    assert.match(back.text, /Things was not connected: access_denied/);
    assert.equal((await admin.get(path)).status, 'needs_reauth');
    assert.equal((await browser.open(made.url)).status, 200, 'and may try again');
  });
});

describe('its tokens', () => {
  test('are renewed before they are over, once for many calls, and survive a crash in their latest form', async (t) => {
    const run = await start(t, { accessTokenSeconds: 4 });
    const { authority, connect, ask } = run;
    await connect();
    authority.tokenDelay = 150;
    const refreshes = () => authority.grants.filter(({ type }) => type === 'refresh_token');
    const until = Date.now() + 9_000;
    let calls = 0;
    while (refreshes().length < 2) {
      assert.ok(Date.now() < until, `${refreshes().length} refreshes`);
      const answers = await Promise.all(Array.from({ length: 12 }, () => ask()));
      for (const answer of answers) assert.ok(!answer.failed, JSON.stringify(answer));
      calls += answers.length;
      await sleep(100);
    }
    assert.ok(refreshes().every(({ ok }) => ok), JSON.stringify(refreshes()));
    assert.ok(refreshes().length < calls / 12, 'one refresh for many calls');
    // Each refresh token was good for one use: what lies in the store must be the last one.
    await run.program.stop('SIGKILL');
    await sleep(4_100);
    const again = await run.serve();
    const before = refreshes().length;
    const answer = await ask(again.url + new URL(run.server.url).pathname);
    assert.ok(!answer.failed, JSON.stringify(answer));
    assert.equal(refreshes().length, before + 1);
    assert.ok(refreshes().every(({ ok }) => ok), JSON.stringify(refreshes()));
  });

  test('are not lost by a crash while the next ones are asked for', async (t) => {
    const run = await start(t, { accessTokenSeconds: 2 });
    const { authority, connect, ask } = run;
    await connect();
    authority.tokenDelay = 1_500;  // it has not heard of the refresh token when we are gone
    await sleep(2_100);
    const refreshes = () => authority.grants.filter(({ type }) => type === 'refresh_token');
    const done = refreshes().length;
    const before = authority.heard;
    const lost = ask().catch(() => 'it went with the process');
    while (authority.heard === before) await sleep(10);
    await run.program.stop('SIGKILL');
    assert.equal(await lost, 'it went with the process');
    authority.tokenDelay = 0;
    assert.equal(refreshes().length, done);
    // Who died in the middle has it claimed for a while, and then the next one goes on.
    const again = await run.serve();
    const answer = await ask(again.url + new URL(run.server.url).pathname);
    assert.ok(!answer.failed, JSON.stringify(answer));
    assert.equal(refreshes().length, done + 1);
    assert.ok(refreshes().every(({ ok }) => ok), JSON.stringify(refreshes()));
  });

  test('that were taken back make the account wait for a person again, who then mends it', async (t) => {
    const { admin, authority, ask, connect, path } = await start(t);
    await connect();
    assert.ok(!(await ask()).failed);
    await authority.takeBack();
    const refused = await ask();
    assert.ok(refused.failed);
    assert.equal(refused.error.status, 401);
    assert.match(refused.error.message, /no longer takes this sign-in: invalid_grant/);
    let account;
    for (let i = 0; i < 100 && account?.status !== 'needs_reauth'; ++i) {
      account = await admin.get(path);
      await sleep(50);
    }
    assert.equal(account.status, 'needs_reauth');
    const tried = authority.grants.length;
    await ask();
    assert.equal(authority.grants.length, tried, 'what is over is not tried again');
    assert.match((await connect('bea')).text, /is connected/);
    assert.deepEqual((await ask()).result, [{ id: 1, name: 'Thing of bea' }]);
    assert.equal((await admin.get(path)).status, 'active');
  });

  test('are not kept in other credentials\' place', async (t) => {
    const { admin, ask, connect, path, authority } = await start(t);
    await connect();
    assert.ok(!(await ask()).failed);
    const changed = await admin.change(path, { credentials: { client_secret: 'another-secret-value' } });
    assert.equal(changed.status, 'needs_reauth');
    assert.match(changed.last_error, /credentials were changed/);
    const asked = authority.asked.length;
    assert.ok((await ask()).failed);
    assert.equal(authority.asked.length, asked, 'nothing of the old sign-in is sent');
  });
});
