// The dashboard's session against the real program: as a browser has it, over a restart, by a link from a
// terminal; and the pages that it is for.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import { Shell } from './harness/command.mjs';
import { startDemo, startServe, temporaryFolder } from './harness/demo.mjs';

// A browser's tab: keeps the cookie, and says of its requests what a page of the server's would.
class Browser {
  constructor(url) { this.url = url; this.cookie = undefined; }

  async ask(method, path, { body, headers = {} } = {}) {
    const own = method === 'GET' ? {} : { 'x-patchbay-session': '1', origin: this.url };
    const response = await fetch(this.url + path, { method, redirect: 'manual', headers: {
      ...own, ...(this.cookie && { cookie: this.cookie }),
      ...(body && { 'content-type': 'application/json' }), ...headers },
      body: body && JSON.stringify(body) });
    const [set] = response.headers.getSetCookie();
    if (set) this.cookie = set.includes('Max-Age=0') ? undefined : set.split(';')[0];
    const text = await response.text();
    let json;
    try { json = JSON.parse(text); } catch { /* a page */ }
    return { status: response.status, headers: response.headers, body: json, text, set };
  }

  async signIn(what) {
    const answer = await this.ask('POST', '/session', { body: what });
    assert.equal(answer.status, 201, answer.text);
    return answer;
  }
}

const linkOf = (url) => new URL(url).hash.replace('#link=', '');

describe('a session', () => {
  test('opens what its API token opens, outlives a restart, and ends everywhere at once', async (t) => {
    const folder = temporaryFolder(t);
    const first = await startServe(t, folder);
    const browser = new Browser(first.url);
    const { set, body } = await browser.signIn({ token: first.token });
    assert.match(set, /^patchbay_session=pbs_[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/);
    assert.equal(body.api_token.scope, 'admin');
    assert.equal((await browser.ask('GET', '/environment')).status, 200);
    const made = await browser.ask('POST', '/environment', { body: { name: 'By cookie' } });
    assert.equal(made.status, 201, made.text);
    const { cookie } = browser;
    await first.program.stop();

    const again = await startServe(t, folder);
    const one = new Browser(again.url);
    one.cookie = cookie;
    assert.equal((await one.ask('GET', '/session')).body.id, body.id);
    const other = new Browser(again.url);
    await other.signIn({ token: again.token });
    assert.deepEqual((await other.ask('DELETE', '/session?everywhere=true')).body, { ended: 2 });
    assert.equal((await one.ask('GET', '/environment')).status, 401);
    assert.equal(other.cookie, undefined);

    // What was kept of it opens nothing.
    await other.signIn({ token: again.token });
    const secret = other.cookie.split('=')[1];
    await again.program.stop();
    const database = new DatabaseSync(join(folder, 'data', 'patchbay.db'), { readOnly: true });
    const rows = database.prepare('SELECT * FROM dashboard_session').all();
    database.close();
    assert.equal(rows.length, 1);
    assert.ok(!JSON.stringify(rows).includes(secret));
    for (const { program } of [first, again]) {
      assert.ok(!(program.stdout + program.stderr).includes('pbs_'), 'a session in the log');
    }
  });

  test('is not lent to a page of another origin, and ends with its API token', async (t) => {
    const { url, admin } = await startServe(t, temporaryFolder(t));
    const { id, token } = await admin.create('/api-token', { name: 'person' });
    const browser = new Browser(url);
    await browser.signIn({ token });
    const forged = (headers) => fetch(`${url}/environment`, { method: 'POST',
      headers: { cookie: browser.cookie, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ name: 'Forged' }) });
    assert.equal((await forged({})).status, 403);
    assert.equal((await forged({ 'x-patchbay-session': '1', origin: 'http://127.0.0.1:1' })).status, 403);
    assert.equal((await forged({ 'x-patchbay-session': '1', origin: 'null' })).status, 403);
    // Whoever asks beforehand, as another origin's script must, is told nothing that lets it.
    const before = await fetch(`${url}/environment`, { method: 'OPTIONS', headers: {
      origin: 'http://127.0.0.1:1', 'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-patchbay-session' } });
    assert.equal(before.headers.get('access-control-allow-origin'), null);
    await admin.remove(`/api-token/${id}`);
    assert.equal((await browser.ask('GET', '/session')).status, 401);
  });

  test('a token is not tried out without end', async (t) => {
    const { url, token } = await startServe(t, temporaryFolder(t));
    const browser = new Browser(url);
    const attempt = (tried) => browser.ask('POST', '/session', { body: { token: tried } });
    for (let i = 0; i < 10; i += 1) assert.equal((await attempt(`pba_${i}`)).status, 401);
    const refused = await attempt(token);
    assert.equal(refused.status, 429);
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
  });
});

describe('a sign-in link', () => {
  test('is printed by the demo, and works once', async (t) => {
    const demo = await startDemo(t);
    assert.ok(demo.dashboard_url.startsWith(`${demo.admin_url}/dashboard/sign-in#link=pbl_`));
    const link = linkOf(demo.dashboard_url);
    const browser = new Browser(demo.admin_url);
    await browser.signIn({ link });
    assert.equal((await browser.ask('GET', '/integrated-account')).body.result.length, 1);
    assert.equal((await new Browser(demo.admin_url).ask('POST', '/session', { body: { link } })).status, 401);
    const { result } = await demo.admin.get('/log?kind=change');
    const [signedIn] = result.filter(({ tool }) => tool === 'signIn');
    assert.equal(signedIn.target, '/session by link');
    assert.ok(!JSON.stringify(result).includes(link));
  });

  test('is made by `patchbay dashboard` through a profile, and told on a terminal by serve alone', async (t) => {
    const folder = temporaryFolder(t);
    const { url, token, admin, program } = await startServe(t, folder);
    assert.ok(!(program.stdout + program.stderr).includes('pbl_'), 'no terminal, no link');
    const shell = new Shell(folder, { PATCHBAY_URL: url, PATCHBAY_API_TOKEN: token });
    const printed = await shell.ok(['dashboard']);
    assert.match(printed, /^http\S+#link=pbl_[\w-]{43}\n$/);
    await new Browser(url).signIn({ link: linkOf(printed.trim()) });
    assert.equal((await shell.json(['dashboard'])).url.startsWith(`${url}/dashboard/sign-in#`), true);
    const { token: reader } = await admin.create('/api-token', { name: 'r', scope: 'read' });
    assert.match(await shell.with({ PATCHBAY_API_TOKEN: reader }).refused(1, ['dashboard']), /scope/);
  });
});

describe('the pages', () => {
  test('a browser is led to them; they run nothing else, and are kept as long as they may be', async (t) => {
    const { url } = await startServe(t, temporaryFolder(t));
    const browser = new Browser(url);
    const led = await browser.ask('GET', '/', { headers: { accept: 'text/html,*/*' } });
    assert.equal(led.status, 302);
    assert.equal(led.headers.get('location'), '/dashboard/');
    assert.equal((await browser.ask('GET', '/', { headers: { accept: '*/*' } })).status, 200);
    for (const path of ['/dashboard/', '/dashboard/accounts/acc_1']) {
      const page = await browser.ask('GET', path, { headers: { 'accept-encoding': 'gzip' } });
      assert.equal(page.status, 200);
      assert.match(page.headers.get('content-security-policy'), /^default-src 'none'; script-src 'self';/);
      assert.equal(page.headers.get('cache-control'), 'no-cache');
      const again = await browser.ask('GET', path,
        { headers: { 'accept-encoding': 'gzip', 'if-none-match': page.headers.get('etag') } });
      assert.equal(again.status, 304);
      const [, script] = page.text.match(/<script[^>]+src="([^"]+)"/);
      const kept = await browser.ask('GET', script, { headers: { 'accept-encoding': 'br' } });
      assert.equal(kept.status, 200);
      assert.equal(kept.headers.get('content-encoding'), 'br');
      assert.match(kept.headers.get('cache-control'), /immutable/);
    }
  });
});
