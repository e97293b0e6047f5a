// An API's own description, imported, served, and called: against a stub that the test makes of it.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Shell } from './harness/command.mjs';
import { startSandbox, startServe, temporaryFolder } from './harness/demo.mjs';
import { DescribedStub, readThrough } from './harness/described_stub.mjs';
import { legacyCall, post } from './harness/http.mjs';

const record = (name) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema) => ({ content: { 'application/json': { schema } } });

// A small API with parents, pages by offset, a key in a header and updates by PATCH.
const acme = {
  openapi: '3.1.0',
  info: { title: 'Acme Desk', version: '2' },
  servers: [{ url: 'https://desk.acme.example/v2' }],
  security: [{ key: [] }],
  paths: {
    '/projects/{id}/tasks': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
      get: {
        parameters: [
          { name: 'offset', in: 'query', schema: { type: 'integer' } },
          { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 100 } },
          { name: 'state', in: 'query', schema: { enum: ['open', 'done'] } },
        ],
        responses: { 200: { description: 'tasks', ...json({ type: 'array', items: record('Task') }) } },
      },
      post: {
        requestBody: { required: true, ...json(record('Task')) },
        responses: { 201: { description: 'made', ...json(record('Task')) } },
      },
    },
    '/projects/{id}/tasks/{taskId}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } },
        { name: 'taskId', in: 'path', required: true, schema: { type: 'integer' } }],
      patch: {
        requestBody: json({ type: 'object', properties: { title: { type: ['string', 'null'] } } }),
        responses: { 200: { description: 'changed', ...json(record('Task')) } },
      },
    },
    '/projects/{id}/labels': {
      put: {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
        requestBody: { required: true, ...json({ type: 'array', items: { type: 'string' } }) },
        responses: { 200: { description: 'set', ...json({ type: 'object' }) } },
      },
    },
  },
  components: {
    securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Acme-Key' } },
    schemas: {
      Task: {
        allOf: [{ type: 'object', properties: { id: { type: 'integer', readOnly: true } } },
          { type: 'object', required: ['title'],
            properties: { title: { type: 'string' }, state: { enum: ['open', 'done'] } } }],
      },
    },
  },
};

// What it was asked, and answers as the description says.
async function startStub(t) {
  const asked = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => { body += chunk; });
    request.on('end', () => {
      const url = new URL(request.url, 'http://stub');
      asked.push({ line: `${request.method} ${url.pathname}`, query: Object.fromEntries(url.searchParams),
        key: request.headers['x-acme-key'], body: body && JSON.parse(body) });
      const offset = Number(url.searchParams.get('offset') ?? 0);
      const answer = request.method === 'GET' && url.pathname.endsWith('/tasks')
        ? [1, 2, 3].map((id) => ({ id, title: `Task ${id}`, state: 'open' }))
          .slice(offset, offset + Number(url.searchParams.get('limit')))
        : { id: 7, title: 'Made', state: 'open' };
      response.writeHead(request.method === 'POST' ? 201 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  t.after(() => server.close());
  return { asked, url: `http://127.0.0.1:${server.address().port}/v2` };
}

function shellWith(t, document = acme) {
  const folder = temporaryFolder(t);
  const integrations = join(folder, 'integrations');
  mkdirSync(integrations);
  const file = join(folder, 'api.json');
  writeFileSync(file, typeof document === 'string' ? document : JSON.stringify(document, null, 1));
  const shell = new Shell(folder);
  const command = (...more) => ['integration', 'import', file, '--name', 'acme', ...more];
  return { folder, integrations, file, shell, command };
}

describe('an imported API', () => {
  test('is served, read and written through MCP', async (t) => {
    const { folder, integrations, shell, command } = shellWith(t);
    const told = await shell.json(command('--integrations', integrations));
    assert.equal(told.valid, true);
    assert.equal(told.operations, 4);
    assert.equal(told.tools, 4);
    assert.deepEqual(told.left_out, []);

    const stub = await startStub(t);
    const { admin, url } = await startServe(t, folder, { args: ['--integrations', integrations] });
    const account = await admin.create('/integrated-account', { integration: 'acme', name: 'Desk',
      credentials: { base_url: stub.url, api_key: 'k-123' } });
    const server = await admin.create(`/integrated-account/${account.id}/mcp`, { name: 'All' });
    const mcp = server.url ?? `${url}/mcp/${server.token}`;
    const call = async (name, args) => {
      const { body } = await post(mcp, legacyCall(name, args));
      assert.ok(body?.result, JSON.stringify(body));
      assert.ok(!body.result.isError, body.result.content[0].text);
      return JSON.parse(body.result.content[0].text);
    };
    stub.asked.length = 0;

    const first = await call('list_all_acme_project_tasks', { projectId: 5, state: 'open', limit: 2 });
    assert.deepEqual(first.result.map(({ id }) => id), [1, 2]);
    assert.deepEqual(stub.asked[0], { line: 'GET /v2/projects/5/tasks', key: 'k-123', body: '',
      query: { state: 'open', limit: '2', ...(stub.asked[0].query.offset && { offset: '0' }) } });
    const second = await call('list_all_acme_project_tasks',
      { projectId: 5, state: 'open', limit: 2, next_cursor: first.next_cursor });
    assert.deepEqual(second.result.map(({ id }) => id), [3]);

    const made = await call('create_a_acme_project_task', { projectId: 5, title: 'Made' });
    assert.equal(made.id, 7);
    assert.equal(stub.asked.at(-1).line, 'POST /v2/projects/5/tasks');
    assert.deepEqual(stub.asked.at(-1).body, { title: 'Made' });

    await call('update_a_acme_project_task_by_id', { projectId: 5, id: 7, title: 'Other' });
    assert.equal(stub.asked.at(-1).line, 'PATCH /v2/projects/5/tasks/7');
    assert.deepEqual(stub.asked.at(-1).body, { title: 'Other' });

    await call('acme_project_labels_replace', { projectId: 5, items: ['red', 'blue'] });
    assert.deepEqual(stub.asked.at(-1).body, ['red', 'blue']);
  });

  test('a faulty document replaces nothing, and every fault has its line and what mends it', async (t) => {
    const { integrations, file, shell, command } = shellWith(t);
    await shell.ok(command('--integrations', integrations));
    const before = readFileSync(join(integrations, 'acme/integration.yaml'), 'utf8');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('#/components/schemas/Task', 'https://x.example/Task'));
    const { code, stdout } = await shell.type(command('--integrations', integrations));
    assert.equal(code, 1);
    assert.match(stdout, /api\.json:\d+: error: .*leads out of this document/);
    assert.match(stdout, /bundle the document into one file/);
    assert.equal(readFileSync(join(integrations, 'acme/integration.yaml'), 'utf8'), before);
    assert.deepEqual(readdirSync(integrations), ['acme'], 'nothing half written is left');
  });

  test('what was written by hand is not replaced, and a dry run writes nothing', async (t) => {
    const { integrations, shell, command } = shellWith(t);
    const dry = await shell.json(command('--dry-run'));
    assert.equal(dry.tools, 4);
    assert.equal(dry.folder, null);
    assert.ok(!existsSync(join(integrations, 'acme')));

    mkdirSync(join(integrations, 'acme'));
    writeFileSync(join(integrations, 'acme/integration.yaml'), 'name: acme\n');
    const { code, stderr } = await shell.type(command('--integrations', integrations));
    assert.equal(code, 1);
    assert.match(stderr, /was not imported, so an import does not replace it/);
    assert.equal(readFileSync(join(integrations, 'acme/integration.yaml'), 'utf8'), 'name: acme\n');
    assert.match((await shell.type(command())).stderr, /Nothing says where the definition goes/);
  });

  test('standard input is read, and what is no description is told so', async (t) => {
    const { shell } = shellWith(t);
    const words = ['integration', 'import', '-', '--name', 'acme', '--dry-run'];
    assert.match(await shell.ok(words, JSON.stringify(acme)), /4 of 4 operations are tools/);
    const { code, stdout } = await shell.type(words, 'hello: world\n');
    assert.equal(code, 1);
    assert.match(stdout, /standard input:1: error: the document says neither/);
  });
});

// The vendor's own description of what the sandbox imitates.
const vendors = `${process.env.PATCHBAY_SHARED_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url))
}/connectwise/openapi-2026.4.json`;

describe('an API of the family of a shipped pack', () => {
  test('speaks as that pack does: conditions, cursors, names for ids, flat updates', async (t) => {
    const { folder, integrations, shell } = shellWith(t);
    const told = await shell.json(['integration', 'import', vendors, '--name', 'desk', '--integrations', integrations]);
    assert.equal(told.operations, 3097);
    assert.ok(told.left_out.length <= 10, JSON.stringify(told.left_out));
    assert.equal(told.tools, told.operations - told.left_out.length);

    const { credentials } = await startSandbox(t);
    const { admin, url } = await startServe(t, folder, { args: ['--integrations', integrations] });
    const account = await admin.create('/integrated-account', { integration: 'desk', name: 'PSA', credentials });
    const server = await admin.create(`/integrated-account/${account.id}/mcp`,
      { name: 'Tickets', config: { tags: ['tickets'] } });
    const ask = async (name, args) => {
      const { body } = await post(server.url ?? `${url}/mcp/${server.token}`, legacyCall(name, args));
      assert.ok(body?.result, JSON.stringify(body));
      return { error: body.result.isError, ...JSON.parse(body.result.content[0].text) };
    };
    const call = async (name, args) => {
      const answer = await ask(name, args);
      assert.ok(!answer.error, JSON.stringify(answer));
      return answer;
    };

    const list = 'list_all_desk_service_tickets';
    const first = await call(list, { limit: 3, conditions: 'closedFlag = false' });
    assert.equal(first.result.length, 3);
    const second = await call(list, { limit: 3, conditions: 'closedFlag = false', next_cursor: first.next_cursor });
    assert.ok(second.result[0].id < first.result[2].id, 'newest first, each once');
    const wrong = await ask(list, { conditions: 'sumary = "x"' });
    assert.match(JSON.stringify(wrong), /summary/, 'the nearest field is named');
    assert.ok(!first.result[0].mobileGuid, 'noise is gone');

    const [{ board, company }] = (await call(list, { limit: 1, fields: ['board', 'company'] })).result;
    const made = await call('create_a_desk_service_ticket',
      { summary: 'Imported', company: company.name, board: board.name });
    assert.equal(made.company.id, company.id);
    assert.equal(made.board.id, board.id);
    const changed = await call('update_a_desk_service_ticket_by_id', { id: made.id, summary: 'Imported twice' });
    assert.equal(changed.summary, 'Imported twice');
    const read = await call('get_single_desk_service_ticket_by_id', { id: made.id });
    assert.equal(read.summary, 'Imported twice');
    const { count } = await call('desk_service_tickets_count', { conditions: `id = ${made.id}` });
    assert.equal(count, 1);
  });
});

// Descriptions of real APIs, from npm.
describe('documents of others', () => {
  for (const [name, least] of [['@directus/specs/dist/openapi.json', 130], ['@blockfrost/openapi/openapi.yaml', 120],
    ['@digdir/dialogporten-schema/swagger.verified.json', 25]]) {
    test(`${name} is imported without a fault, loads, and serves calls`, async (t) => {
      const { folder, integrations, shell } = shellWith(t);
      const file = fileURLToPath(new URL(`node_modules/${name}`, import.meta.url));
      const told = await shell.json(['integration', 'import', file, '--name', 'real', '--integrations', integrations]);
      assert.deepEqual(told.problems.filter(({ severity }) => severity === 'error'), []);
      assert.ok(told.tools >= least, `${told.tools} tools`);
      assert.equal(told.tools + told.left_out.length, told.operations);
      for (const { reason } of told.left_out) assert.ok(reason);
      const checked = await shell.json(['integration', 'validate', join(folder, 'integrations/real')]);
      assert.equal(checked.tools, told.tools);

      const stub = await DescribedStub.start(t, file);
      const { admin } = await startServe(t, folder, { args: ['--integrations', integrations] });
      const { credentials: fields } = await admin.get('/integration/real');
      const credentials = Object.fromEntries(fields.map(({ name: field }) => [field, 'not-a-real-key-1']));
      const account = await admin.create('/integrated-account', { integration: 'real', name: 'Real',
        credentials: { ...credentials, base_url: stub.url } });
      const server = await admin.create(`/integrated-account/${account.id}/mcp`, { name: 'All' });
      const { body } = await post(server.url, { jsonrpc: '2.0', id: 1, method: 'tools/list' });
      assert.equal(body.result.tools.length, told.tools);
      const called = await readThrough(stub, body.result.tools, async (tool, args) => {
        const { body: answer } = await post(server.url, legacyCall(tool, args));
        assert.ok(answer?.result && !answer.result.isError, `${tool} ${JSON.stringify(args)}: ${JSON.stringify(answer)}`);
      }, 20);
      t.diagnostic(`${called} tools were called`);
    });
  }
});
