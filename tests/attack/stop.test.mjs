// Stop means stop: after what allowed a call is gone, nothing that waited on its behalf is sent,
// wherever it waited, and what is on its way is told as unknown.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../e2e/harness/clients.mjs';
import { startSandbox, startServe, temporaryFolder } from '../e2e/harness/demo.mjs';
import { legacyCall, modernRequest, post } from '../e2e/harness/http.mjs';
import { kLook, mint as mintTenant } from './harness/desk.mjs';
import { Innocent, rested } from './harness/observer.mjs';
import { size } from './harness/size.mjs';

// Late by this much is a machine's breath; what was not stopped comes seconds later.
const kSlack = 1_000;
const kNote = 'create_a_connect_wise_psa_ticket_note';
const kCreates = size(24, 200);

let desk, start, innocent;
const ends = [];
after(async () => { for (const end of ends.reverse()) await end(); });
before(async () => {
  const kept = { after: (end) => ends.push(end) };
  const sandbox = await startSandbox(kept);
  const serve = await startServe(kept, temporaryFolder(kept), { args: ['--least-lifetime', '1'] });
  desk = { ...sandbox, ...serve };
  // The innocent tenant's API is another, whose requests are not counted here.
  const { credentials } = await startSandbox(kept);
  innocent = new Innocent(await mintTenant(desk.admin, credentials, 'Innocent'));
  start = await rested(desk);
});

const sandboxRequest = (method, path, body) => fetch(desk.psa.url + path, { method,
  headers: { ...desk.psa.headers, 'content-type': 'application/json' },
  body: body && JSON.stringify(body) });
const calm = async () => {
  await sandboxRequest('DELETE', '/_sandbox/faults');
  await sandboxRequest('PATCH', '/_sandbox/config', { latency_ms: 0 });
};
const fault = (settings) => () => sandboxRequest('POST', '/_sandbox/faults', settings);
const latency = (milliseconds) => () =>
  sandboxRequest('PATCH', '/_sandbox/config', { latency_ms: milliseconds });
const log = async () => (await (await sandboxRequest('GET', '/_sandbox/requests?limit=1000')).json());

// An account of its own in an environment of its own, and a server of it.
let named = 0;
async function mint(config = {}) {
  const name = `Stop ${++named}`;
  const environment = await desk.admin.create('/environment', { name });
  const account = await desk.admin.create('/integrated-account', { integration: 'connectwise_psa',
    name, environment_id: environment.id, credentials: desk.credentials });
  const second = await desk.admin.create('/api-token', { name, environment_id: environment.id });
  const servers = `/integrated-account/${account.id}/mcp`;
  const expires_at = config.expires_at;
  delete config.expires_at;
  const server = await desk.admin.create(servers, { name, config, ...(expires_at && { expires_at }) });
  return { environment, account, second, servers, server, url: server.url };
}

// What ends a server, in every way there is.
const ways = {
  'the server is deleted': { stop: (m) => desk.admin.remove(`${m.servers}/${m.server.id}`) },
  'its URL is rotated': {
    stop: (m) => desk.admin.request('POST', `${m.servers}/${m.server.id}/rotate`) },
  'its account is deleted': { stop: (m) => desk.admin.remove(`/integrated-account/${m.account.id}`) },
  'its environment is deleted': { stop: (m) => desk.admin.remove(`/environment/${m.environment.id}`) },
  'its scope is narrowed': { stop: (m) =>
    desk.admin.change(`${m.servers}/${m.server.id}`, { config: { tags: ['sales'] } }) },
  'it is paused': { stop: (m) =>
    desk.admin.change(`${m.servers}/${m.server.id}`, { config: { paused: true } }) },
  'it no longer opens from there': { stop: (m) =>
    desk.admin.change(`${m.servers}/${m.server.id}`, { config: { ip_allow: ['192.0.2.1'] } }) },
  'its account is opened anew': { stop: (m) =>
    desk.admin.change(`/integrated-account/${m.account.id}`, { settings: { time_zone: 'Asia/Tokyo' } }) },
  'the second factor is deleted': { config: { require_api_token_auth: true },
    stop: (m) => desk.admin.remove(`/api-token/${m.second.id}`) },
  'it expires': { lifetime: 2_500, stop: (m) => sleep(Date.parse(m.server.expires_at) - Date.now()) },
};

const call = (m, name, args) => {
  const { headers, body } = modernRequest('tools/call', { name, arguments: args });
  return post(m.url, body, { ...headers, authorization: `Bearer ${m.second.token}` });
};
const result = (answer) => {
  const events = [...answer.text.matchAll(/^data: (.*)$/gm)].map((line) => JSON.parse(line[1]));
  const message = answer.body ?? events.at(-1);
  return message.result ? JSON.parse(message.result.content[0].text) : message;
};

// Runs calls, stops in the middle, and sees that the upstream heard nothing after that.
async function stopped(way, trouble, calls, { wait = 600 } = {}) {
  const m = await mint({ ...way.config,
    ...(way.lifetime && { expires_at: new Date(Date.now() + way.lifetime).toISOString() }) });
  await sandboxRequest('DELETE', '/_sandbox/requests');
  await trouble();
  const running = calls(m).map(async (started) => ({ answer: await started, at: Date.now() }));
  await sleep(wait);
  // Calls may end before we hear that what allowed them did.
  const begin = way.lifetime ? Date.parse(m.server.expires_at) : Date.now();
  await way.stop(m);
  const end = Date.now();
  const answers = await Promise.all(running);
  const heard = await log();
  await sleep(1_500);  // what still waits would come now
  const later = await log();
  await calm();
  for (const { at } of answers) assert.ok(at - end < kSlack, `an answer ${at - end} ms after the end`);
  assert.equal(later.total, heard.total, 'the upstream was asked after the last answer');
  const late = answers.filter(({ at }) => at >= begin);
  return { answers: late.map(({ answer }) => answer), requests: heard.requests,
    early: answers.length - late.length };
}

for (const [how, way] of Object.entries(ways)) {
  test(`${kCreates} creates wait for their turn, and ${how}`, async () => {
    const text = `Turn: ${how}`;
    const calls = (m) => Array.from({ length: kCreates }, (_, i) => call(m, kNote, { ticketId: 5012,
      internalAnalysisFlag: true, text: `${text}, ${i}`, allow_duplicate: true }));
    const { answers, requests, early } = await stopped(way, latency(900), calls, { wait: 400 });
    for (const answer of answers.map(result)) {
      assert.ok(answer.error, JSON.stringify(answer));
      assert.match(answer.error.message, /taken back or changed/);
      assert.match(answer.error.was_applied, /^(no|unknown)$/);
    }
    // Only what was on its way can have been made, and then it is told as unknown.
    const sent = requests.filter((one) => one.method === 'POST').length;
    const unknown = answers.map(result).filter((one) => one.error.was_applied === 'unknown').length;
    assert.ok(sent - early <= 4 && unknown >= sent - early,
      `${sent} sent, ${early} answered before, ${unknown} told as unknown`);
  });
}

describe('wherever a call waits', () => {
  const way = ways['the server is deleted'];
  const note = (text) => ({ ticketId: 5012, internalAnalysisFlag: true, allow_duplicate: true, text });
  const slowWrites = fault({ method: 'POST', delay_ms: 2_500 });
  const said = ({ answers }, index = 0) => result(answers[index]).error;

  test('for the end of a rate limit', async () => {
    const waits = { ...way, config: { on_rate_limit: 'wait' } };
    const busy = fault({ status: 429, headers: { 'Retry-After': '2' }, body: '{}' });
    const { requests } = await stopped(waits, busy, (m) => [call(m, kLook, { id: 5012 })]);
    assert.equal(requests.length, 1);
  });
  test('for a look-up of a name, before a write', async () => {
    const slow = fault({ path_prefix: '/company', delay_ms: 2_000, count: 5 });
    const ended = await stopped(way, slow, (m) =>
      [call(m, 'create_a_connect_wise_psa_ticket', { summary: 'Stop', company: 'Acme Corp' })]);
    assert.equal(said(ended).was_applied, 'no');
    assert.equal(ended.requests.filter((one) => one.method !== 'GET').length, 0);
  });
  test('for the API, which has the write already: it is unknown what became of it', async () => {
    const ended = await stopped(way, slowWrites, (m) => [call(m, kNote, note('In flight'))]);
    assert.equal(said(ended).was_applied, 'unknown');
  });
  test('for the API, with a key: the key knows that it does not know', async () => {
    const ended = await stopped(way, slowWrites,
      (m) => [call(m, kNote, { ...note('Keyed'), idempotency_key: 'stop-1' })]);
    assert.equal(said(ended).was_applied, 'unknown');
  });
  test('for the same write of another connection', async () => {
    const same = { ticketId: 5012, internalAnalysisFlag: true, text: 'The same' };
    const ended = await stopped(way, slowWrites, (m) => [call(m, kNote, same), call(m, kNote, same)]);
    assert.ok(said(ended, 0) && said(ended, 1));
    assert.equal(ended.requests.filter((one) => one.method === 'POST').length, 1);
  });
  test('for the next step of a composite', async () => {
    const ended = await stopped(way, latency(700),
      (m) => [call(m, 'connect_wise_psa_tickets_brief', { ticketId: 5012 })]);
    assert.ok(said(ended));
  });
  test('for the next page', async () => {
    const ended = await stopped(way, latency(700),
      (m) => [call(m, 'list_all_connect_wise_psa_time_entries', { limit: 1000, verbose: true })]);
    assert.ok(said(ended));
  });
  test('for a connection', async () => {
    const ended = await stopped(way, fault({ hang: true, count: 10 }),
      (m) => [call(m, kLook, { id: 5012 })]);
    assert.match(said(ended).message, /taken back or changed/);
  });
  test('for a yes of the user', async () => {
    const m = await mint({ confirm_writes: true });
    let asked;
    const question = new Promise((done) => { asked = done; });
    const client = await ask(m.url, async () => {
      asked();
      await sleep(1_500);
      return { action: 'accept', content: { confirm: true } };
    });
    const made = await desk.psa.post('/service/tickets/5012/notes',
      { text: 'Stays', internalAnalysisFlag: true });
    const running = client.callTool({ name: 'delete_a_connect_wise_psa_ticket_note_by_id',
      arguments: { ticketId: 5012, id: made.id } }).catch((error) => error);
    await question;
    await desk.admin.remove(`${m.servers}/${m.server.id}`);
    const answer = await running;
    assert.ok(answer instanceof Error || answer.isError);
    await sleep(2_000);
    assert.equal((await desk.psa.get(`/service/tickets/5012/notes/${made.id}`)).text, 'Stays');
    await client.close();
  });
});

// Four slow calls of another server hold all turns of the account: what comes waits behind them.
async function behindOthers(m) {
  const other = await desk.admin.create(m.servers, { name: 'Others' });
  await sandboxRequest('DELETE', '/_sandbox/requests');
  await latency(2_000)();
  const slow = Array.from({ length: 4 }, (_, i) => post(other.url, legacyCall(kLook, { id: 5012 + i })));
  await sleep(300);
  return slow;
}

describe('whatever door it came through', () => {
  test('completion of a prompt’s argument asks nothing any more, and tells no name', async () => {
    const m = await mint();
    const slow = await behindOthers(m);
    const asked = Object.entries({ pipeline_review: 'sales_rep', time_audit: 'member',
      triage_board: 'board', unbilled_time: 'company' }).map(([prompt, name]) => post(m.url,
      { jsonrpc: '2.0', id: 1, method: 'completion/complete', params: {
        ref: { type: 'ref/prompt', name: prompt }, argument: { name, value: 'a' } } })
      .then((answer) => ({ answer, at: Date.now() })));
    await sleep(300);
    await desk.admin.remove(`${m.servers}/${m.server.id}`);
    const end = Date.now();
    for (const { answer, at } of await Promise.all(asked)) {
      assert.ok(at - end < kSlack, `an answer ${at - end} ms after the end`);
      assert.doesNotMatch(answer.text, /"values":\["/, answer.text);
    }
    await Promise.all(slow);
    await sleep(500);
    const { requests } = await log();
    await calm();
    assert.deepEqual(requests.map(({ path }) => path).filter((path) => !path.includes('/tickets/')), []);
  });

  test('deletes that wait when a yes begins to be asked for are not done without one', async () => {
    const m = await mint();
    const slow = await behindOthers(m);
    const gone = Array.from({ length: 12 }, (_, i) => call(m,
      'delete_a_connect_wise_psa_ticket_note_by_id', { ticketId: 5012, id: 900_000 + i }));
    await sleep(300);
    await desk.admin.change(`${m.servers}/${m.server.id}`, { config: { confirm_writes: true } });
    for (const answer of await Promise.all(gone)) {
      assert.match(result(answer).error.message, /taken back or changed/);
    }
    await Promise.all(slow);
    const { requests } = await log();
    await calm();
    assert.deepEqual(requests.filter(({ method }) => method === 'DELETE'), []);
  });

  // Each door at which the upstream is asked, and what it is asked under: a new one needs an entry.
  test('there is no door that is not known here', () => {
    const known = {
      'servers/minted_server.cpp': 'call_tool, send_approved: a Permit',
      'servers/approval_gate.cpp': 'preview: the context of a Permit of call_tool',
      'servers/name_completion.cpp': 'complete: the context of a Permit',
      'servers/account_tools.cpp': 'run, complete: of no server; an admin’s own request, which ends with its token',
      'app/inquiries.cpp': 'a probe, a code for tokens: within the change that it is for the API token is asked again',
    };
    const asks = /\bgateway_?\.(call|complete|complete_argument|preview)\(|sender(_\.|->)(probe|send|redeem|find_member)\(/;
    const root = new URL('../../src/', import.meta.url).pathname;
    const found = [];
    for (const entry of readdirSync(root, { recursive: true })) {
      if (!entry.endsWith('.cpp') || /_test\.cpp$|^(gateway|upstream|sandbox)\//.test(entry)) continue;
      const text = readFileSync(join(root, entry), 'utf8');
      if (asks.test(text)) found.push(entry);
      // Nothing but a Permit makes the context that a request goes by.
      if (entry.startsWith('servers/')) {
        const made = [...text.matchAll(/context_for\(/g)].length;
        assert.equal(made, entry === 'servers/minted_server.cpp' ? 2 : 0, entry);
      }
    }
    assert.deepEqual(found.sort(), Object.keys(known).sort());
  });
});

describe('streams end', () => {
  // Until the body ends.
  async function ends(m, open) {
    const response = await open(m);
    assert.equal(response.status, 200);
    const reader = response.body.getReader();
    await reader.read();
    await desk.admin.remove(`${m.servers}/${m.server.id}`);
    const end = Date.now();
    for (;;) if ((await reader.read()).done) break;
    assert.ok(Date.now() - end < kSlack, `${Date.now() - end} ms after the end`);
  }
  test('of who listens for changes', async () => {
    const { headers, body } = modernRequest('subscriptions/listen',
      { notifications: { toolsListChanged: true } });
    await ends(await mint(), (m) => fetch(m.url, { method: 'POST', headers: { ...headers,
      'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify(body) }));
  });
  test('of the transport of 2024-11-05', async () => {
    await ends(await mint(), (m) => fetch(`${m.url}/sse`, { headers: { accept: 'text/event-stream' } }));
  });
  test('of a long call, which says what became of it', async () => {
    const m = await mint();
    await fault({ hang: true, count: 10 })();
    const started = call(m, kLook, { id: 5012 });
    await sleep(2_600);
    await desk.admin.remove(`${m.servers}/${m.server.id}`);
    const answer = await started;
    assert.match(answer.headers.get('content-type'), /event-stream/);
    assert.match(result(answer).error.message, /taken back or changed/);
    await calm();
  });
});

describe('the admin API asks again as well', () => {
  test('who proves a connection while their token is deleted connects nothing', async () => {
    const token = await desk.admin.create('/api-token', { name: 'Proving' });
    const environment = (await mint()).environment.id;
    await fault({ delay_ms: 1_500 })();
    const before = (await desk.admin.get('/integrated-account?limit=100')).result.length;
    const running = desk.admin.as(token.token).request('POST', '/integrated-account',
      { integration: 'connectwise_psa', name: 'Late', environment_id: environment,
        credentials: desk.credentials });
    await sleep(500);
    await desk.admin.remove(`/api-token/${token.id}`);
    const answer = await running;
    await calm();
    assert.equal(answer.status, 401, answer.text);
    assert.equal((await desk.admin.get('/integrated-account?limit=100')).result.length, before);
  });

  test('a tool on trial ends with the token of who tries it, and so do its look-ups', async () => {
    const m = await mint();
    const tools = `/integrated-account/${m.account.id}/tool`;
    for (const path of [`${tools}/${kLook}/try`, `${tools}/create_a_connect_wise_psa_ticket/complete?argument=board&value=s`]) {
      const token = await desk.admin.create('/api-token', { name: 'Trying' });
      await fault({ hang: true, count: 10 })();
      const running = path.endsWith('try')
        ? desk.admin.as(token.token).request('POST', path, { arguments: { id: 5012 } })
        : desk.admin.as(token.token).request('GET', path);
      await sleep(300);
      await desk.admin.remove(`/api-token/${token.id}`);
      const end = Date.now();
      const answer = await running;
      await calm();
      assert.equal(answer.status, 401, answer.text);
      assert.ok(Date.now() - end < kSlack + 500, `${Date.now() - end} ms after the end`);
    }
  });
});

test('nothing of what was stopped is held, and an innocent tenant was answered all the while', async () => {
  await innocent.stop();
  await rested(desk, start);
});

// Each place in the code where something waits, and what of the above covers it: a new one needs an
// entry, and a reason.
test('there is no place where a call waits that is not known here', () => {
  const known = {
    'upstream/throttle.cpp': 'turn',
    'upstream/access_token.cpp': 'a token, which many calls wait for: before its own request each is asked again',
    'upstream/sign_in.cpp': 'the renewal of a token, which goes to its end for all of the account’s calls: the same',
    'gateway/sending/send.cpp': 'turn, rate limit',
    'gateway/sending/fan_out.cpp': 'composite: its parts end by themselves',
    'gateway/names/lookups.cpp': 'look-up',
    'gateway/names/candidates.cpp': 'look-up',
    'gateway/writes/repeated.cpp': 'the same write',
    'gateway/writes/once.cpp': 'key: before each request the call is asked again',
    'gateway/writes/journaled.cpp': 'its record: before each request the call is asked again',
    'gateway/composites/composite_step.cpp': 'composite',
    'gateway/composites/composite_each.cpp': 'composite: over what was read; each request of a list asks again',
    'gateway/composites/composite_list.cpp': 'composite: over what was read; each request of a page asks again',
    'gateway/answers/page.cpp': 'next page: before each request the call is asked again',
    'gateway/answers/record.cpp': 'nothing is sent after it',
    'gateway/composites/composite.cpp': 'composite: before each request the call is asked again',
    'gateway/answers/download.cpp': 'nothing is sent after it',
    'gateway/answers/shape.cpp': 'next page: before each request the call is asked again',
    'gateway/sending/read_answer.cpp': 'next page: the same',
    'gateway/answers/expansions.cpp': 'over an answer: before each request the call is asked again',
    'gateway/arguments/custom_fields.cpp': 'over an answer: before each request the call is asked again',
    'gateway/gateway.cpp': 'nothing is sent after it',
    'gateway/reports/list_reader.cpp': 'over an answer: before each request the call is asked again',
    'gateway/reports/report.cpp': 'nothing is sent after it',
    'gateway/names/combinations.cpp': 'over an answer: before each request the call is asked again',
    'gateway/names/complete.cpp': 'over an answer: before each request the call is asked again',
    'gateway/names/current_record.cpp': 'over an answer: before each request the call is asked again',
    'gateway/names/inherited.cpp': 'over an answer: before each request the call is asked again',
    'gateway/names/known_filters.cpp': 'over an answer: before each request the call is asked again',
    'gateway/names/reference_lookup.cpp': 'over an answer: before each request the call is asked again',
    'gateway/names/shown_ids.cpp': 'over an answer: before each request the call is asked again',
    'gateway/sending/held.cpp': 'over an answer: before each request the call is asked again',
    'gateway/writes/approved.cpp': 'over an answer: before each request the call is asked again',
    'gateway/writes/alike.cpp': 'over an answer: before each request the call is asked again',
    'gateway/writes/duplicates.cpp': 'over an answer: before each request the call is asked again',
    'gateway/call/turns.cpp': 'for a call beside it in a list: before each request the call is asked again',
    'gateway/many/many.cpp': 'for calls beside it in a list: before each request the call is asked again',
    'gateway/writes/gone.cpp': 'over an answer: before each request the call is asked again',
    'gateway/writes/look.cpp': 'over an answer: before each request the call is asked again',
    'gateway/writes/looked_at.cpp': 'over an answer: before each request the call is asked again',
    'gateway/writes/overlaps.cpp': 'over an answer: before each request the call is asked again',
    'gateway/writes/totals.cpp': 'over an answer: before each request the call is asked again',
    'gateway/writes/write.cpp': 'over an answer: before each request the call is asked again',
    'servers/confirmation.cpp': 'yes',
    'servers/spending.cpp': 'a share of a quota: the call is asked again when it has it',
    'servers/approval_gate.cpp': 'yes: what is approved is asked again by send_approved',
    'servers/account_tools.cpp': 'admin: between two looks at the token of a tool on trial',
    'mcp/server/conversation.cpp': 'yes',
    'mcp/server/client_requests.cpp': 'yes',
    'mcp/server/outbox.cpp': 'streams',
    'mcp/event_stream_transport.cpp': 'streams: for what is unread; nothing is sent after it',
    'mcp/live_answer.cpp': 'streams',
    'mcp/ladder.cpp': 'between messages of a batch: before each request the call is asked again',
    'admin/api.cpp': 'admin: within each change the token is asked again',
    'admin/connect_page.cpp': 'admin: whoever made the link is asked for again before the account is signed in',
    'admin/approval_page.cpp': 'admin: whoever made the link is asked for again before the row is taken',
    'admin/log_export.cpp': 'admin: with each part of the file the token is asked again',
    'admin/authentication.cpp': 'before a request is admitted',
    'admin/sign_in.cpp': 'admin: as the session begins its token is asked again',
    'servers/tool_indexes.cpp': 'before tools are searched: nothing is sent after it',
    'servers/minted_server_registry.cpp': 'before a call is admitted',
    'http/client_exchange.cpp': 'connection, the API',
    'http/client_look_up.cpp': 'connection: over the look-up of a name, before one is made',
    'http/connection_body.cpp': 'before a request is admitted',
    'http/connection.cpp': 'before a request is admitted, and after it is answered',
    'http/server.cpp': 'accepting, stopping',
    'app/refused_credentials.cpp': 'a note in the database, for nobody',
    'otlp/exporter.cpp': 'traces of what has ended, for nobody',
  };
  const root = new URL('../../src/', import.meta.url).pathname;
  const waits = /co_await [^;]*?\b(sleep|wait|wait_for|enter|run_blocking|off_loop|ask|read_some|wait_readable)\(/;
  const found = new Set();
  for (const entry of readdirSync(root, { recursive: true })) {
    if (!entry.endsWith('.cpp') || /_test\.cpp$|^(io|cli|sandbox|mcp\/conformance)\//.test(entry)) continue;
    if (waits.test(readFileSync(join(root, entry), 'utf8'))) found.add(entry);
  }
  assert.deepEqual([...found].filter((file) => !(file in known)), [], 'where else is waited');
  assert.deepEqual(Object.keys(known).filter((file) => !found.has(file)), [], 'no longer waits');
});
