// What needs a person's yes does not leave before it, leaves once after it, and leaves as it was shown:
// held against the sandbox's own log.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from './harness/clients.mjs';
import { hourOfToday } from './harness/days.mjs';
import { startSandbox, startServe, temporaryFolder } from './harness/demo.mjs';
import { legacyCall, post } from './harness/http.mjs';

const kNote = 'create_a_connect_wise_psa_ticket_note';
const kUpdate = 'update_a_connect_wise_psa_ticket_by_id';
const kDeleteNote = 'delete_a_connect_wise_psa_ticket_note_by_id';
const kTicket = 5012;

let desk;
const ends = [];
const kept = { after: (end) => ends.push(end) };
after(async () => { for (const end of ends.reverse()) await end(); });
before(async () => {
  const sandbox = await startSandbox(kept);
  desk = { ...sandbox, ...await startServe(kept, temporaryFolder(kept)) };
});

const sandboxRequest = (method, path, body) => fetch(desk.psa.url + path, { method,
  headers: { ...desk.psa.headers, 'content-type': 'application/json' },
  body: body && JSON.stringify(body) });
// What changed something in the sandbox since `begin`.
const begin = () => sandboxRequest('DELETE', '/_sandbox/requests');
async function writes() {
  const { requests } = await (await sandboxRequest('GET', '/_sandbox/requests?limit=1000')).json();
  return requests.filter(({ method, path }) => method !== 'GET' && !path.startsWith('/_sandbox'));
}

let named = 0;
async function mint(config, { admin, credentials } = desk) {
  const name = `Approvals ${++named}`;
  const environment = await admin.create('/environment', { name });
  const account = await admin.create('/integrated-account', { integration: 'connectwise_psa', name,
    environment_id: environment.id, credentials });
  const servers = `/integrated-account/${account.id}/mcp`;
  const server = await admin.create(servers, { name, config });
  return { admin, environment, account, servers, server, url: server.url };
}
const call = async (m, name, args) => {
  const { result } = (await post(m.url, legacyCall(name, args))).body;
  return { ...JSON.parse(result.content[0].text), isError: result.isError ?? false };
};
const approve = (m, id, body = {}) => m.admin.request('POST', `/approval/${id}/approve`, body);
const note = (text) => ({ ticketId: kTicket, internalAnalysisFlag: true, text });
const notes = async (text) =>
  (await desk.psa.get(`/service/tickets/${kTicket}/notes`, { pageSize: 1000 })).filter((one) => one.text === text);

// A call that waits: its id.
async function held(m, name, args) {
  const answer = await call(m, name, args);
  assert.ok(answer.isError);
  assert.equal(answer.error?.code, 'approval_required', JSON.stringify(answer));
  assert.equal(answer.error.was_applied, 'no');
  return answer.approval.id;
}

describe('a call that needs a yes', () => {
  test('is for the site that it was shown for, and asked again for another', async (t) => {
    const other = await startSandbox(t);
    const text = `For one site ${Date.now()}`;
    const m = await mint({ require_approval: ['write'] });
    const id = await held(m, kNote, note(text));
    const { to } = await m.admin.get(`/approval/${id}`);
    assert.equal(to.address, new URL(desk.credentials.site).origin);
    await m.admin.change(`/integrated-account/${m.account.id}`, { credentials: other.credentials });
    await begin();
    const stale = await approve(m, id);
    assert.equal(stale.body.state, 'stale', stale.text);
    assert.equal(stale.body.changed.to.address, new URL(other.credentials.site).origin);
    const there = await other.psa.get(`/service/tickets/${kTicket}/notes`, { pageSize: 1000 });
    assert.deepEqual([await writes(), there.filter((one) => one.text === text)], [[], []]);
  });

  test('counts as a write of the quota when it is asked for, and not each time', async () => {
    const m = await mint({ require_approval: [kUpdate], quota: { writes_per_day: 2 } });
    const args = { id: kTicket, summary: 'Counted once' };
    const id = await held(m, kUpdate, args);
    for (let i = 0; i < 4; ++i) assert.equal(await held(m, kUpdate, args), id);
    assert.equal((await call(m, kNote, note(`Within ${Date.now()}`))).isError, false);
    assert.equal((await call(m, kNote, note(`Beyond ${Date.now()}`))).error.code, 'rate_limited');
  });

  test('does not leave before it, leaves once after it, as it was shown', async () => {
    const m = await mint({ require_approval: ['write'] });
    await begin();
    const args = note('Approved once');
    const id = await held(m, kNote, args);
    assert.equal(await held(m, kNote, args), id, 'the same call again is the same approval');
    assert.deepEqual(await writes(), [], 'nothing left before the yes');

    const { result: [listed] } = await m.admin.get('/approval?state=pending&mcp_server_id=' + m.server.id);
    assert.equal(listed.id, id);
    const shown = await m.admin.get(`/approval/${id}`);
    assert.equal(shown.request.method, 'POST');
    assert.equal(shown.request.path, `/service/tickets/${kTicket}/notes`);
    assert.equal(shown.request.body.text, 'Approved once');

    const done = await approve(m, id, { reason: 'as agreed' });
    assert.equal(done.status, 200, done.text);
    assert.equal(done.body.state, 'done');
    assert.equal(done.body.reason, 'as agreed');
    const sent = await writes();
    assert.equal(sent.length, 1);
    assert.equal(sent[0].method, 'POST');
    assert.ok(sent[0].path.endsWith(shown.request.path), sent[0].path);
    assert.equal((await notes('Approved once')).length, 1);

    // The model learns it by the same call and by the tool, and neither sends anything.
    const again = await call(m, kNote, args);
    assert.equal(again.approval.state, 'done');
    assert.equal(again.result.id, done.body.result.id);
    const status = await call(m, 'get_approval_status', { approval_id: id });
    assert.equal(status.approval.state, 'done');
    assert.equal(status.result.id, done.body.result.id);
    assert.equal((await writes()).length, 1);
    assert.equal((await approve(m, id)).status, 409);
    assert.equal((await writes()).length, 1);
  });

  test('is approved by two at the same time and sent once', async () => {
    const m = await mint({ require_approval: [kNote] });
    const id = await held(m, kNote, note('Two approve'));
    await begin();
    const answers = await Promise.all(Array.from({ length: 5 }, () => approve(m, id)));
    const statuses = answers.map(({ status }) => status).sort();
    assert.equal(statuses.filter((status) => status === 200).length, 1, String(statuses));
    assert.ok(statuses.every((status) => [200, 409, 429].includes(status)), String(statuses));
    assert.equal((await writes()).length, 1);
    assert.equal((await notes('Two approve')).length, 1);
  });

  test('is refused with a reason that the model is told', async () => {
    const m = await mint({ require_approval: ['write'] });
    await begin();
    const id = await held(m, kNote, note('Refused'));
    const refused = await m.admin.request('POST', `/approval/${id}/refuse`, { reason: 'not this one' });
    assert.equal(refused.body.state, 'refused');
    const told = await call(m, kNote, note('Refused'));
    assert.equal(told.error.code, 'approval_refused');
    assert.match(told.error.message, /not this one/);
    assert.equal((await approve(m, id)).status, 409);
    assert.deepEqual(await writes(), []);
  });

  test('expires', async () => {
    const m = await mint({ require_approval: ['write'], approval_expires_in: 10 });
    await begin();
    const id = await held(m, kNote, note('Too late'));
    const { expires_at } = await m.admin.get(`/approval/${id}`);
    while (Date.now() <= Date.parse(expires_at)) await sleep(200);
    assert.equal((await m.admin.get(`/approval/${id}`)).state, 'expired');
    const late = await approve(m, id);
    assert.equal(late.status, 409);
    assert.match(late.body.message, /expired/);
    assert.notEqual(await held(m, kNote, note('Too late')), id, 'the same call asks anew');
    assert.deepEqual(await writes(), []);
  });

  test('is asked for again when the record has changed', async () => {
    const m = await mint({ require_approval: ['write'] });
    const path = `/service/tickets/${kTicket}`;
    const { summary } = await desk.psa.get(path);
    const id = await held(m, kUpdate, { id: kTicket, summary: 'As approved' });
    const shown = await m.admin.get(`/approval/${id}`);
    assert.equal(shown.before.summary, summary);
    await desk.psa.patch(path, [{ op: 'replace', path: 'summary', value: 'Changed by somebody' }]);
    await begin();
    const stale = await approve(m, id);
    assert.equal(stale.status, 200, stale.text);
    assert.equal(stale.body.state, 'stale');
    assert.equal(stale.body.changed.before.summary, 'Changed by somebody');
    assert.deepEqual(await writes(), []);
    assert.equal((await desk.psa.get(path)).summary, 'Changed by somebody');

    const next = stale.body.replaced_by;
    assert.equal((await m.admin.get(`/approval/${next}`)).before.summary, 'Changed by somebody');
    const told = await call(m, 'get_approval_status', { approval_id: id });
    assert.equal(told.approval.replaced_by, next);
    assert.equal(await held(m, kUpdate, { id: kTicket, summary: 'As approved' }), next);
    assert.equal((await approve(m, next)).body.state, 'done');
    assert.equal((await desk.psa.get(path)).summary, 'As approved');
    assert.equal((await writes()).length, 1);
  });

  test('is not sent once its server is gone or has lost the tool', async () => {
    const gone = await mint({ require_approval: ['write'] });
    const narrowed = await mint({ require_approval: ['write'] });
    await begin();
    const ids = [await held(gone, kNote, note('Gone')), await held(narrowed, kNote, note('Narrowed'))];
    await gone.admin.remove(`${gone.servers}/${gone.server.id}`);
    await narrowed.admin.change(`${narrowed.servers}/${narrowed.server.id}`, { config: { methods: ['read'] } });
    assert.equal((await approve(gone, ids[0])).status, 409);
    assert.equal((await approve(narrowed, ids[1])).body.state, 'failed');
    assert.deepEqual(await writes(), []);
  });
});

describe('what needs a yes', () => {
  test('is what the config says: words, names, amounts; a dry run and reads never', async () => {
    const m = await mint({ require_approval: ['delete', { tool: 'create_a_connect_wise_psa_time_entry',
      argument: 'actualHours', over: 2 }] });
    await begin();
    const made = await call(m, kNote, note('Needs none'));
    assert.equal(made.isError, false, JSON.stringify(made));
    await held(m, kDeleteNote, { ticketId: kTicket, id: made.id });
    const shown = await call(m, kDeleteNote, { ticketId: kTicket, id: made.id, dry_run: true });
    assert.equal(shown.dry_run, true);
    assert.match(shown.approval, /wait for a person/);
    const entry = (actualHours) => ({ ticketId: kTicket, member: 'jdoe', timeStart: hourOfToday(9),
      actualHours, notes: `Hours ${actualHours}` });
    const above = await call(m, 'create_a_connect_wise_psa_time_entry', entry('2.01'));
    const below = await call(m, 'create_a_connect_wise_psa_time_entry', entry(2));
    assert.equal(above.error?.code, 'approval_required', JSON.stringify(above));
    assert.notEqual(below.error?.code, 'approval_required', JSON.stringify(below));
    assert.ok((await writes()).every(({ method }) => method === 'POST'), 'no delete left');
  });

  test('must name tools and numbers that the server has', async () => {
    const m = await mint({ require_approval: ['write'] });
    const refused = (require_approval) =>
      m.admin.refused(400, 'POST', m.servers, { name: 'x', config: { require_approval } });
    assert.match((await refused(['create_a_connect_wise_psa_ticket_notte'])).details.hint, new RegExp(kNote));
    assert.match((await refused([{ tool: kNote, argument: 'text', over: 5 }])).message, /number/);
    await refused([]);
    const { result } = (await post(m.url, { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} })).body;
    assert.equal(result.tools.length, m.server.tool_count);
    assert.ok(result.tools.at(-1).annotations.readOnlyHint);
    assert.equal(result.tools.at(-1).name, 'get_approval_status');
  });
});

describe('who may decide', () => {
  test('a token of another environment sees nothing, and no lesser scope decides', async () => {
    const m = await mint({ require_approval: ['write'] });
    const other = await mint({ require_approval: ['write'] });
    await begin();
    const id = await held(m, kNote, note('Whose'));
    const token = (of, scope) => m.admin.create('/api-token',
      { name: scope, scope, environment_id: of.environment.id });
    const stranger = m.admin.as((await token(other, 'admin')).token);
    for (const [method, path] of [['GET', ''], ['POST', '/approve'], ['POST', '/refuse'], ['POST', '/link']]) {
      const body = method === 'POST' && path !== '/link' ? {} : undefined;
      assert.equal((await stranger.request(method, `/approval/${id}${path}`, body)).status, 404);
    }
    assert.deepEqual((await stranger.get('/approval')).result.map((one) => one.id), []);
    for (const scope of ['read', 'mint', 'mcp']) {
      const lesser = m.admin.as((await token(m, scope)).token);
      assert.equal((await lesser.request('POST', `/approval/${id}/approve`, {})).status, 403);
    }
    const others = await call(other, 'get_approval_status', { approval_id: id });
    assert.equal(others.error.code, 'not_found');
    assert.deepEqual(await writes(), []);
  });

  test('not the token with which the call came in', async () => {
    const m = await mint({ require_approval: ['write'], require_api_token_auth: true });
    const second = await m.admin.create('/api-token', { name: 'AI', environment_id: m.environment.id });
    await begin();
    const { result } = (await post(m.url, legacyCall(kNote, note('Own call')),
      { authorization: `Bearer ${second.token}` })).body;
    const { id } = JSON.parse(result.content[0].text).approval;
    const model = m.admin.as(second.token);
    const answer = await model.request('POST', `/approval/${id}/approve`, {});
    assert.equal(answer.status, 403, answer.text);
    assert.equal((await model.request('POST', `/approval/${id}/link`)).status, 403);
    assert.deepEqual(await writes(), []);
    assert.equal((await approve(m, id)).body.state, 'done');
  });

  test('the person at a client that can ask, where the config says so', async () => {
    const m = await mint({ require_approval: ['write'], approve_by: 'client' });
    await begin();
    const asked = [];
    const answers = [{ action: 'decline' }, { action: 'accept', content: { approve: true } }];
    const client = await ask(m.url, async ({ params }) => {
      asked.push(params.message);
      assert.deepEqual(await writes(), []);
      return answers.shift();
    });
    const said = async (text) => JSON.parse((await client.callTool({ name: kNote, arguments: note(text) }))
      .content[0].text);
    assert.equal((await said('By client, no')).error.code, 'approval_refused');
    const done = await said('By client, yes');
    await client.close();
    assert.equal(done.approval.state, 'done', JSON.stringify(done));
    assert.match(asked[1], /By client, yes/);
    assert.equal((await writes()).length, 1);
    assert.equal((await m.admin.get(`/approval/${done.approval.id}`)).decided_by, 'client');
    // Who cannot ask leaves it to the operator.
    await held(m, kNote, note('Nobody to ask'));
  });
});

describe('a link', () => {
  const open = (url, body) => fetch(url, body && { method: 'POST', body: new URLSearchParams(body) });

  test('shows without changing anything, decides once, and its token is in no log', async () => {
    const m = await mint({ require_approval: ['write'] });
    await begin();
    const id = await held(m, kNote, note('<b>By link</b>'));
    const { url } = (await m.admin.request('POST', `/approval/${id}/link`)).body;
    for (let i = 0; i < 3; ++i) {
      const page = await open(url);
      assert.equal(page.status, 200);
      const html = await page.text();
      assert.match(html, /&lt;b&gt;By link&lt;\/b&gt;/);
      assert.doesNotMatch(html, /<script|<b>/);
      assert.match(page.headers.get('content-security-policy'), /default-src 'none'/);
      assert.equal(page.headers.get('referrer-policy'), 'no-referrer');
      assert.equal(page.headers.get('cache-control'), 'no-store');
      assert.ok(!html.includes(url.split('/').at(-1)), 'the token stands in the page');
    }
    assert.equal((await fetch(url, { method: 'HEAD' })).status, 200);
    assert.equal((await m.admin.get(`/approval/${id}`)).state, 'pending', 'a look decides nothing');
    assert.deepEqual(await writes(), []);
    assert.equal((await open(url, { decision: 'perhaps' })).status, 400);

    const done = await open(url, { decision: 'approve', reason: 'by link' });
    assert.equal(done.status, 200, await done.clone().text());
    assert.match(await done.text(), /done/);
    assert.equal((await open(url, { decision: 'approve' })).status, 409);
    assert.equal((await open(url, { decision: 'refuse' })).status, 409);
    assert.equal((await writes()).length, 1);
    const decided = await m.admin.get(`/approval/${id}`);
    assert.match(decided.decided_by, /^link of tok_/);
    assert.equal(decided.reason, 'by link');
    assert.ok(!desk.program.stderr.includes(url.split('/').at(-1)), 'the token stands in the log');
  });

  test('refuses as well; an altered one opens nothing', async () => {
    const m = await mint({ require_approval: ['write'] });
    await begin();
    const id = await held(m, kNote, note('Refused by link'));
    const { url } = (await m.admin.request('POST', `/approval/${id}/link`)).body;
    const altered = url.replace(/(apl_[^.]+\.)(\d+)/, (_, before, seconds) => before + (Number(seconds) + 9));
    assert.equal((await open(altered)).status, 404);
    assert.equal((await open(altered, { decision: 'approve' })).status, 404);
    assert.equal((await open(url, { decision: 'refuse', reason: 'no' })).status, 200);
    assert.equal((await m.admin.get(`/approval/${id}`)).state, 'refused');
    assert.deepEqual(await writes(), []);
  });
});

test('a process that dies while it sends leaves it unknown, and nothing is sent again', async (t) => {
  const folder = temporaryFolder(t);
  const first = await startServe(t, folder);
  const m = await mint({ require_approval: ['write'] }, { ...first, credentials: desk.credentials });
  await begin();
  const args = note('Dies in between');
  const id = await held(m, kNote, args);
  await sandboxRequest('POST', '/_sandbox/faults', { method: 'POST', path_prefix: '/service', delay_ms: 3_000 });
  const lost = approve(m, id).catch(() => 'lost');
  while ((await m.admin.get(`/approval/${id}`)).state !== 'sending') await sleep(50);
  await sleep(500);
  first.program.signal('SIGKILL');
  await first.program.exited;
  await lost;
  await sandboxRequest('DELETE', '/_sandbox/faults');
  const second = await startServe(t, folder);
  const again = second.admin.as(first.token);
  const left = await again.get(`/approval/${id}`);
  assert.equal(left.state, 'unknown');
  assert.equal((await again.request('POST', `/approval/${id}/approve`, {})).status, 409);
  const told = await call({ url: m.url.replace(/^https?:\/\/[^/]+/, second.url) }, kNote, args);
  assert.equal(told.error.code, 'approved_and_unknown');
  await sleep(3_500);
  assert.ok((await writes()).length <= 1, 'sent again');
  assert.ok((await notes('Dies in between')).length <= 1);
});
