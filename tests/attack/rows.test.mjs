// A row says what it said: altered without the key it is not served, and everybody who should hears
// of it.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startSandbox, startServe, temporaryFolder } from '../e2e/harness/demo.mjs';
import { post } from '../e2e/harness/http.mjs';
import { run } from '../e2e/harness/process.mjs';
import { alter } from './harness/rows.mjs';

const ends = [];
const kept = { after: (end) => ends.unshift(end) };
after(async () => { for (const end of ends) await end(); });
let desk;
let database;

before(async () => {
  const sandbox = await startSandbox(kept);
  const folder = temporaryFolder(kept);
  desk = { folder, ...(await startServe(kept, folder)) };
  database = join(folder, 'data', 'patchbay.db');
  const environment = (await desk.admin.get('/environment')).result[0];
  desk.other = await desk.admin.create('/environment', { name: 'Other' });
  desk.account = await desk.admin.create('/integrated-account', { integration: 'connectwise_psa',
    name: 'Rows', environment_id: environment.id, credentials: sandbox.credentials });
  desk.servers = `/integrated-account/${desk.account.id}/mcp`;
  desk.server = await desk.admin.create(desk.servers, { name: 'Narrow',
    config: { methods: ['read'], tags: ['support'], require_api_token_auth: true },
    expires_at: new Date(Date.now() + 3_600_000).toISOString() });
  desk.second = await desk.admin.create('/api-token', { name: 'Second', scope: 'mcp',
    environment_id: environment.id, limits: { mcp_server_ids: [desk.server.id] } });
});

const check = () => run('store', 'check', '--json', '--data-dir', join(desk.folder, 'data'),
  '--key-file', join(desk.folder, 'patchbay.key'));
const tools = (headers = { authorization: `Bearer ${desk.second.token}` }) =>
  post(new URL(new URL(desk.server.url).pathname, desk.url),
    { jsonrpc: '2.0', id: 1, method: 'tools/list' }, headers);
const ready = async () => (await (await fetch(`${desk.url}/readyz`)).json());

async function startAgain(between) {
  await desk.program.stop();
  const made = between();
  Object.assign(desk, await startServe(kept, desk.folder));
  return made;
}

test('as it is, everything is served', async () => {
  assert.equal((await tools()).status, 200);
  assert.deepEqual(await ready(), { status: 'ok' });
  const { code, stdout } = await check();
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout), { count: 0, faults: [] });
});

const alterations = {
  'a server loses its second factor': ['mcp_server', 'server', () => `config = '{}'`],
  'a server loses its expiry': ['mcp_server', 'server', () => 'expires_at = NULL'],
  'a server goes to another environment':
    ['mcp_server', 'server', () => `environment_id = '${desk.other.id}'`],
  'a server gets a URL that is known': ['mcp_server', 'server', () => `hash = randomblob(32)`],
  'its code is emptied': ['mcp_server', 'server', () => `config = '{}', mac = NULL`],
  'a second factor becomes an administrator':
    ['api_token', 'second', () => `scope = 'admin', limits = '{}'`],
  'a token reaches the whole instance': ['api_token', 'second', () => 'environment_id = NULL'],
  'a second factor is of every server': ['api_token', 'second', () => `limits = '{}'`],
  'a token takes the code of another': ['api_token', 'second', () =>
    `scope = 'admin', mac = (SELECT mac FROM api_token WHERE name = 'First token')`],
  'an account goes to another environment':
    ['integrated_account', 'account', () => `environment_id = '${desk.other.id}'`],
};
for (const [what, [table, which, how]] of Object.entries(alterations)) {
  test(what, async () => {
    const { id } = desk[which];
    const restore = await startAgain(() =>
      alter(database, `UPDATE ${table} SET ${how()} WHERE id = '${id}'`));
    for (const headers of [undefined, {}, { authorization: `Bearer ${desk.token}` }]) {
      const answer = await tools(headers);
      // Of an altered second factor the server itself still serves an administrator.
      if (which === 'second' && headers?.authorization) assert.equal(answer.status, 200);
      else assert.ok([401, 404].includes(answer.status), `${answer.status} ${answer.text}`);
    }
    if (which === 'second') {
      await desk.admin.as(desk.second.token).refused(401, 'GET', '/environment');
    }
    assert.equal((await ready()).altered_rows, 1);
    assert.equal((await ready()).status, 'degraded');
    assert.equal((await fetch(`${desk.url}/healthz`)).status, 200);
    assert.ok(desk.program.stderr.includes(id) && /was altered by something else/.test(desk.program.stderr));
    const { code, stdout } = await check();
    assert.equal(code, 1);
    assert.equal(JSON.parse(stdout).faults.length, 1);
    assert.ok(stdout.includes(id));
    await startAgain(restore);
    assert.equal((await tools()).status, 200);
  });
}

test('with all tokens altered nobody is given a new one', async () => {
  const restore = await startAgain(() => alter(database, 'UPDATE api_token SET mac = NULL'));
  assert.doesNotMatch(desk.program.stderr, /first API token/i);
  await desk.admin.refused(401, 'GET', '/environment');
  await startAgain(restore);
  await desk.admin.get('/environment');
});

test('what was signed once is not signed again, whatever it says by now', async () => {
  const sign = () => run('store', 'sign', '--data-dir', join(desk.folder, 'data'),
    '--key-file', join(desk.folder, 'patchbay.key'));
  const beside = await sign();
  assert.equal(beside.code, 1);
  assert.match(beside.stderr, /Another Patchbay/);
  const restore = await startAgain(() => alter(database, 'UPDATE api_token SET mac = NULL'));
  await desk.program.stop();
  const refused = await sign();
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /are signed\. Nothing was done/);
  restore();
  Object.assign(desk, await startServe(kept, desk.folder));
  await desk.admin.get('/environment');
});

test('the check needs the key, and a database', async () => {
  const other = temporaryFolder(kept);
  await run('key', 'new', join(other, 'other.key'));
  const wrong = await run('store', 'check', '--data-dir', join(desk.folder, 'data'),
    '--key-file', join(other, 'other.key'));
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /does not fit/);
  const none = await run('store', 'check', '--data-dir', other,
    '--key-file', join(other, 'other.key'));
  assert.equal(none.code, 1);
  assert.match(none.stderr, /no database/);
});
