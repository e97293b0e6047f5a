// A stored secret goes nowhere new: each way to send it elsewhere, with a listener that records what
// arrives there.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { startSandbox, startServe, temporaryFolder } from '../e2e/harness/demo.mjs';
import { legacyCall, post } from '../e2e/harness/http.mjs';
import { alter } from './harness/rows.mjs';

const kLook = 'get_single_connect_wise_psa_ticket_by_id';
const root = new URL('../../', import.meta.url).pathname;

// Whoever wants the secret. `heard`: what arrived, as it came.
let evil;
let sandbox;
let desk;  // an account with a server, in a folder of its own
const ends = [];
const kept = { after: (end) => ends.unshift(end) };
after(async () => { for (const end of ends) await end(); });

before(async () => {
  const heard = [];
  const server = createServer((request, response) => {
    heard.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
    response.writeHead(200, { 'content-type': 'application/json' }).end('[{"id":1}]');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  kept.after(() => server.close());
  evil = { heard, url: `http://127.0.0.1:${server.address().port}`, port: server.address().port };
  sandbox = await startSandbox(kept);
  const folder = temporaryFolder(kept);
  desk = { folder, ...(await startServe(kept, folder)) };
  desk.account = await connect('Victim');
  desk.servers = `/integrated-account/${desk.account.id}/mcp`;
  desk.server = await desk.admin.create(desk.servers, { name: 'Victim' });
});
beforeEach(() => { evil.heard.length = 0; });

const connect = (name, credentials = sandbox.credentials) => desk.admin.create('/integrated-account',
  { integration: 'connectwise_psa', name, credentials });
const patched = (credentials) => desk.admin.request('PATCH', `/integrated-account/${desk.account.id}`,
  { credentials });
const look = (url = desk.server.url) => post(new URL(new URL(url).pathname, desk.url),
  legacyCall(kLook, { id: 5012 }));

// Stops, lets something happen to the folder, and starts again.
async function startAgain(between, args = []) {
  await desk.program.stop();
  await between(join(desk.folder, 'data', 'patchbay.db'));
  Object.assign(desk, await startServe(kept, desk.folder, { args }));
}
async function refuses(what) {
  const answer = await look();
  assert.ok(answer.status === 404 || answer.body.error || answer.body.result.isError, answer.text);
  await desk.admin.request('POST', `/integrated-account/${desk.account.id}/probe`);
  assert.deepEqual(evil.heard, [], what);
}
async function serves() {
  const answer = await look();
  assert.equal(answer.status, 200, answer.text);
  assert.equal(JSON.parse(answer.body.result.content[0].text).id, 5012);
}

test('a changed site without the secrets is refused before anything is sent', async () => {
  for (const site of [evil.url, `127.0.0.1:${evil.port}`, `http://localhost:${evil.port}`]) {
    for (const more of [{}, { private_key: '' }, { private_key: null }, { public_key: 'guessed' }]) {
      const answer = await patched({ site, ...more });
      assert.equal(answer.status, 400, answer.text);
    }
  }
  const answer = await patched({ site: evil.url });
  assert.match(answer.text, /private_key/);
  assert.ok(answer.text.includes(evil.url) && answer.text.includes(sandbox.credentials.site));
  assert.deepEqual(evil.heard, []);
  await serves();
});

test('the listener hears a secret that was entered for it, and not the stored one', async () => {
  const answer = await patched({ site: evil.url, private_key: 'entered-for-it' });
  assert.equal(answer.status, 200, answer.text);
  assert.ok(evil.heard.length > 0);
  const stored = Buffer.from(`:${sandbox.credentials.private_key}`).toString('base64').slice(-12);
  assert.ok(!evil.heard.join().includes(stored));
  await desk.admin.change(`/integrated-account/${desk.account.id}`,
    { credentials: { ...sandbox.credentials } });
  await serves();
});

test('a definition that was changed between two starts gets nothing', async () => {
  const packs = join(desk.folder, 'integrations');
  mkdirSync(packs);
  cpSync(join(root, 'integrations', 'connectwise_psa'), join(packs, 'connectwise_psa'),
    { recursive: true });
  const file = join(packs, 'connectwise_psa', 'integration.yaml');
  const definition = readFileSync(file, 'utf8');
  for (const base of [`${evil.url}/v4_6_release/apis/3.0`, `http://127.0.0.1:${evil.port}`]) {
    writeFileSync(file, definition.replace(/^base_url: .*$/m, `base_url: "${base}"`));
    await startAgain(() => {}, ['--integrations', packs]);
    await refuses('a changed definition');
    assert.match(desk.program.stderr, /The credentials were entered for/);
  }
  await startAgain(() => {});
  await serves();
});

test('a row of the database that was altered gets nothing', async () => {
  const bait = await connect('Bait', { ...sandbox.credentials, site: evil.url, private_key: 'bait' });
  evil.heard.length = 0;
  const { id } = desk.account;
  const swaps = {
    'the credentials of another account': (file) => alter(file,
      `UPDATE integrated_account SET credentials =
         (SELECT credentials FROM integrated_account WHERE id = '${bait.id}') WHERE id = '${id}'`),
    'with its code as well': (file) => alter(file,
      `UPDATE integrated_account SET (credentials, mac) =
         (SELECT credentials, mac FROM integrated_account WHERE id = '${bait.id}') WHERE id = '${id}'`),
    'another integration': (file) => alter(file,
      `UPDATE integrated_account SET integration = 'evil' WHERE id = '${id}'`),
    'a server of the other account': (file) => alter(file,
      `UPDATE mcp_server SET account_id = '${bait.id}' WHERE id = '${desk.server.id}'`),
  };
  // An integration that sends what it is given to the listener.
  const packs = join(desk.folder, 'integrations');
  cpSync(join(packs, 'connectwise_psa'), join(packs, 'evil'), { recursive: true });
  const file = join(packs, 'evil', 'integration.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('name: connectwise_psa', 'name: evil'));
  cpSync(join(root, 'integrations', 'connectwise_psa', 'integration.yaml'),
    join(packs, 'connectwise_psa', 'integration.yaml'));
  for (const [what, swap] of Object.entries(swaps)) {
    let restore;
    await startAgain((database) => { restore = swap(database); }, ['--integrations', packs]);
    await refuses(what);
    await startAgain(() => restore());
    await serves();
  }
});

test('a redirect takes nothing to another host', async () => {
  const fault = (settings) => fetch(`${sandbox.psa.url}/_sandbox/faults`, { method: 'POST',
    headers: { ...sandbox.psa.headers, 'content-type': 'application/json' },
    body: JSON.stringify(settings) });
  const path = '/v4_6_release/apis/3.0/service/tickets/5012';
  for (const status of [301, 302, 303, 307, 308]) {
    for (const location of [`${evil.url}${path}`, `http://localhost:${evil.port}${path}`,
      `//127.0.0.1:${evil.port}${path}`, `http://user@127.0.0.1:${evil.port}${path}`]) {
      await fault({ status, headers: { Location: location }, body: '{}' });
      const answer = await look();
      assert.ok(answer.body.result.isError, `${status} ${location}: ${answer.text}`);
      await fault({ status, headers: { Location: location }, body: '{}' });
      await desk.admin.request('POST', `/integrated-account/${desk.account.id}/probe`);
      await fetch(`${sandbox.psa.url}/_sandbox/faults`, { method: 'DELETE',
        headers: sandbox.psa.headers });
    }
  }
  assert.deepEqual(evil.heard, []);
});
