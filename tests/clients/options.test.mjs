// What a server's config adds to the protocol, with the clients that have it: confirmation of what
// destroys, structured output, prompts with completion, and news of changed tools.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client';
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { startDemo } from '../e2e/harness/demo.mjs';
import { binary } from '../e2e/harness/process.mjs';

const kSelf = { name: 'patchbay-clients', version: '1.0.0' };
const kDelete = 'delete_a_connect_wise_psa_ticket_by_id';
const kinds = [
  { name: 'SDK v1', Http: HttpV1, Stdio: StdioV1, make: (options) => new ClientV1(kSelf, options),
    onElicit: (client, answer) => client.setRequestHandler(ElicitRequestSchema, answer) },
  ...['legacy', { pin: '2026-07-28' }].map((mode) => ({
    name: `SDK v2, ${mode.pin ?? mode}`, Http: HttpV2, Stdio: StdioV2,
    make: (options) => new ClientV2(kSelf, { ...options, versionNegotiation: { mode } }),
    onElicit: (client, answer) => client.setRequestHandler('elicitation/create', answer) })),
];

let demo;
before(async () => { demo = await startDemo(); });
after(() => demo.program.stop());

const mint = (config) => demo.admin.create(`/integrated-account/${demo.integrated_account_id}/mcp`,
  { name: 'Options', config });
const text = (result) => JSON.parse(result.content[0].text);
async function ticket() {
  const board = await demo.psa.one('/service/boards', 'name = "Triage"');
  const company = await demo.psa.one('/company/companies', 'name = "Acme Corp"');
  return demo.psa.post('/service/tickets',
    { summary: 'To be deleted', board: { id: board.id }, company: { id: company.id } });
}
const exists = async (id) => (await demo.psa.request('GET', `/service/tickets/${id}`)).status === 200;

for (const kind of kinds) {
  const open = async (t, url, options, answer) => {
    const client = kind.make(options);
    if (answer) kind.onElicit(client, answer);
    await client.connect(new kind.Http(new URL(url)));
    t.after(() => client.close());
    return client;
  };

  describe(kind.name, () => {
    test('confirm_writes asks the user, and only a yes deletes', async (t) => {
      const { url } = await mint({ confirm_writes: true });
      const asked = [];
      let answer;
      const client = await open(t, url, { capabilities: { elicitation: {} } }, async (request) => {
        asked.push(request.params.message);
        return answer;
      });
      const { id } = await ticket();
      for (answer of [{ action: 'decline' }, { action: 'cancel' },
        { action: 'accept', content: { confirm: false } }]) {
        const result = await client.callTool({ name: kDelete, arguments: { id } });
        assert.equal(text(result).error.code, 'not_confirmed');
        assert.equal(await exists(id), true);
      }
      answer = { action: 'accept', content: { confirm: true } };
      const result = await client.callTool({ name: kDelete, arguments: { id } });
      assert.ok(!result.isError, JSON.stringify(result));
      assert.equal(await exists(id), false);
      assert.equal(asked.length, 4);
      assert.match(asked[0], new RegExp(`\\bid: ${id}\\b`));
    });

    test('confirm_writes asks through the bridge as well', async (t) => {
      const { url } = await mint({ confirm_writes: true });
      const client = kind.make({ capabilities: { elicitation: {} } });
      kind.onElicit(client, async () => ({ action: 'accept', content: { confirm: true } }));
      await client.connect(new kind.Stdio({ command: binary, args: ['stdio', url] }));
      t.after(() => client.close());
      const { id } = await ticket();
      const result = await client.callTool({ name: kDelete, arguments: { id } });
      assert.ok(!result.isError, JSON.stringify(result));
      assert.equal(await exists(id), false);
    });

    test('confirm_writes without elicitation takes two steps', async (t) => {
      const { url } = await mint({ confirm_writes: true });
      const client = await open(t, url, {});
      const { id } = await ticket();
      const other = await ticket();
      const first = await client.callTool({ name: kDelete, arguments: { id } });
      assert.equal(text(first).error.code, 'confirmation_required');
      const [, confirmation] = text(first).error.hint.match(/confirmation: "(\w+)"/);
      const stolen = await client.callTool(
        { name: kDelete, arguments: { id: other.id, confirmation } });
      assert.equal(text(stolen).error.code, 'confirmation_required');
      assert.equal(await exists(id) && await exists(other.id), true);
      const second = await client.callTool({ name: kDelete, arguments: { id, confirmation } });
      assert.ok(!second.isError, JSON.stringify(second));
      assert.equal(await exists(id), false);
      assert.equal(await exists(other.id), true);
    });

    test('structured_output is what the text says, and fits its schema', async (t) => {
      const { url } = await mint({ structured_output: true });
      const client = await open(t, url, {});
      await client.listTools();  // the client checks results against the schemas from here on
      for (const [name, args] of [['list_all_connect_wise_psa_boards', { limit: 2 }],
        ['get_single_connect_wise_psa_ticket_by_id', { id: 40592 }],
        ['list_all_connect_wise_psa_tickets', { board: 'Triage', limit: 3 }]]) {
        const result = await client.callTool({ name, arguments: args });
        assert.ok(!result.isError, JSON.stringify(result));
        assert.deepEqual(result.structuredContent, text(result));
      }
      const refused = await client.callTool({ name: 'list_all_connect_wise_psa_tickets',
        arguments: { board: 'Nowhere' } });
      assert.ok(refused.isError);
      assert.equal(refused.structuredContent, undefined);
    });

    test('prompts are listed, completed and filled', async (t) => {
      const client = await open(t, demo.mcp_url, {});
      const { prompts } = await client.listPrompts();
      assert.deepEqual(prompts.map(({ name }) => name), ['pipeline_review', 'ticket_summary',
        'time_audit', 'triage_board', 'unbilled_time']);
      const complete = async (name, argument, value) => (await client.complete(
        { ref: { type: 'ref/prompt', name }, argument: { name: argument, value } })).completion.values;
      assert.deepEqual((await complete('triage_board', 'board', 'tri'))[0], 'Triage');
      assert.ok((await complete('time_audit', 'member', 'john')).includes('John Doe'));
      assert.ok((await complete('unbilled_time', 'company', 'acme')).includes('Acme Corp'));
      const { messages } = await client.getPrompt(
        { name: 'triage_board', arguments: { board: 'Triage' } });
      assert.match(messages[0].content.text, /list_all_connect_wise_psa_tickets/);
      await assert.rejects(client.getPrompt({ name: 'triage_board', arguments: {} }), /board/);
    });

    test('a server without the tools of a prompt has not the prompt', async (t) => {
      const { url } = await mint({ tags: ['sales'] });
      const client = await open(t, url, {});
      const { prompts } = await client.listPrompts();
      assert.deepEqual(prompts.map(({ name }) => name), ['pipeline_review']);
    });
  });
}

for (const [way, transport] of [
  ['by itself', (url) => new HttpV2(new URL(url))],
  ['through the bridge', (url) => new StdioV2({ command: binary, args: ['stdio', url] })]]) {
  test(`SDK v2 hears of changed tools ${way}`, async (t) => {
    const server = await mint({ methods: ['read'] });
    let changed;
    const told = new Promise((resolve) => { changed = resolve; });
    const client = new ClientV2(kSelf, { versionNegotiation: { mode: { pin: '2026-07-28' } },
      listChanged: { tools: { debounceMs: 0, onChanged: (error, tools) => changed({ error, tools }) } } });
    await client.connect(transport(server.url));
    t.after(() => client.close());
    const before_ = (await client.listTools()).tools.length;
    await demo.admin.change(`/integrated-account/${demo.integrated_account_id}/mcp/${server.id}`,
      { config: { methods: ['read', 'write'] } });
    const { error, tools } = await told;
    assert.ifError(error);
    assert.ok(tools.length > before_, `${tools.length} tools, ${before_} before`);
  });
}
