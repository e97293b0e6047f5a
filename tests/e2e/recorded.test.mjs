// What the audit log says of calls that a person let through, of those that never ran, and of what
// happens without a request.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from './harness/clients.mjs';
import { startSandbox, startServe, temporaryFolder } from './harness/demo.mjs';
import { legacyCall, modernRequest, post } from './harness/http.mjs';
import { run } from './harness/process.mjs';
import { join } from 'node:path';

const kNote = 'create_a_connect_wise_psa_ticket_note';
const kTicket = 5012;

let desk, folder;
const ends = [];
const kept = { after: (end) => ends.push(end) };
after(async () => { for (const end of ends.reverse()) await end(); });
before(async () => {
  folder = temporaryFolder(kept);
  desk = { ...await startSandbox(kept),
    ...await startServe(kept, folder, { args: ['--least-lifetime', '1'] }) };
});

let named = 0;
async function mint(config) {
  const name = `Recorded ${++named}`;
  const { admin, credentials } = desk;
  const environment = await admin.create('/environment', { name });
  const account = await admin.create('/integrated-account', { integration: 'connectwise_psa', name,
    environment_id: environment.id, credentials });
  const server = await admin.create(`/integrated-account/${account.id}/mcp`, { name, config });
  return { environment, account, server, url: server.url };
}
const call = async (m, name, args) => {
  const { result } = (await post(m.url, legacyCall(name, args))).body;
  return JSON.parse(result.content[0].text);
};
const note = (text) => ({ ticketId: kTicket, internalAnalysisFlag: true, text });

// The events of an environment, oldest first, once there are as many that fit.
async function events(m, fits, many = 1) {
  for (let i = 0; ; ++i) {
    const { result } = await desk.admin.get(`/log?environment_id=${m.environment.id}`);
    const found = result.filter(fits);
    if (found.length >= many) {
      assert.equal(found.length, many, JSON.stringify(found));
      return found.reverse();
    }
    assert.ok(i < 100, `${found.length} of ${many} events: ${JSON.stringify(result)}`);
    await sleep(50);
  }
}
const written = ({ tool, ended_number: ended }) => tool === kNote && ended;

describe('who calls', () => {
  const kGet = 'get_single_connect_wise_psa_ticket_by_id';
  const kMost = 100;  // bytes; every event has it

  test('as the client says, cut to a line', async () => {
    const m = await mint({});
    const { headers, body } = modernRequest('tools/call', { name: kGet, arguments: { id: kTicket } });
    body.params._meta['io.modelcontextprotocol/clientInfo'] = { name: 'é'.repeat(200_000), version: '9'.repeat(200_000) };
    assert.equal((await post(m.url, body, headers)).status, 200);
    const [{ client, client_version: version }] = await events(m, ({ tool }) => tool === kGet);
    assert.deepEqual([client, version], ['é'.repeat(kMost / 2), '9'.repeat(kMost)]);
  });

  test('of a revision with a handshake, as its User-Agent says', async () => {
    const m = await mint({});
    await post(m.url, legacyCall(kGet, { id: kTicket }), { 'user-agent': 'Desk/7' });
    const [{ client }] = await events(m, ({ tool }) => tool === kGet);
    assert.equal(client, 'Desk/7');
  });
});

describe('who let a write through', () => {
  test('by the API: the token', async () => {
    const m = await mint({ require_approval: ['write'] });
    const { approval: { id } } = await call(m, kNote, note('By the API'));
    const [waits] = await events(m, ({ tool }) => tool === kNote);
    assert.equal(waits.error_code, 'approval_required');
    assert.equal(waits.outcome, 'failed');
    assert.equal(waits.mcp_server_id, m.server.id);
    const done = await desk.admin.request('POST', `/approval/${id}/approve`, {});
    assert.equal(done.body.state, 'done', done.text);
    const [write] = await events(m, written);
    assert.equal(write.approved_by, done.body.decided_by);
    assert.match(write.approved_by, /^tok_/);
  });

  test('by a link: its maker, in the environment of the approval', async () => {
    const m = await mint({ require_approval: ['write'] });
    const { approval: { id } } = await call(m, kNote, note('By a link'));
    const { url } = (await desk.admin.request('POST', `/approval/${id}/link`)).body;
    const answer = await fetch(url, { method: 'POST', body: new URLSearchParams({ decision: 'approve' }) });
    assert.equal(answer.status, 200, await answer.text());
    const [decision] = await events(m, ({ kind, tool }) => kind === 'change' && tool === 'approve');
    assert.equal(decision.environment_id, m.environment.id);
    assert.equal(decision.integrated_account_id, m.account.id);
    assert.equal(decision.mcp_server_id, m.server.id);
    assert.equal(decision.target, `/approval/${id}`);
    assert.equal(decision.outcome, 'done');
    assert.match(decision.approved_by, /^link of tok_/);
    const [write] = await events(m, written);
    assert.equal(write.approved_by, decision.approved_by);
  });

  test('at the client: the decision and its session as well', async () => {
    const m = await mint({ require_approval: ['write'], approve_by: 'client' });
    const answers = [{ action: 'decline' }, { action: 'accept', content: { approve: true } }];
    const client = await ask(m.url, async () => answers.shift());
    for (const text of ['No', 'Yes']) await client.callTool({ name: kNote, arguments: note(`At the client: ${text}`) });
    await client.close();
    const [no, yes] = await events(m, ({ kind, tool }) => kind === 'change' && /^(approve|refuse)$/.test(tool), 2);
    assert.equal(no.tool, 'refuse');
    assert.equal(yes.tool, 'approve');
    assert.equal(yes.approved_by, 'client');
    assert.equal(yes.outcome, 'done');
    const [write] = await events(m, written);
    assert.equal(write.approved_by, 'client');
    const [refused] = await events(m, ({ error_code: code }) => code === 'approval_refused');
    // The session that the client was given, and the client that it told of when it began.
    assert.match(refused.session_id, /^ses_/);
    assert.equal(refused.session_id, yes.session_id);
    assert.ok(refused.client);
  });
});

test('calls that never ran: of a tool that is not there, and over the quota', async () => {
  const m = await mint({ quota: { calls_per_minute: 1 } });
  await post(m.url, legacyCall('drop_all_tables', {}));
  const get = 'get_single_connect_wise_psa_ticket_by_id';
  for (let i = 0; i < 2; ++i) await post(m.url, legacyCall(get, { id: kTicket }));
  const [unknown, first, second] = await events(m, ({ kind }) => kind === 'read', 3);
  assert.equal(unknown.tool, 'drop_all_tables');
  assert.equal(unknown.error_code, 'unknown_tool');
  assert.equal(first.outcome, 'done');
  assert.equal(second.error_code, 'rate_limited');
  assert.equal(second.tool, get);
  for (const event of [unknown, first, second]) assert.ok(event.request_id);
});

test('a server whose time is over', async () => {
  const m = await mint({});
  const expires = new Date(Date.now() + 2_000).toISOString();
  const server = await desk.admin.create(`/integrated-account/${m.account.id}/mcp`, { name: 'Short', expires_at: expires });
  const [expired] = await events(m, ({ tool }) => tool === 'expire');
  assert.equal(expired.kind, 'change');
  assert.equal(expired.outcome, 'done');
  assert.equal(expired.mcp_server_id, server.id);
  assert.equal(expired.integrated_account_id, m.account.id);
  assert.ok(expired.at >= expires, expired.at);
});

test('what happens without a request: the first token, and one that was made with the key', async () => {
  const of = async () => (await desk.admin.get('/log?kind=change&tool=createApiToken')).result;
  const [first] = await of();
  assert.equal(first.environment_id, null);
  assert.equal(first.outcome, 'done');
  assert.match(first.record_id, /^tok_/);
  await desk.program.stop();
  const made = await run('token', 'new', '--name', 'With the key', '--data-dir', join(folder, 'data'),
    '--key-file', join(folder, 'patchbay.key'));
  assert.equal(made.code, 0, made.stderr);
  const shown = await run('audit', 'export', '--data-dir', join(folder, 'data'), '--key-file',
    join(folder, 'patchbay.key'));
  const told = shown.stdout.trim().split('\n').map((line) => JSON.parse(line))
    .filter(({ tool }) => tool === 'createApiToken');
  assert.equal(told.length, 2, shown.stdout);
  assert.notEqual(told[0].record_id, told[1].record_id);
  assert.equal(told[0].client, 'patchbay token new');
});
