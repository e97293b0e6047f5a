// A server that lists four tools instead of its own: found, told and called by the official clients, with
// everything that a config says holding behind them as for a call of the tool itself.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, clients, connect, connected, otherClients, sameAnswer } from './harness/clients.mjs';
import { startSandbox, startServe, temporaryFolder } from './harness/demo.mjs';
import { legacyCall, modernRequest, post } from './harness/http.mjs';

const kFour = ['search_tools', 'get_tool_schema', 'call_read_tool', 'call_write_tool'];
const kGet = 'get_single_connect_wise_psa_ticket_by_id';
const kList = 'list_all_connect_wise_psa_tickets';
const kNote = 'create_a_connect_wise_psa_ticket_note';
const kUpdate = 'update_a_connect_wise_psa_ticket_by_id';
const kDeleteNote = 'delete_a_connect_wise_psa_ticket_note_by_id';
const kTicket = 5012;
const tokens = (value) => Math.ceil(Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value)) / 4);

let desk, open, plain;
const ends = [];
const kept = { after: (end) => ends.push(end) };
after(async () => { for (const end of ends.reverse()) await end(); });
before(async () => {
  desk = { ...await startSandbox(kept), ...await startServe(kept, temporaryFolder(kept)) };
  open = await mint({ tool_exposure: 'discovery' });
  plain = await again(open, {});
});

let named = 0;
async function mint(config) {
  const name = `Discovery ${++named}`;
  const { admin, credentials } = desk;
  const environment = await admin.create('/environment', { name });
  const account = await admin.create('/integrated-account', { integration: 'connectwise_psa', name,
    environment_id: environment.id, credentials });
  return again({ environment, account }, config);
}
// Another server of the same account.
async function again({ environment, account }, config) {
  const servers = `/integrated-account/${account.id}/mcp`;
  const server = await desk.admin.create(servers, { name: 'x', config });
  return { environment, account, server, path: `${servers}/${server.id}`, url: server.url };
}
const answer = async (m, name, args) => {
  const { body } = await post(m.url, legacyCall(name, args));
  assert.ok(body.result, JSON.stringify(body));
  return { ...JSON.parse(body.result.content[0].text), isError: body.result.isError ?? false };
};
const read = (m, tool, args = {}) => answer(m, 'call_read_tool', { tool, arguments: args });
const write = (m, tool, args = {}) => answer(m, 'call_write_tool', { tool, arguments: args });
const search = async (m, query, more = {}) => (await answer(m, 'search_tools', { query, ...more })).result;
const note = (text) => ({ ticketId: kTicket, internalAnalysisFlag: true, text });
const notes = async (text) =>
  (await desk.psa.get(`/service/tickets/${kTicket}/notes`, { pageSize: 1000 })).filter((one) => one.text === text);
const listed = async (m) => (await post(m.url, { jsonrpc: '2.0', id: 1, method: 'tools/list' })).body.result.tools;
async function events(m, fits, many = 1) {
  for (let i = 0; ; ++i) {
    const { result } = await desk.admin.get(`/log?environment_id=${m.environment.id}`);
    const found = result.filter(fits);
    if (found.length >= many) return found.reverse();
    assert.ok(i < 100, `${found.length} of ${many} events: ${JSON.stringify(result)}`);
    await sleep(50);
  }
}

for (const kind of [...clients, ...otherClients]) {
  describe(`with ${kind.name}`, () => {
    const model = connected(kind, () => open.url);
    const direct = connected(kind, () => plain.url);

    test('four tools are listed, and a tool is found, told and called by them', async () => {
      const tools = await model.tools();
      assert.deepEqual(tools.map(({ name }) => name), kFour);
      assert.deepEqual(tools.map(({ annotations }) => annotations.readOnlyHint), [true, true, true, false]);
      const cost = tools.reduce((sum, { name, description, inputSchema }) =>
        sum + tokens(name + description + JSON.stringify(inputSchema)), 0);
      assert.ok(cost <= 1200, `${cost} tokens`);
      assert.match(model.client.getInstructions(), /search_tools/);

      const [first] = (await model.call('search_tools', { query: 'get a ticket by id' })).result;
      assert.equal(first.tool, kGet);
      assert.equal(first.call_with, 'call_read_tool');
      assert.deepEqual(first.required, ['id']);
      const { inputSchema } = await model.call('get_tool_schema', { tool: kGet });
      const [{ inputSchema: whole }] = (await direct.tools()).filter(({ name }) => name === kGet);
      assert.deepEqual(inputSchema, whole);
      const found = await model.call(first.call_with, { tool: first.tool, arguments: { id: kTicket } });
      assert.deepEqual(found, await direct.call(kGet, { id: kTicket }));
      const text = `By search ${kind.name} ${Date.now()}`;
      await model.call('call_write_tool', { tool: kNote, arguments: note(text) });
      assert.equal((await notes(text)).length, 1);
    });

    test('what is refused is refused in the same words', async () => {
      const error = await model.refused('call_read_tool', { tool: kGet, arguments: { idd: 1 } });
      assert.deepEqual(error, await direct.refused(kGet, { idd: 1 }));
      assert.match((await model.refused('call_read_tool', { tool: kNote, arguments: note('x') })).message, /call_write_tool/);
      assert.match((await model.refused('call_write_tool', { tool: kGet, arguments: { id: 1 } })).message, /call_read_tool/);
      assert.match((await model.refused('call_read_tool', { tool: 'list_all_tickets' })).hint, new RegExp(kList));
    });
  });
}

test('a page is followed by its cursor, and each client is told the same', async (t) => {
  const [one, other] = [await connect(t, clients[0], open.url), await connect(t, clients[1], open.url)];
  for (const args of [{ query: 'log time on a ticket' }, { query: kList, limit: 20 }]) {
    await sameAnswer(one, other, 'search_tools', args);
  }
  const args = { closed: false, limit: 3, fields: ['id'] };
  const { next_cursor, result } = await one.call('call_read_tool', { tool: kList, arguments: args });
  const next = await other.call('call_read_tool', { tool: kList, arguments: { ...args, next_cursor } });
  assert.equal(next.result.length, 3);
  assert.ok(next.result.every(({ id }) => !result.some((before) => before.id === id)));
});

test('every tool is found first by either of its names, and told within 2,000 tokens', async () => {
  const tools = await listed(plain);
  const names = new Map(tools.map((tool, at) => [tool.name, at]));
  const short = await listed(await again(plain, { tool_names: 'short' }));
  for (const [name, at] of names) {
    for (const query of [name, `use ${short[at].name} for this`]) {
      const { body } = await post(open.url, legacyCall('search_tools', { query, limit: 20 }));
      const { text } = body.result.content[0];
      assert.ok(tokens(text) <= 2000, `${query}: ${tokens(text)}`);
      assert.equal(JSON.parse(text).result[0].tool, name, query);
    }
    const { body } = await post(open.url, legacyCall('get_tool_schema', { tool: name }));
    const { text } = body.result.content[0];
    assert.ok(tokens(text) <= 2000, `${name}: ${tokens(text)}`);
    const told = JSON.parse(text);
    assert.equal(told.call_with, tools[at].annotations.readOnlyHint ? 'call_read_tool' : 'call_write_tool', name);
    const known = [...Object.keys(told.inputSchema.properties), ...(told.more_arguments ?? [])];
    assert.deepEqual(known.sort(), Object.keys(tools[at].inputSchema.properties).sort(), name);
    for (const wanted of told.more_arguments?.slice(0, 1) ?? []) {
      const more = await answer(open, 'get_tool_schema', { tool: name, arguments: [wanted] });
      assert.deepEqual(Object.keys(more.inputSchema.properties), [wanted]);
    }
  }
});

test('filters hold: what they leave out is not found, not told and not called', async () => {
  const m = await mint({ tool_exposure: 'discovery', methods: ['read'], tags: ['support'],
    deny_tools: [kGet, 'ticket_notes_list'] });
  const { body: preview } = await desk.admin.request('POST', `/integrated-account/${m.account.id}/mcp/preview`,
    { config: m.server.config });
  const behind = new Set(preview.found_by_search.map(({ name }) => name));
  for (const query of [kGet, kNote, 'ticket', 'delete update create', 'company', 'list_all_connect_wise_psa_ticket_notes']) {
    for (const { tool } of await search(m, query, { limit: 20 })) assert.ok(behind.has(tool), `${query}: ${tool}`);
  }
  for (const tool of [kGet, 'tickets_get', kNote, 'list_all_connect_wise_psa_ticket_notes', 'list_all_connect_wise_psa_companies']) {
    for (const door of kFour.slice(1)) {
      const { isError, error } = await answer(m, door, { tool });
      assert.ok(isError && /has no tool/.test(error.message), `${door} ${tool}`);
    }
  }
  assert.equal((await read(m, kList, { limit: 1 })).result_count, 1);
});

test('a held server is held, and shows what it is held to as nobody\'s choice', async () => {
  const [{ company }] = await desk.psa.get('/service/tickets', { pageSize: 1 });
  const m = await mint({ tool_exposure: 'discovery', argument_limits: { companyId: company.id }, unheld_tools: 'leave_out' });
  const { inputSchema, error } = await answer(m, 'get_tool_schema', { tool: kList });
  assert.ok(inputSchema, JSON.stringify(error));
  assert.equal(inputSchema.properties.companyId, undefined);
  const { result } = await read(m, kList, { limit: 50, fields: ['id', 'company'] });
  assert.ok(result.length > 0 && result.every(({ company: of }) => of.id === company.id));
  const [other] = await desk.psa.get('/service/tickets', { conditions: `company/id != ${company.id}`, pageSize: 1 });
  assert.ok((await read(m, kGet, { id: other.id })).isError);
});

test('a dry run sends nothing, and a quota counts what is called and not what is searched', async () => {
  const m = await mint({ tool_exposure: 'discovery', quota: { calls_per_day: 3, writes_per_day: 1 } });
  const text = `Within a quota ${Date.now()}`;
  for (let i = 0; i < 5; ++i) await search(m, 'add a note');
  const shown = await write(m, kNote, { ...note(text), dry_run: true });
  assert.equal(shown.request.method, 'POST');
  assert.deepEqual(await notes(text), []);
  assert.equal((await write(m, kNote, note(text))).isError, false);
  assert.equal((await write(m, kNote, note(text + '!'))).error.code, 'rate_limited');
  assert.equal((await read(m, kGet, { id: kTicket })).error.code, 'rate_limited');
  assert.equal((await notes(text)).length, 1);
});

test('a write that needs a yes waits for it, and what became of it is asked by call_read_tool', async () => {
  const m = await mint({ tool_exposure: 'discovery', require_approval: ['ticket_notes_create'] });
  assert.deepEqual((await listed(m)).map(({ name }) => name), kFour);
  const text = `Approved behind search ${Date.now()}`;
  const held = await write(m, kNote, note(text));
  assert.equal(held.error.code, 'approval_required');
  assert.deepEqual(await notes(text), []);
  const status = () => read(m, 'get_approval_status', { approval_id: held.approval.id });
  assert.equal((await status()).approval.state, 'pending');
  assert.equal((await search(m, 'get_approval_status'))[0].tool, 'get_approval_status');
  assert.deepEqual((await answer(m, 'get_tool_schema', { tool: 'get_approval_status' })).inputSchema.required, ['approval_id']);
  const done = await desk.admin.request('POST', `/approval/${held.approval.id}/approve`, {});
  assert.equal(done.body.state, 'done', done.text);
  assert.equal((await status()).approval.state, 'done');
  assert.equal((await notes(text)).length, 1);
  // The event is of the tool that was called, and not of the one that called it.
  const [event] = await events(m, ({ tool, outcome }) => tool === kNote && outcome === 'done');
  assert.equal(event.kind, 'write');
});

test('what deletes asks first where writes are confirmed: with a code, or with the user\'s yes', async () => {
  const m = await mint({ tool_exposure: 'discovery', confirm_writes: true });
  const made = async () => {
    const text = `To be deleted ${Math.random()}`;
    const { id } = await write(m, kNote, note(text));
    return { args: { ticketId: kTicket, id }, text };
  };
  const coded = await made();
  const { inputSchema } = await answer(m, 'get_tool_schema', { tool: kDeleteNote });
  assert.ok(inputSchema.properties.confirmation);
  const asked = await write(m, kDeleteNote, coded.args);
  assert.equal(asked.error.code, 'confirmation_required');
  assert.equal((await notes(coded.text)).length, 1);
  const [, confirmation] = asked.error.hint.match(/confirmation: "([^"]+)"/);
  assert.equal((await write(m, kDeleteNote, { ...coded.args, confirmation })).isError, false);
  assert.deepEqual(await notes(coded.text), []);

  const { args, text } = await made();
  let question;
  const client = await ask(m.url, ({ params }) => { question = params.message; return { action: 'accept', content: { confirm: true } }; });
  const { isError } = await client.callTool({ name: 'call_write_tool', arguments: { tool: kDeleteNote, arguments: args } });
  await client.close();
  assert.ok(!isError);
  assert.match(question, new RegExp(String(args.id)));
  assert.deepEqual(await notes(text), []);
});

test('the log has the tool that was meant, of calls that ran and of those that did not', async () => {
  const m = await mint({ tool_exposure: 'discovery' });
  await search(m, 'tickets');
  await read(m, kGet, { id: kTicket });
  await read(m, kUpdate, { id: kTicket, summary: 'not this way' });
  await read(m, 'no_such_tool');
  const found = await events(m, ({ mcp_server_id: of }) => of === m.server.id, 4);
  assert.deepEqual(found.map(({ tool, outcome, error_code: code, kind }) => [tool, kind, outcome, code ?? '']).sort(), [
    [kGet, 'read', 'done', ''], ['no_such_tool', 'read', 'failed', 'unknown_tool'],
    ['search_tools', 'read', 'done', ''], [kUpdate, 'write', 'failed', 'invalid_argument']].sort());
});

test('what is listed and what is behind it changes while a client listens', async () => {
  const m = await mint({});
  const { headers, body } = modernRequest('subscriptions/listen', { notifications: { toolsListChanged: true } }, 'listener');
  const stream = new AbortController();
  const response = await fetch(m.url, { method: 'POST', signal: stream.signal, body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers } });
  let heard = '';
  const reading = (async () => {
    for await (const chunk of response.body) heard += Buffer.from(chunk);
  })().catch(() => {});
  const changes = () => heard.split('notifications/tools/list_changed').length - 1;
  const change = async (config) => {
    const before = changes();
    await desk.admin.change(m.path, { config });
    for (let i = 0; changes() === before; ++i) {
      assert.ok(i < 100, `nothing was told of ${JSON.stringify(config)}`);
      await sleep(50);
    }
  };
  await change({ tool_exposure: 'discovery' });
  assert.deepEqual((await listed(m)).map(({ name }) => name), kFour);
  // The four stay, and what they find does not.
  await change({ methods: ['read'] });
  assert.ok((await write(m, kNote, note('gone'))).isError);
  await change({ tool_exposure: 'all', tool_names: 'short' });
  assert.ok((await listed(m)).some(({ name }) => name === 'tickets_list'));
  stream.abort();
  await reading;
});

test('a prompt names the tools as they are shown, and says how they are called', async () => {
  const filled = async (config) => {
    const m = await again(plain, config);
    const asked = async (method, params = {}) => (await post(m.url, { jsonrpc: '2.0', id: 1, method, params })).body.result;
    const { prompts } = await asked('prompts/list');
    const { name, arguments: all = [] } = prompts.find(({ name: one }) => one === 'triage_board') ?? prompts[0];
    const args = Object.fromEntries(all.map((one) => [one.name, 'Triage']));
    return (await asked('prompts/get', { name, arguments: args })).messages[0].content.text;
  };
  const [long, short, found] = [await filled({}), await filled({ tool_names: 'short' }), await filled({ tool_exposure: 'discovery' })];
  assert.match(long, /connect_wise_psa_/);
  assert.doesNotMatch(short, /connect_wise_psa_/);
  assert.ok(found.startsWith(long) && found.includes('call_write_tool'));
});

test('short names: listed, at most 40 characters, cheaper, and as good in calls as the long ones', async (t) => {
  const long = await listed(plain);
  const m = await again(plain, { tool_names: 'short' });
  const short = await listed(m);
  assert.equal(short.length, long.length);
  assert.equal(new Set(short.map(({ name }) => name)).size, short.length);
  const cost = (tools) => tools.reduce((sum, { name, description, inputSchema }) =>
    sum + tokens(name + description + JSON.stringify(inputSchema)), 0);
  assert.ok(cost(short) < cost(long));
  t.diagnostic(`${short.length} tools: ${cost(long)} tokens with long names, ${cost(short)} with short ones`);
  for (const [at, { name, ...rest }] of short.entries()) {
    assert.match(name, /^[a-z][a-z0-9_]{0,39}$/);
    assert.deepEqual(rest, (({ name: _, ...other }) => other)(long[at]));
  }
  for (const kind of clients) {
    const caller = await connect(t, kind, m.url);
    assert.deepEqual(await caller.call('tickets_get', { id: kTicket }), await caller.call(kGet, { id: kTicket }));
    // What an answer names is what is listed.
    const { message, hint, field_errors: fields } = await caller.refused('tickets_create', { summary: 'x', company: 'Nobody at all', board: 'Nowhere' });
    const told = JSON.stringify([message, hint, fields]);
    assert.match(told, /boards_list|companies_list/);
    assert.doesNotMatch(told, /list_all_/);
  }
  const few = await again(plain, { allow_tools: ['tickets_list', kGet, 'tickets_merge'], deny_tools: ['tickets_merge'] });
  assert.deepEqual((await listed(few)).map(({ name }) => name), [kList, kGet]);
});
