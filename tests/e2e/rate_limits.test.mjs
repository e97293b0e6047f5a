// An upstream that says "too many": told at once, unretried, with the seconds to wait.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { clients, connect } from './harness/clients.mjs';
import { startDemo } from './harness/demo.mjs';
import { legacyCall, post } from './harness/http.mjs';

const kTool = 'list_all_connect_wise_psa_priorities';
const kMeta = 'dev.patchbay/rate-limit';

let demo;
before(async () => { demo = await startDemo(); });
after(() => demo.program.stop());

const limit = (requests, more = {}) => demo.psa.control('PATCH', 'config',
  { rate_limit: requests, rate_window_seconds: 60, rate_retry_after: true, ...more });

// The MCP URL of an account that no limit has been told to: the pause that one test brings about holds
// for its own account alone, and nobody waits for its end.
async function freshUrl() {
  await limit(0);
  const account = await demo.admin.create('/integrated-account',
    { integration: 'connectwise_psa', name: 'PSA', tenant_id: 'limited', credentials: demo.credentials });
  return (await demo.admin.create(`/integrated-account/${account.id}/mcp`, { name: 'limited', config: {} })).url;
}

for (const kind of clients) {
  describe(kind.name, () => {
    const fresh = async (t) => connect(t, kind, await freshUrl());

    test('429 becomes an error result that says how long to wait', async (t) => {
      const claude = await fresh(t);
      await limit(1);
      await claude.call(kTool, { limit: 1 });
      const before = (await demo.psa.control('GET', 'requests')).total;
      const error = await claude.refused(kTool, { limit: 2 });
      assert.equal(error.status, 429);
      assert.ok(error.retry_after_seconds > 0 && error.retry_after_seconds <= 60, JSON.stringify(error));
      assert.equal(error.was_applied, 'no');
      assert.ok(error.hint, 'it says what to do');
      const after = (await demo.psa.control('GET', 'requests')).total;
      assert.equal(after, before + 1, 'asked once, not again');
      await limit(0);
    });

    test('the same facts stand in the result\'s _meta', async (t) => {
      const claude = await fresh(t);
      await limit(1);
      await claude.call(kTool, { limit: 1 });
      const result = await claude.raw(kTool, { limit: 2 });
      assert.ok(result.isError);
      assert.ok(result._meta[kMeta], JSON.stringify(result._meta));
      await limit(0);
    });

    test('a write that was limited was not applied', async (t) => {
      const claude = await fresh(t);
      const census = await demo.psa.census();
      await claude.call('list_all_connect_wise_psa_boards', { limit: 1 });
      await limit(1);
      const error = await claude.refused('create_a_connect_wise_psa_ticket',
        { summary: 'Limited', company: 'Acme Corp', board: 'Triage' });
      assert.equal(error.status, 429);
      assert.equal(error.was_applied, 'no');
      await limit(0);
      assert.deepEqual(await demo.psa.census(), census);
    });
  });
}

test('an account tells how much its API still takes, as long as that holds', async (t) => {
  await limit(0);
  const account = await demo.admin.create('/integrated-account',
    { integration: 'connectwise_psa', name: 'Told', credentials: demo.credentials });
  const { url } = await demo.admin.create(`/integrated-account/${account.id}/mcp`, { name: 'told' });
  const told = async () => (await demo.admin.get(`/integrated-account/${account.id}`)).rate_limit;
  assert.equal(account.rate_limit, null);
  await limit(1, { rate_window_seconds: 3 });
  await post(url, legacyCall(kTool, { limit: 1 }));
  const refused = JSON.parse((await post(url, legacyCall(kTool, { limit: 2 }))).body.result.content[0].text).error;
  const { remaining, resets_at: resets } = await told();
  assert.equal(remaining, 0);
  const left = Date.parse(resets) - Date.now();
  assert.ok(left > 0 && left <= refused.retry_after_seconds * 1000, `${left} ms of ${refused.retry_after_seconds} s`);
  const listed = (await demo.admin.get('/integrated-account?name=told')).result;
  assert.deepEqual(listed.map(({ id, rate_limit }) => [id, rate_limit.remaining]), [[account.id, 0]]);
  await limit(0);
  while (Date.now() <= Date.parse(resets)) await setTimeout(50);
  // What is told by the wall clock is held by the steady one, which may be some milliseconds behind.
  while (await told() !== null) assert.ok(Date.now() < Date.parse(resets) + 1000, 'it is over, and told all the same');
});

test('until the pause is over nothing is sent; then calls go through again', async (t) => {
  const claude = await connect(t, clients[0], await freshUrl());
  await limit(1, { rate_window_seconds: 2 });
  await claude.call(kTool, { limit: 1 });
  const { retry_after_seconds: pause } = await claude.refused(kTool, { limit: 2 });
  await limit(0);
  const before = (await demo.psa.control('GET', 'requests')).total;
  assert.equal((await claude.refused(kTool, { limit: 2 })).status, 429);
  assert.equal((await demo.psa.control('GET', 'requests')).total, before, 'nothing was sent');
  await setTimeout(pause * 1000 + 100);
  await claude.call(kTool, { limit: 2 });
});

test('HTTP headers say it too, for those who see them', async () => {
  const url = await freshUrl();
  await limit(1);
  await post(url, legacyCall(kTool, { limit: 1 }));
  const { status, headers, body } = await post(url, legacyCall(kTool, { limit: 2 }));
  assert.equal(status, 200, 'a tool error is a result, not a transport error');
  assert.ok(body.result.isError);
  assert.equal(headers.get('ratelimit-remaining'), '0');
  assert.match(headers.get('ratelimit-reset') ?? '', /^\d+$/);
  assert.equal(body.result._meta[kMeta].remaining, 0);
  assert.equal(String(body.result._meta[kMeta].reset), headers.get('ratelimit-reset'));
  await limit(0);
});

test('without Retry-After the seconds come from the body', async () => {
  const url = await freshUrl();
  await limit(1, { rate_retry_after: false });
  await post(url, legacyCall(kTool, { limit: 1 }));
  const { body } = await post(url, legacyCall(kTool, { limit: 2 }));
  const { error } = JSON.parse(body.result.content[0].text);
  assert.ok(error.retry_after_seconds > 0, JSON.stringify(error));
  await limit(0);
});

test('a failing upstream is told as such, without its text', async () => {
  await demo.psa.control('PATCH', 'config', { fault_percent: 100 });
  const { status, body } = await post(demo.mcp_url, legacyCall(kTool, { limit: 1 }));
  assert.equal(status, 200);
  assert.ok(body.result.isError);
  const { error } = JSON.parse(body.result.content[0].text);
  assert.ok(error.status >= 500, JSON.stringify(error));
  assert.ok(error.hint);
  await demo.psa.control('PATCH', 'config', { fault_percent: 0 });
});
