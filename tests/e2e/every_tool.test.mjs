// Every tool of tools/list is called and does what it says: what is listed works. The calls are made
// of the pack's definition and the sandbox's records (harness/tool_checks.mjs), so that a new tool is
// covered without a line here; what needs an order or a state stands in harness/scenarios.mjs.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { clients, connected, sameAnswer } from './harness/clients.mjs';
import { startDemo } from './harness/demo.mjs';
import { methodOf, resources } from './harness/pack.mjs';
import { Records } from './harness/records.mjs';
import { ToolChecks } from './harness/tool_checks.mjs';

const kPrefix = 'connect_wise_psa';
// What no record of the sandbox has: these filters are called with values that nothing meets.
const kNobodyHas = ['catalog_items manufacturerPartNumber', 'configurations tagNumber',
  'expense_entries agreement', 'invoices ticketId', 'invoices project',
  'knowledge_base_articles categoryId', 'orders opportunity', 'products project',
  'project_phases deadlineBefore', 'project_tickets dueBefore', 'purchase_orders customer',
  'purchase_orders trackingNumber', 'service_locations where', 'tickets parentTicketId'];

let demo;
before(async () => { demo = await startDemo(); });
after(() => demo.program.stop());

const [other, first] = clients;
let checks;  // of the first

for (const kind of [first, other]) {
  describe(kind.name, () => {
    const claude = connected(kind, () => demo.mcp_url);
    let tools;
    before(async () => { tools = await claude.tools(); });

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
          // What its name, values and default say, or the server's instructions of all alike (names
          // and ids, times, custom fields), needs no words; words cost tokens. Names other than the API's do.
          const of = methodOf(name).arguments[argument];
          const plain = ['id', 'limit', 'next_cursor', 'orderBy', 'fields', 'verbose', 'count', 'dry_run',
            'allow_duplicate', 'idempotency_key', 'clear', 'conditions', 'where', 'having', 'customField',
            'customFields'].includes(argument) || schema.enum || of?.ref || of?.names
            || of?.target === argument || /(After|Before|Contains|Id)$/.test(argument);
          assert.ok(plain || schema.description, `${name}: ${argument} is not described`);
        }
        for (const hint of ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint']) {
          assert.equal(typeof annotations[hint], 'boolean', `${name}: ${hint}`);
        }
        const { readOnlyHint } = annotations;
        assert.equal(readOnlyHint, methodOf(name)?.verb === 'get', name);
        for (const each of ['dry_run', 'idempotency_key']) {
          assert.equal(each in inputSchema.properties, !readOnlyHint, `${name}: ${each}`);
        }
        const clear = inputSchema.properties.clear?.items.enum ?? [];
        assert.deepEqual(clear, methodOf(name).clear, `${name}: clear`);
      }
    });

    if (kind === first) {
      describe('is called and does what it says, by name and by id', () => {
        before(() => {
          checks = new ToolChecks({ caller: claude, psa: demo.psa, live: new Records(demo.psa), tools });
        });
        for (const resource of Object.keys(resources)) {
          test(resource, async () => {
            const faults = await checks.check(resource);
            assert.ok(!faults.length, `${faults.length} faults\n${faults.join('\n')}`);
          });
        }

        test('no tool is left out', () => {
          assert.deepEqual(tools.map(({ name }) => name).filter((name) => !checks.called.has(name)), []);
        });

        test('every filter was tried with a value that some record has', () => {
          const left = checks.unproven.filter((each) => !kNobodyHas.includes(each.replace(/.*_psa_/, '')));
          assert.deepEqual(left, []);
        });
      });
    } else {
      describe(`is called and says what it says to ${first.name}`, () => {
        const beside = connected(first, () => demo.mcp_url);
        let done = 0;
        for (const resource of Object.keys(resources)) {
          test(resource, async () => {
            for (const { tool } of Object.values(resources[resource].methods)) {
              const listed = tools.find(({ name }) => name === tool);
              if (!listed) continue;
              const args = checks.accepted.get(tool);
              assert.ok(args, `${tool} was never called`);
              // What writes says what it would send.
              const dry = listed.annotations.readOnlyHint ? {} : { dry_run: true };
              const { isError } = await sameAnswer(claude, beside, tool, { ...args, ...dry });
              done += isError ? 0 : 1;
            }
          });
        }

        // What a test deleted is told as missing, to both.
        test('most of it is no refusal', () => assert.ok(done > tools.length * 0.8, `${done} of ${tools.length}`));
      });
    }

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

    test('an update changes what it names and nothing else; clear empties', async () => {
      const before = await demo.psa.get('/service/tickets/5012');
      await claude.call(`update_a_${kPrefix}_ticket_by_id`, { id: 5012, owner: 'jdoe' });
      const owned = await demo.psa.get('/service/tickets/5012');
      assert.equal(owned.owner.name, 'John Doe');
      assert.equal(owned.summary, before.summary);
      assert.deepEqual(owned.company, before.company);
      await claude.call(`update_a_${kPrefix}_ticket_by_id`,
        { id: 5012, summary: owned.summary, owner: null });
      assert.equal((await demo.psa.get('/service/tickets/5012')).owner.name, 'John Doe');
      await claude.call(`update_a_${kPrefix}_ticket_by_id`, { id: 5012, clear: ['owner'] });
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
