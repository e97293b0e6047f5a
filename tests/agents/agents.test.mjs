// What programs make of Patchbay, and what each shows its model: every tool that is offered, and the results
// of one conversation in which the model reads, writes, errs, deletes, asks for too much and waits.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startDemo } from '../e2e/harness/demo.mjs';
import { legacyCall, post } from '../e2e/harness/http.mjs';
import { startModel } from './harness/model.mjs';
import { programs, run, searching, ways } from './harness/programs.mjs';

// Longer than opencode waits for an answer (30 seconds), unless a sign comes in between.
const kLatency = 33_000;
const kTags = ['support', 'time', 'directory'];  // what `patchbay demo` mints
const kList = 'list_all_connect_wise_psa_tickets';
const kGet = 'get_single_connect_wise_psa_ticket_by_id';
const kNote = 'create_a_connect_wise_psa_ticket_note';
const kDelete = 'delete_a_connect_wise_psa_ticket_by_id';
const kSlow = 'list_all_connect_wise_psa_boards';
// What a program that holds names to 63 characters and calls them mcp_psa_… shows whole.
const kLongestName = 55;
const kUnknown = 99_999_999;

let demo;
let slow;  // a demo whose PSA takes its time
let model;
const runs = {};  // by program and way: a promise of what came of the conversation

// Some programs show the text as it is, others as a JSON string within a JSON string: quotes and line ends
// are then escaped, once or twice.
const plain = (text) => text.replace(/\\+n/g, '\n').replace(/\\+/g, '');
const mint = async ({ admin, integrated_account_id }, config) =>
  (await admin.create(`/integrated-account/${integrated_account_id}/mcp`, { name: 'Agent', config })).url;

// The MCP URL of an account that nobody else uses: nobody waits for anybody's turn.
async function slowUrl() {
  const account = await slow.admin.create('/integrated-account',
    { integration: 'connectwise_psa', name: 'PSA', tenant_id: 'slow', credentials: slow.credentials });
  return mint({ admin: slow.admin, integrated_account_id: account.id }, { tags: ['dispatch'], methods: ['read'] });
}

async function newTicket(summary) {
  const board = await demo.psa.one('/service/boards', 'name = "Triage"');
  const company = await demo.psa.one('/company/companies', 'name = "Acme Corp"');
  return demo.psa.post('/service/tickets', { summary, board: { id: board.id }, company: { id: company.id } });
}

// One program, started once, and its model's whole conversation.
async function converse(name, way, url, waitsFor) {
  const ticket = await newTicket(`To be read by ${name} ${way}`);
  const doomed = await newTicket(`To be deleted by ${name} ${way}`);
  const note = `Read by ${name} ${way}: "50 % of it", at C:\\temp.`;
  const script = [
    { name: 'long', server: 'slow', tool: kSlow, words: 'service boards', arguments: { limit: 1 } },
    { name: 'read', tool: kList, words: 'find service tickets', arguments: { board: 'Triage', limit: 20 } },
    { name: 'write', tool: kNote, words: 'add a note to a ticket',
      arguments: { ticketId: ticket.id, text: note, internalAnalysisFlag: true } },
    { name: 'error', tool: kGet, words: 'get one service ticket', arguments: { id: kUnknown } },
    { name: 'delete', tool: kDelete, words: 'delete ticket', arguments: { id: doomed.id } },
    { name: 'deleteConfirmed', tool: kDelete, arguments({ delete: told = '' }) {
      const [, confirmation] = plain(told).match(/confirmation: "(\w+)"/) ?? [];
      return confirmation && { id: doomed.id, confirmation };
    } },
    { name: 'cap', tool: kList, arguments: { limit: 1000 } },
  ];
  const talk = model.talk(encodeURIComponent(`${name} ${way}`), script);
  const { code, output } = await run(
    programs[name](talk.url, { psa: ways[way](url), slow: ways[way](waitsFor) }));
  assert.equal(code, 0, `${output}\n${talk.unknown}`);
  return { ticket, doomed, note, output, ...talk };
}

// What a client is told of the tools.
const listed = async () => (await post(await mint(demo, { tags: kTags }),
  { jsonrpc: '2.0', id: 1, method: 'tools/list' })).body.result.tools;
const text = ({ body }) => body.result.content[0].text;
const exists = async ({ id }) => (await demo.psa.request('GET', `/service/tickets/${id}`)).status === 200;

before(async () => {
  [demo, slow, model] = await Promise.all([startDemo(undefined, '--tags', ...kTags),
    startDemo(undefined, '--tags', 'dispatch'), startModel()]);
  const prepared = [];
  for (const name of Object.keys(programs)) {
    for (const way of Object.keys(ways)) {
      const url = await mint(demo, { tags: kTags, confirm_writes: true });
      const waitsFor = await slowUrl();
      prepared.push(() => { runs[`${name} ${way}`] = converse(name, way, url, waitsFor); });
    }
  }
  await slow.psa.control('PATCH', 'config', { latency_ms: kLatency });
  for (const begin of prepared) begin();
  for (const one of Object.values(runs)) one.catch(() => {});  // told by the tests
});
after(async () => {
  await Promise.allSettled(Object.values(runs));
  model?.stop();
  await Promise.all([demo?.program.stop(), slow?.program.stop()]);
});

for (const name of Object.keys(programs)) {
  for (const way of Object.keys(ways)) {
    describe(`${name} ${way}`, () => {
      const conversation = () => runs[`${name} ${way}`];
      // Each step's result as the model reads it.
      const shown = async (step) => {
        const { shown: told, output } = await conversation();
        assert.ok(told[step], `nothing is shown of "${step}":\n${output.slice(-600)}`);
        return told[step];
      };

      test('list: the model is offered every tool, or finds those that it wants by plain words', async (t) => {
        const { offered, searches, shown: told } = await conversation();
        const names = (await listed()).map((tool) => tool.name);
        const ours = new Set(offered.filter((one) => /^(mcp_+)?psa_/.test(one)));
        const cut = names.filter((one) => ![...ours].some((other) => other.endsWith(`_${one}`)));
        if (searches.length) {
          t.diagnostic(`${searches.length} searches found ${ours.size} tools`);
          for (const step of ['long', 'read', 'write', 'error', 'delete', 'cap']) {
            assert.ok(told[step], `"${step}" was not found:\n${JSON.stringify(searches)}`);
          }
          return;
        }
        t.diagnostic(`${ours.size} tools, ${cut.length} with a name that was cut`);
        assert.equal(ours.size, names.length, offered.join('\n'));
        assert.deepEqual(cut.filter((one) => one.length <= kLongestName), []);
      });

      test('list: the model reads the instructions to their end', async () => {
        const { asked } = await conversation();
        const { body } = await post(await mint(demo, { tags: kTags }), { jsonrpc: '2.0', id: 1, method: 'initialize',
          params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'agents', version: '1' } } });
        const said = plain(asked);
        for (const line of body.result.instructions.split('\n')) assert.ok(said.includes(plain(line)), line);
      });

      test('read: the record reaches the model', async () => {
        const { ticket } = await conversation();
        const told = plain(await shown('read'));
        for (const what of [`"id":${ticket.id}`, ticket.summary, '"result_count":']) {
          assert.ok(told.includes(what), `${what} is not in ${told}`);
        }
      });

      test('write: what the model wrote stands in the PSA, once', async () => {
        const { ticket, note } = await conversation();
        const told = await shown('write');
        const notes = await demo.psa.get(`/service/tickets/${ticket.id}/notes`);
        assert.deepEqual(notes.filter((one) => one.text === note).length, 1, JSON.stringify(notes));
        assert.ok(told.includes(`"id":${notes.find((one) => one.text === note).id}`), told);
      });

      test('error: the model reads what was wrong, and what to do about it', async () => {
        const told = plain(await shown('error'));
        assert.ok(told.includes(`Ticket ${kUnknown} not found`), told);
        assert.ok(told.includes(`"hint":"Check the id: ${kList} lists the right ones."`), told);
      });

      test('confirm: a delete needs a yes, and never hangs', async (t) => {
        const { doomed, ticket, shown: all } = await conversation();
        const told = plain(await shown('delete'));
        assert.match(told, /"was_applied":"no"/);
        if (all.deleteConfirmed) {  // the program cannot ask: the model must, and call again
          t.diagnostic('asks by a second call');
          assert.match(told, /"code":"confirmation_required"/);
          assert.match(plain(all.deleteConfirmed), /"deleted":true/);
          assert.equal(await exists(doomed), false);
        } else {  // it can ask, but there is nobody to say yes
          t.diagnostic('was asked, and says no by itself');
          assert.match(told, /"code":"not_confirmed"/);
          assert.equal(await exists(doomed), true);
        }
        assert.equal(await exists(ticket), true);
      });

      test('at the cap: however little is shown, the count and the way on are', async (t) => {
        const told = await shown('cap');
        const answer = text(await post(await mint(demo, { tags: kTags }), legacyCall(kList, { limit: 1000 })));
        t.diagnostic(`shows ${told.length} characters of ${answer.length}`);
        assert.match(plain(told), /"result_count":\d+/);
        assert.match(plain(told), /"next_cursor":"[\w-]+"/);
        assert.match(plain(told), /"notice":"Cut at \d+ of 1000 records/);
      });

      test('a long call: the model reads its answer', async () => {
        assert.match(plain(await shown('long')), /"result_count":1/);
      });
    });
  }
}

test('no long call was given up, or made a second time', async () => {
  await Promise.allSettled(Object.values(runs));
  const { requests } = await slow.psa.control('GET', 'requests');
  const states = requests.filter(({ path }) => path.endsWith('/service/boards')).map(({ state }) => state);
  assert.deepEqual(states, Object.keys(runs).map(() => 'done'));
});

test('a search for the title of a tool finds the tool among the first eight', async () => {
  const tools = await listed();
  const url = await mint(demo, { tags: kTags });
  const talk = model.talk('titles', tools.map(({ title }) => ({ words: title })));
  const { code, output } = await run(programs[searching](talk.url, { psa: ways['over http'](url) }));
  assert.equal(code, 0, output);
  const hidden = tools.filter(({ name, title }) =>
    !talk.searches.find(({ words }) => words === title)?.found.some((found) => name.endsWith(found)));
  assert.deepEqual(hidden.map(({ title }) => title), []);
});
