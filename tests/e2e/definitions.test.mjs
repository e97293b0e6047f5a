// Definitions that change while the server works: what is served follows, nobody who calls notices,
// and what has a fault replaces nothing.
import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { listens, raw } from '../attack/harness/desk.mjs';
import { startServe, temporaryFolder } from './harness/demo.mjs';
import { legacyCall, post } from './harness/http.mjs';
import { about, getMethod, startTasks, tasks, writtenPack } from './harness/written.mjs';

const kList = 'list_all_acme_tasks';
const kGet = 'get_single_acme_task_by_id';

// A server with that pack, an account of it, and an MCP server with all of its tools.
async function serve(t, delay) {
  const folder = temporaryFolder(t);
  const pack = writtenPack(folder);
  const stub = await startTasks(t, delay);
  const server = await startServe(t, folder, { args: ['--integrations', pack.integrations] });
  const account = await server.admin.create('/integrated-account',
    { integration: 'acme', name: 'Desk', credentials: { base_url: stub.url } });
  const { url } = await server.admin.create(`/integrated-account/${account.id}/mcp`, { name: 'All' });
  const list = async (what) => (await post(url, { jsonrpc: '2.0', id: 1, method: `${what}/list`, params: {} }))
    .body.result[what];
  return { ...server, ...pack, folder, stub, account, mcp: url, list,
    reload: () => server.admin.request('POST', '/integration/acme/reload') };
}

const descriptionOf = async (world) =>
  (await world.list('tools')).find(({ name }) => name === kList).description;

// Within a second, by itself; asks for as long as a busy machine may take.
async function follows(what, look) {
  for (let waited = 0; !(await look()); waited += 20) {
    assert.ok(waited < 15_000, `${what}: not followed`);
    await sleep(20);
  }
}

async function call(url, name, args, id = 1) {
  const { status, body, text } = await post(url, legacyCall(name, args, id), { accept: 'application/json' });
  assert.equal(status, 200, text);
  assert.ok(body.result && !body.result.isError, text);
  return JSON.parse(body.result.content[0].text);
}

test('a definition is edited 100 times under load, each edit is served, and no call fails', async (t) => {
  // Some calls take longer than several edits.
  const world = await serve(t, (url) => (url.searchParams.get('state') === 'doing' ? 300 : 2));
  let over = false;
  const callers = ['open', 'done', 'doing'].map(async (state, caller) => {
    let calls = 0;
    for (; !over; ++calls) {
      const { result } = await call(world.mcp, kList, { state, limit: 1 + caller }, calls);
      assert.equal(result.length, Math.min(2, 1 + caller));
    }
    return calls;
  });
  const getter = (async () => {
    for (let id = 1; !over; ++id) assert.equal((await call(world.mcp, kGet, { id })).id, id);
  })();
  for (let edit = 1; edit <= 100; ++edit) {
    // Every third with another argument, as a vendor's new version has.
    const text = tasks(edit, getMethod).replace('parameters:',
      edit % 3 === 0 ? 'parameters:\n      owner: {type: string, description: Whose they are}' : 'parameters:');
    if (edit % 10 === 0) {
      // As editors do it, and nobody says so.
      writeFileSync(join(world.integrations, 'acme', 'tasks.new'), text);
      renameSync(join(world.integrations, 'acme', 'tasks.new'), join(world.integrations, 'acme/resources/tasks.yaml'));
      await follows(`edit ${edit}`, async () => (await descriptionOf(world)).startsWith(`Edit ${edit}:`));
      continue;
    }
    world.write('resources/tasks.yaml', text);
    const { status, body } = await world.reload();
    assert.equal(status, 200);
    assert.deepEqual(body.faults, []);
    assert.match(await descriptionOf(world), new RegExp(`^Edit ${edit}:`));
  }
  over = true;
  for (const calls of await Promise.all(callers)) assert.ok(calls > 0);
  await getter;
});

test('listeners hear of it, a call that runs finishes on what it began with, and prompts follow', async (t) => {
  const world = await serve(t, (url) => (url.pathname.endsWith('/77') ? 1_500 : 0));
  const listener = raw(world.mcp, listens(world.mcp)).reads();
  t.after(() => listener.socket.destroy());
  await listener.until(({ answer }) => answer.includes('subscriptions/acknowledged'));
  const before = world.stub.asked;
  const slow = call(world.mcp, kGet, { id: 77 });
  await follows('the call is at the API', () => world.stub.asked > before);

  world.write('prompts/overdue.yaml', `prompt: overdue
title: What is overdue
description: Find tasks that nobody works on.
text: |
  List the tasks with {tasks.list}.
`);
  world.write('resources/tasks.yaml', tasks('without get'));
  await follows('the tool is gone', async () => (await world.list('tools')).length === 1);
  await listener.until(({ answer }) => answer.includes('notifications/tools/list_changed'));
  await follows('the prompt is there', async () => (await world.list('prompts')).length === 1);
  const gone = await post(world.mcp, legacyCall(kGet, { id: 5 }));
  assert.ok(gone.body.error, gone.text);

  assert.equal((await slow).id, 77);
});

describe('a fault', () => {
  test('replaces nothing, and is told with file, line and mend, wherever one looks', async (t) => {
    const world = await serve(t);
    world.write('resources/tasks.yaml', tasks('faulty').replace('type: string, values', 'typ: string, values'));
    const { status, body } = await world.reload();
    assert.equal(status, 200);
    assert.equal(body.has_changed, false);
    const [fault] = body.faults;
    assert.equal(fault.file, 'acme/resources/tasks.yaml');
    assert.equal(fault.line, 10);
    assert.ok(fault.message && fault.hint, JSON.stringify(fault));
    assert.match(await descriptionOf(world), /^Edit 0:/);
    await call(world.mcp, kGet, { id: 3 });

    const shown = await world.admin.get('/integration/acme');
    assert.equal(shown.origin, 'directory');
    assert.equal(shown.revision, null);
    assert.deepEqual(shown.faults, body.faults);
    const told = () => world.program.stderr.split('\n').filter((line) => line.includes('A definition has a fault'))
      .map((line) => JSON.parse(line));
    await world.program.until('a line', () => told().length > 0);
    assert.equal(told()[0].file, fault.file);
    assert.equal(told()[0].line, fault.line);
    const environment = await world.admin.create('/environment', { name: 'one' });
    const inside = await world.admin.create('/api-token', { name: 'inside', environment_id: environment.id });
    assert.deepEqual((await world.admin.as(inside.token).get('/integration/acme')).faults, []);
    await world.admin.as(inside.token).refused(403, 'POST', '/integration/acme/reload');

    world.write('resources/tasks.yaml', tasks('mended', getMethod));
    await follows('it is mended', async () => (await descriptionOf(world)).startsWith('Edit mended:'));
    assert.deepEqual((await world.admin.get('/integration/acme')).faults, []);
  });

  test('of a folder that is gone leaves what it had, and a new folder is an integration', async (t) => {
    const world = await serve(t);
    rmSync(join(world.integrations, 'acme'), { recursive: true });
    await follows('it is told', async () => (await world.admin.get('/integration/acme')).faults.length === 1);
    await call(world.mcp, kGet, { id: 3 });

    mkdirSync(join(world.integrations, 'other', 'resources'), { recursive: true });
    writeFileSync(join(world.integrations, 'other', 'integration.yaml'), about().replace('name: acme', 'name: other'));
    writeFileSync(join(world.integrations, 'other', 'resources', 'tasks.yaml'), tasks(1));
    await follows('it is there', async () => (await world.admin.request('GET', '/integration/other')).status === 200);
    await world.admin.refused(404, 'POST', '/integration/nothing/reload');
  });
});

test('SIGHUP and POST /reload read definitions as well', async (t) => {
  const world = await serve(t);
  world.write('resources/tasks.yaml', tasks('by reload').replace('fields:', 'fildes:'));
  const { body } = await world.admin.request('POST', '/reload');
  const [read] = body.integrations;
  assert.equal(read.name, 'acme');
  assert.equal(read.has_changed, false);
  assert.ok(read.faults.length > 0);
  world.write('resources/tasks.yaml', tasks('by signal', getMethod));
  world.program.signal('SIGHUP');
  await follows('the signal', async () => (await descriptionOf(world)).startsWith('Edit by signal:'));
});
