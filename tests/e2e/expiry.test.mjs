// An MCP server with a lifetime ends on time, also when nobody was there to see it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSandbox, startServe, temporaryFolder } from './harness/demo.mjs';
import { post } from './harness/http.mjs';

const kListTools = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };
const kLifetime = 5000;
const kShort = { args: ['--least-lifetime', '1'] };  // so that no test waits for a minute to pass

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const ahead = (ms) => new Date(Date.now() + ms).toISOString();

async function connect({ admin }, credentials) {
  const account = await admin.create('/integrated-account',
    { integration: 'connectwise_psa', name: 'PSA', tenant_id: 'a', credentials });
  return `/integrated-account/${account.id}/mcp`;
}

async function mint({ admin }, credentials) {
  const servers = await connect({ admin }, credentials);
  const expires_at = ahead(kLifetime);
  const made = await admin.create(servers, { name: 'contractor', config: {}, expires_at });
  assert.equal((await post(made.url, kListTools)).status, 200);
  return { servers, made, end: Date.parse(expires_at) };
}

test('a lifetime of less than a minute is refused', async (t) => {
  const { credentials } = await startSandbox(t);
  const { admin } = await startServe(t, temporaryFolder(t));
  const servers = await connect({ admin }, credentials);
  const wanted = (ms) => ({ name: 'x', config: {}, expires_at: ahead(ms) });
  const { message } = await admin.refused(400, 'POST', servers, wanted(59_000));
  assert.match(message, /expires_at.*at least 60 seconds ahead/);
  await admin.create(servers, wanted(90_000));
});

test('at its expiry a server is refused and gone, whether the process was up or down', async (t) => {
  const { credentials } = await startSandbox(t);
  const up = await startServe(t, temporaryFolder(t), kShort);
  const downFolder = temporaryFolder(t);
  const down = await startServe(t, downFolder, kShort);

  const first = await mint(up, credentials);
  const second = await mint(down, credentials);
  assert.equal((await down.program.stop()).code, 0);

  // Until the moment it works; from then on it does not.
  for (let status = 200; status === 200;) {
    const asked = Date.now();
    status = (await post(first.made.url, kListTools)).status;
    if (asked >= first.end) assert.equal(status, 404, 'refused from the very moment');
    else if (Date.now() < first.end - 1000) assert.equal(status, 200, 'not before');
    await wait(100);
  }
  const answer = await post(first.made.url, kListTools);
  assert.equal(answer.status, 404);
  assert.match(answer.body.error_description, /expired/);

  // It is not only refused: it is gone.
  for (const deadline = first.end + 5000; ;) {
    const { result } = await up.admin.get(first.servers);
    if (result.length === 0) break;
    assert.ok(Date.now() < deadline, 'still listed five seconds after its end');
    await wait(100);
  }

  // The other one's process was down when the moment came.
  while (Date.now() < second.end) await wait(100);
  const again = await startServe(t, downFolder, kShort);
  assert.equal((await post(second.made.url.replace(down.url, again.url), kListTools)).status, 404);
  assert.deepEqual((await again.admin.get(second.servers)).result, []);
});
