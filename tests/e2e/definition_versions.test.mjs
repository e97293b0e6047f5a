// Definitions that are uploaded and imported while the server works: looked at before they hold, kept
// in versions, and gone back from.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Shell } from './harness/command.mjs';
import { startServe, temporaryFolder } from './harness/demo.mjs';
import { legacyCall, post } from './harness/http.mjs';
import { about, getMethod, startTasks, tasks } from './harness/written.mjs';

const kList = 'list_all_acme_tasks';
const json = (schema) => ({ content: { 'application/json': { schema } } });
const task = { type: 'object', properties: { id: { type: 'integer' }, title: { type: 'string' } } };

// A vendor's document: tasks, and whatever `more` says.
const document = (version, more = {}) => ({
  openapi: '3.0.3',
  info: { title: 'Acme', version },
  servers: [{ url: 'https://acme.example' }],
  paths: {
    '/tasks': { get: {
      parameters: [{ name: 'state', in: 'query', schema: { enum: ['open', 'done'] } }],
      responses: { 200: { description: 'tasks', ...json({ type: 'array', items: task }) } } } },
    '/tasks/{id}': { get: {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
      responses: { 200: { description: 'a task', ...json(task) } } } },
    ...more,
  },
});
const notes = { '/notes': { post: { requestBody: { required: true, ...json({ type: 'object',
  required: ['text'], properties: { text: { type: 'string' } } }) },
responses: { 201: { description: 'made', ...json({ type: 'object' }) } } } } };

const pack = (edit, methods = getMethod) => ({ files: [
  { path: 'integration.yaml', text: about() },
  { path: 'resources/tasks.yaml', text: tasks(edit, methods) }] });

async function serve(t, folder = temporaryFolder(t)) {
  const server = await startServe(t, folder);
  const put = (body, query = '') => server.admin.request('PUT', `/integration/acme${query}`, body);
  const doImport = (body, query = '') => server.admin.request('POST', `/integration/acme/import${query}`, body);
  return { ...server, folder, put, doImport };
}

async function connect(t, world, config = {}) {
  const stub = await startTasks(t);
  const account = await world.admin.create('/integrated-account',
    { integration: 'acme', name: 'Desk', credentials: { base_url: stub.url } });
  return world.admin.create(`/integrated-account/${account.id}/mcp`, { name: 'All', config });
}

const toolsOf = async ({ url }) => (await post(url, { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }))
  .body.result.tools.map(({ name }) => name);

describe('an upload', () => {
  test('is looked at, holds, is replaced, and is gone back to', async (t) => {
    const world = await serve(t);
    const preview = await world.put(pack(1), '?preview=true');
    assert.equal(preview.status, 200, preview.text);
    assert.equal(preview.body.revision, null);
    assert.equal(preview.body.tools, 2);
    await world.admin.refused(404, 'GET', '/integration/acme');
    assert.equal((await world.put(pack(1))).body.revision, 1);
    const server = await connect(t, world);

    // What would go is named, with the server that feels it.
    const less = await world.put(pack(2, ''), '?preview=true');
    assert.deepEqual(less.body.diff.removed, ['get_single_acme_task_by_id']);
    const [felt] = less.body.mcp_servers;
    assert.equal(felt.id, server.id);
    assert.deepEqual(felt.removed, ['get_single_acme_task_by_id']);
    assert.equal(felt.is_breaking, true);
    assert.equal((await toolsOf(server)).length, 2);

    assert.equal((await world.put(pack(2, ''))).body.revision, 2);
    assert.deepEqual(await toolsOf(server), [kList]);
    const { status, body } = await world.admin.request('POST', '/integration/acme/rollback', { revision: 1 });
    assert.equal(status, 200);
    assert.equal(body.revision, 3);
    assert.equal((await toolsOf(server)).length, 2);

    const { result } = await world.admin.get('/integration/acme/revisions');
    assert.deepEqual(result.map(({ revision, origin, is_current }) => [revision, origin, is_current]),
      [[3, 'uploaded', true], [2, 'uploaded', false], [1, 'uploaded', false]]);
    const first = await world.admin.get('/integration/acme/revisions?limit=2');
    const rest = await world.admin.get(`/integration/acme/revisions?limit=2&next_cursor=${first.next_cursor}`);
    assert.deepEqual(rest.result.map(({ revision }) => revision), [1]);
    const shown = await world.admin.get('/integration/acme');
    assert.equal(shown.origin, 'uploaded');
    assert.equal(shown.revision, 3);

    // Previews are no changes, and stand in no log as such.
    const { result: changes } = await world.admin.get('/log?kind=change&tool=uploadIntegration');
    assert.equal(changes.length, 2);

    // All of it is there after a restart.
    await world.program.stop();
    const again = await serve(t, world.folder);
    assert.equal((await again.admin.get('/integration/acme')).revision, 3);
  });

  test('with faults is refused with each of them, and what was in force goes on', async (t) => {
    const world = await serve(t);
    await world.put(pack(1));
    const server = await connect(t, world);
    const faulty = pack(2);
    faulty.files[1].text = faulty.files[1].text.replace('type: string, values', 'typ: string, values');
    for (const query of ['', '?preview=true']) {
      const { status, body } = await world.put(faulty, query);
      assert.equal(status, 422);
      const [fault] = body.details.faults;
      assert.equal(fault.file, 'acme/resources/tasks.yaml');
      assert.equal(fault.line, 10);
      assert.ok(fault.hint);
    }
    assert.equal((await toolsOf(server)).length, 2);
    assert.equal((await world.admin.get('/integration/acme')).revision, 1);
    await world.admin.refused(404, 'POST', '/integration/acme/rollback', { revision: 9 });
    await world.admin.refused(400, 'POST', '/integration/acme/rollback', { revision: 'one' });
    await world.admin.refused(400, 'PUT', '/integration/acme', { files: [{ path: '../key', text: 'x' }] });
    const environment = await world.admin.create('/environment', { name: 'one' });
    const inside = await world.admin.create('/api-token', { name: 'inside', environment_id: environment.id });
    const reader = await world.admin.create('/api-token', { name: 'reader', scope: 'read' });
    for (const { token } of [inside, reader]) {
      await world.admin.as(token).refused(403, 'PUT', '/integration/acme', pack(3));
      await world.admin.as(token).refused(403, 'POST', '/integration/acme/import', document('1'));
      await world.admin.as(token).refused(403, 'POST', '/integration/acme/rollback', { revision: 1 });
    }
  });
});

describe('a document', () => {
  test('is imported, and a newer one is compared before it holds', async (t) => {
    const world = await serve(t);
    const { status, body } = await world.doImport(document('1', notes));
    assert.equal(status, 200);
    assert.equal(body.operations, 3);
    assert.equal(body.tools, 3);
    assert.equal(body.revision, 1);
    const newer = document('2');
    newer.paths['/tasks'].get.parameters[0].schema.enum = ['open'];
    const preview = (await world.doImport(newer, '?preview=true')).body;
    assert.equal(preview.revision, null);
    assert.equal(preview.diff.removed.length, 1);
    const [changed] = preview.diff.changed;
    assert.equal(changed.tool, kList);
    assert.equal(changed.is_breaking, true);
    assert.ok(changed.what[0].includes('no longer takes'), changed.what[0]);
    const faulty = await world.doImport({ openapi: '3.0.3', info: {}, paths: { '/x': { get: {
      responses: { 200: { $ref: 'https://elsewhere.example/x.json' } } } } } });
    assert.equal(faulty.status, 422);
    assert.ok(faulty.body.details.faults.length > 0);
  });

  test('lies under what is written by hand, which wins', async (t) => {
    const world = await serve(t);
    await world.put(pack('by hand', ''));
    const server = await connect(t, world);
    const { body } = await world.doImport(document('1', notes));
    assert.deepEqual(body.diff.removed, []);
    assert.equal(body.diff.added.length, 2);
    assert.equal((await toolsOf(server)).length, 3);
    const { body: listed } = await post(server.url, { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });
    assert.match(listed.result.tools.find(({ name }) => name === kList).description, /^Edit by hand:/);
    const called = await post(server.url, legacyCall('get_single_acme_task_by_id', { id: 4 }));
    assert.equal(JSON.parse(called.body.result.content[0].text).id, 4);
  });

  test('may be larger than any other body, and no larger than that', async (t) => {
    const world = await serve(t);
    const padded = (bytes) => JSON.stringify({ ...document('1'), 'x-padding': 'x'.repeat(bytes) });
    const send = (body) => fetch(`${world.url}/integration/acme/import`, { method: 'POST', body,
      headers: { authorization: `Bearer ${world.token}`, 'content-type': 'application/json' } });
    assert.equal((await send(padded(5 << 20))).status, 200);
    assert.equal((await send(padded(33 << 20)).catch(() => ({ status: 413 }))).status, 413);
    const other = await fetch(`${world.url}/environment`, { method: 'POST', body: padded(5 << 20),
      headers: { authorization: `Bearer ${world.token}`, 'content-type': 'application/json' } })
      .catch(() => ({ status: 413 }));
    assert.equal(other.status, 413);
  });
});

test('the command line does the same', async (t) => {
  const world = await serve(t);
  const folder = join(world.folder, 'acme');
  mkdirSync(join(folder, 'resources'), { recursive: true });
  const write = (edit, methods) => {
    for (const { path, text } of pack(edit, methods).files) writeFileSync(join(folder, path), text);
  };
  write(1);
  const shell = new Shell(world.folder, { PATCHBAY_URL: world.url, PATCHBAY_API_TOKEN: world.token });
  assert.equal((await shell.json(['integration', 'upload', folder])).revision, 1);
  const older = join(world.folder, 'older');
  mkdirSync(join(older, 'acme', 'resources'), { recursive: true });
  for (const { path, text } of pack(1).files) writeFileSync(join(older, 'acme', path), text);
  write(2, '');
  const compared = await shell.type(['integration', 'diff', join(older, 'acme'), folder]);
  assert.equal(compared.code, 1);
  assert.match(compared.stdout, /- get_single_acme_task_by_id {2}BREAKING/);
  assert.equal((await shell.json(['integration', 'upload', folder, '--dry-run'])).revision, null);
  assert.equal((await shell.json(['integration', 'upload', folder])).revision, 2);
  assert.equal((await shell.json(['integration', 'rollback', 'acme'])).revision, 3);
  const file = join(world.folder, 'api.json');
  writeFileSync(file, JSON.stringify(document('1', notes)));
  const imported = await shell.json(['integration', 'import', file, '--name', 'acme', '--upload']);
  assert.equal(imported.revision, 4);
  assert.equal(imported.tools, 3);
  const { result } = await shell.json(['integration', 'revisions', 'acme']);
  assert.equal(result.length, 4);
  const listed = (await shell.json(['integration', 'list'])).result.find(({ name }) => name === 'acme');
  assert.equal(listed.origin, 'imported');
  assert.equal((await shell.json(['integration', 'reload', 'acme'])).has_changed, false);
});
