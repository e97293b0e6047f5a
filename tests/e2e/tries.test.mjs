// A tool tried by an operator against an account, what it costs before a server is minted, and what
// is counted of calls afterwards: the real binary before the sandbox.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox, startServe, temporaryFolder } from './harness/demo.mjs';
import { legacyCall, post } from './harness/http.mjs';

const kPrefix = 'connect_wise_psa';
const kTickets = `list_all_${kPrefix}_tickets`;
const kUpdate = `update_a_${kPrefix}_ticket_by_id`;

let desk, account, tools;
const ends = [];
const kept = { after: (end) => ends.push(end) };
after(async () => { for (const end of ends.reverse()) await end(); });
before(async () => {
  desk = { ...await startSandbox(kept), ...await startServe(kept, temporaryFolder(kept)) };
  account = await desk.admin.create('/integrated-account',
    { integration: 'connectwise_psa', name: 'Tried', credentials: desk.credentials });
  tools = `/integrated-account/${account.id}/tool`;
});

async function posted(path, body) {
  const answer = await desk.admin.request('POST', path, body);
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
}
const attempt = (tool, body) => posted(`${tools}/${tool}/try`, body);
const secrets = () => Object.entries(desk.credentials)
  .filter(([name]) => ['private_key', 'public_key'].includes(name)).map(([, value]) => value);

describe('a tool that is tried', () => {
  test('shows the request, what came and what is left of it', async () => {
    const tried = await attempt(kTickets, { arguments: { board: 'Server Team', limit: 25 } });
    assert.equal(tried.is_error, false, tried.text);
    assert.equal(tried.request.method, 'GET');
    assert.match(tried.request.url, /\/service\/tickets\?/);
    assert.equal(tried.upstream_status, 200);
    assert.equal(JSON.parse(tried.text).result.length <= 25, true);
    assert.ok(tried.raw_bytes > tried.text_bytes, `${tried.raw_bytes} to ${tried.text_bytes}`);
    assert.ok(tried.tokens_saved_estimate > 0);
    assert.ok(tried.raw.length <= 200_000 && tried.raw.startsWith('['));
    assert.deepEqual(tried.stages.map(({ name }) => name).slice(0, 2), ['arguments', 'names']);
    for (const secret of secrets()) assert.equal(JSON.stringify(tried).includes(secret), false);
    assert.doesNotMatch(JSON.stringify(tried), /[Aa]uthorization|Basic /);
  });

  test('writes nothing unless that is said, and is an event of who asked', async () => {
    const ticket = () => desk.psa.get('/service/tickets/5012');
    const was = await ticket();
    const change = { arguments: { id: 5012, summary: 'Tried on a Monday' } };
    const shown = await attempt(kUpdate, change);
    assert.equal(shown.is_error, false, shown.text);
    assert.equal(shown.request.method, 'PATCH');
    assert.match(shown.request.url, /\/service\/tickets\/5012$/);
    assert.equal(shown.request.body[0].value, 'Tried on a Monday');
    assert.deepEqual(await ticket(), was);
    const done = await attempt(kUpdate, { ...change, dry_run: false });
    assert.equal(done.is_error, false, done.text);
    assert.equal((await ticket()).summary, 'Tried on a Monday');
    const { result } = await desk.admin.get(`/log?tool=${kUpdate}&kind=write`);
    assert.equal(result.length, 1);
    assert.equal(result[0].mcp_server_id, null);
    assert.ok(result[0].api_token_id);
    assert.equal(result[0].outcome, 'done');
    // No change of this API, and no second event.
    assert.deepEqual((await desk.admin.get('/log?tool=tryTool')).result, []);
  });

  test('is refused as a model’s call is, with the refusal as it came', async () => {
    const unknown = await attempt(kTickets, { arguments: { board: 'No such board' } });
    assert.equal(unknown.is_error, true);
    assert.match(JSON.parse(unknown.text).error.message, /No such board/);
    assert.equal(unknown.request, null);
    const gone = await attempt(`get_single_${kPrefix}_ticket_by_id`, { arguments: { id: 99999999 } });
    assert.equal(gone.is_error, true);
    assert.equal(gone.upstream_status, 404);
    assert.match(gone.raw, /code/);
  });

  test('has its arguments completed from the account, within what the others say', async () => {
    const complete = async (argument, value, context = {}) => (await desk.admin.get(
      `${tools}/create_a_${kPrefix}_ticket/complete?${new URLSearchParams(
        { argument, value, context: JSON.stringify(context) })}`)).values;
    assert.ok((await complete('board', 'serv')).includes('Server Team'));
    assert.deepEqual(await complete('status', ''), []);
    assert.ok((await complete('status', '', { board: 'Server Team' })).length > 1);
    assert.deepEqual(await complete('board', 'no such board'), []);
  });
});

test('a preview is what the server that is minted of it lists', async () => {
  const config = { methods: ['read', 'write'], tags: ['time'], require_approval: ['write'] };
  const servers = `/integrated-account/${account.id}/mcp`;
  const preview = await posted(`${servers}/preview`, { config });
  const { url, tool_count: count } = await desk.admin.create(servers, { name: 'Previewed', config });
  const { body } = await post(url, { jsonrpc: '2.0', id: 1, method: 'tools/list' });
  assert.deepEqual(preview.tools.map(({ name }) => name), body.result.tools.map(({ name }) => name));
  assert.equal(preview.tool_count, count);
  const bytes = ({ name, description, inputSchema }) =>
    Buffer.byteLength(name) + Buffer.byteLength(description) + Buffer.byteLength(JSON.stringify(inputSchema));
  assert.deepEqual(preview.tools.map(({ tokens_estimate: tokens }) => tokens),
    body.result.tools.map((tool) => Math.ceil(bytes(tool) / 4)));
});

test('calls are counted, with what they saved, and an account’s limits are told', async () => {
  const server = await desk.admin.create(`/integrated-account/${account.id}/mcp`, { name: 'Counted' });
  for (let i = 0; i < 3; ++i) await post(server.url, legacyCall(kTickets, { limit: 5 }));
  await post(server.url, legacyCall('nothing', {}));
  for (let i = 0; ; ++i) {
    const activity = await desk.admin.get(`/activity?mcp_server_id=${server.id}`);
    if (activity.totals.calls === 4) {
      assert.equal(activity.totals.errors, 1);
      assert.ok(activity.totals.tokens_saved_estimate > 0);
      assert.deepEqual(activity.servers, [{ mcp_server_id: server.id, name: 'Counted', calls: 4, errors: 1 }]);
      assert.equal(activity.buckets.reduce((sum, { calls }) => sum + calls, 0), 4);
      break;
    }
    assert.ok(i < 100, JSON.stringify(activity.totals));
    await sleep(50);
  }
  const overview = await desk.admin.get('/overview');
  assert.equal(overview.accounts.active, 1);
  assert.equal(overview.store, 'ok');
  assert.ok(overview.today.calls >= 4);
  assert.equal('sandbox' in overview, false);
});
