// Every tool of tools/list is called at least once and succeeds: what is listed works.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { clients, connected } from './harness/clients.mjs';
import { startDemo } from './harness/demo.mjs';

const kPrefix = 'connect_wise_psa';
const kExpected = {
  list: ['tickets', 'ticket_notes', 'boards', 'board_statuses', 'board_types', 'board_subtypes',
    'board_items', 'board_teams', 'priorities', 'sources', 'companies', 'contacts', 'members',
    'work_types', 'work_roles', 'time_entries', 'sales_opportunities'],
  get: ['ticket', 'board', 'company', 'contact', 'member', 'time_entry', 'sales_opportunity'],
  create: ['ticket', 'ticket_note', 'time_entry', 'sales_opportunity'],
  update: ['ticket', 'time_entry', 'sales_opportunity'],
  delete: ['ticket', 'time_entry'],
};

const singular = (plural) => plural
  .replace(/statuses$/, 'status').replace(/ies$/, 'y').replace(/(?<!s|statu)s$/, '');

let demo;
before(async () => { demo = await startDemo(); });
after(() => demo.program.stop());

for (const kind of clients) {
  describe(kind.name, () => {
    const claude = connected(kind, () => demo.mcp_url);
    let tools;
    const called = new Set();
    const call = (name, args) => { called.add(name); return claude.call(name, args); };
    before(async () => { tools = await claude.tools(); });

    test('the tools that the demo must have are there', () => {
      const names = new Set(tools.map(({ name }) => name));
      const missing = [
        ...kExpected.list.map((name) => `list_all_${kPrefix}_${name}`),
        ...kExpected.get.map((name) => `get_single_${kPrefix}_${name}_by_id`),
        ...kExpected.create.map((name) => `create_a_${kPrefix}_${name}`),
        ...kExpected.update.map((name) => `update_a_${kPrefix}_${name}_by_id`),
        ...kExpected.delete.map((name) => `delete_a_${kPrefix}_${name}_by_id`),
      ].filter((name) => !names.has(name));
      assert.deepEqual(missing, []);
    });

    test('every tool is fit for every client', () => {
      assert.deepEqual(tools.map(({ name }) => name), [...new Set(tools.map(({ name }) => name))]);
      for (const { name, title, description, inputSchema, annotations } of tools) {
        assert.match(name, /^[a-z0-9_]{1,64}$/);
        assert.ok(title, `${name} has no title`);
        assert.ok(description.length >= 40 && description.length < 1024, `${name}: description`);
        assert.equal(inputSchema.type, 'object', name);
        const text = JSON.stringify(inputSchema);
        assert.ok(!/"\$ref"|"\$schema"|"\$defs"/.test(text), `${name}: $ref`);
        for (const word of ['anyOf', 'oneOf', 'allOf']) assert.ok(!(word in inputSchema), `${name}: ${word}`);
        for (const [argument, schema] of Object.entries(inputSchema.properties)) {
          assert.match(argument, /^[a-zA-Z0-9_]{1,64}$/, name);
          // What its name and default say needs no words; words cost tokens.
          const plain = ['limit', 'orderBy', 'id'].includes(argument);
          assert.ok(plain || schema.description, `${name}: ${argument} is not described`);
        }
        for (const hint of ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint']) {
          assert.equal(typeof annotations[hint], 'boolean', `${name}: ${hint}`);
        }
        assert.equal(annotations.readOnlyHint, /^(list_all|get_single)_/.test(name), name);
      }
    });

    test('every tool of the list is called and succeeds', async () => {
      const boards = await demo.psa.all('/service/boards', 'name="Triage"');
      const acme = await demo.psa.one('/company/companies', 'name="Acme Corp"');
      const [contact] = await demo.psa.all('/company/contacts', `company/id=${acme.id}`);
      const parents = { ticketId: 40592, boardId: boards[0].id };
      const hour = new Date(Date.now() - 3.6e6).toISOString().slice(0, 13) + ':00:00Z';
      const creates = {
        ticket: { summary: 'Every tool is called', company: 'Acme Corp', board: 'Triage' },
        ticket_note: { ticketId: 40592, text: 'Every tool is called.', internalAnalysisFlag: true },
        time_entry: { ticketId: 40592, member: 'John Doe', timeStart: hour, actualHours: 0.5,
          notes: 'Every tool is called.' },
        sales_opportunity: { name: 'Every tool is called', company: 'Acme Corp',
          primarySalesRep: 'John Doe', contact: contact.id },
      };
      const updates = {
        ticket: { summary: 'Every tool was called' },
        time_entry: { notes: 'Every tool was called.' },
        sales_opportunity: { name: 'Every tool was called' },
      };

      const firstId = {};  // by singular: a record to get
      const required = ({ inputSchema }) => Object.fromEntries((inputSchema.required ?? [])
        .filter((name) => name in parents).map((name) => [name, parents[name]]));
      const byKind = (pattern) => tools.map((tool) => ({ tool, of: tool.name.match(pattern)?.[1] }))
        .filter(({ of }) => of);

      for (const { tool, of } of byKind(/^list_all_connect_wise_psa_(.+)$/)) {
        const page = await call(tool.name, { ...required(tool), limit: 2 });
        assert.ok(page.result_count > 0, `${tool.name} is empty`);
        firstId[singular(of)] = page.result[0].id;
      }
      for (const { tool, of } of byKind(/^get_single_connect_wise_psa_(.+)_by_id$/)) {
        assert.ok(firstId[of], `no list gives a ${of}`);
        const record = await call(tool.name, { ...required(tool), id: firstId[of] });
        assert.equal(record.id, firstId[of], tool.name);
      }
      const created = {};
      for (const { tool, of } of byKind(/^create_a_connect_wise_psa_(.+)$/)) {
        assert.ok(creates[of], `no arguments for ${tool.name} are known to this test`);
        created[of] = (await call(tool.name, creates[of])).id;
        assert.equal(typeof created[of], 'number', tool.name);
      }
      for (const { tool, of } of byKind(/^update_a_connect_wise_psa_(.+)_by_id$/)) {
        assert.ok(updates[of], `no arguments for ${tool.name} are known to this test`);
        const record = await call(tool.name, { ...required(tool), id: created[of], ...updates[of] });
        for (const [name, value] of Object.entries(updates[of])) assert.equal(record[name], value);
      }
      for (const { tool, of } of byKind(/^delete_a_connect_wise_psa_(.+)_by_id$/)) {
        await call(tool.name, { ...required(tool), id: created[of] });
        const error = await claude.refused(`get_single_${kPrefix}_${of}_by_id`, { id: created[of] });
        assert.equal(error.status, 404);
      }
      assert.deepEqual(tools.map(({ name }) => name).filter((name) => !called.has(name)), [],
        'tools that were not called');
    });

    test('a list of 25 is small enough for a model, and has no noise', async () => {
      const { content: [{ text }] } = await claude.raw(`list_all_${kPrefix}_tickets`, {});
      assert.equal(JSON.parse(text).result_count, 25, 'the default');
      assert.ok(text.length < 40_000, `${text.length} characters`);
      assert.ok(!/":null|_href|_info|mobileGuid/.test(text), text.slice(0, 400));
    });

    test('fields asks for less, verbose for more', async () => {
      const few = await claude.call(`list_all_${kPrefix}_tickets`, { limit: 1, fields: ['id', 'summary'] });
      assert.deepEqual(Object.keys(few.result[0]).sort(), ['id', 'summary']);
      const plain = await claude.raw(`get_single_${kPrefix}_ticket_by_id`, { id: 5012 });
      const verbose = await claude.raw(`get_single_${kPrefix}_ticket_by_id`, { id: 5012, verbose: true });
      assert.ok(verbose.content[0].text.length > plain.content[0].text.length);
      assert.match(verbose.content[0].text, /_href/);
    });

    test('an update changes what it names and nothing else; null clears', async () => {
      const before = await demo.psa.get('/service/tickets/5012');
      await claude.call(`update_a_${kPrefix}_ticket_by_id`, { id: 5012, owner: 'jdoe' });
      const owned = await demo.psa.get('/service/tickets/5012');
      assert.equal(owned.owner.name, 'John Doe');
      assert.equal(owned.summary, before.summary);
      assert.deepEqual(owned.company, before.company);
      await claude.call(`update_a_${kPrefix}_ticket_by_id`, { id: 5012, owner: null });
      assert.equal('owner' in await demo.psa.get('/service/tickets/5012'), false);
    });

    test('references take a name in any case, a unique part of it, an identifier or an id',
      async () => {
        const board = await demo.psa.one('/service/boards', 'name="Server Team"');
        for (const given of ['Server Team', 'server team', 'Server Te', board.id, String(board.id)]) {
          const { id } = await claude.call(`create_a_${kPrefix}_ticket`,
            { summary: 'By any name', company: 'Acme Corp', board: given });
          const { board: stored } = await demo.psa.get(`/service/tickets/${id}`);
          assert.equal(stored.id, board.id, String(given));
          await demo.psa.request('DELETE', `/service/tickets/${id}`);
        }
      });
  });
}
