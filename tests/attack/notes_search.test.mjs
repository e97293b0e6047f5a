// The search looks through the notes of tickets one ticket at a time. A door that is held to a company, or
// to a board, asks for the notes of no other ticket, and shows none.
import assert from 'node:assert/strict';
import { before, after, describe, test } from 'node:test';
import { startDemo } from '../e2e/harness/demo.mjs';
import { legacyCall, post } from '../e2e/harness/http.mjs';

const kSearch = 'connect_wise_psa_tickets_search';
const kWord = 'Quuxolator';

let demo, own, planted;
const all = new Map();  // ticket's id → ticket

before(async () => {
  demo = await startDemo();
  for (const ticket of await demo.psa.all('/service/tickets')) all.set(ticket.id, ticket);
  own = all.get(5012);
  const others = [...all.values()].filter(({ company, board }) => company.id !== own.company.id && board.id !== own.board.id);
  planted = others.slice(-10).map(({ id }) => id);
  for (const id of [...planted, own.id]) {
    const { status } = await demo.psa.request('POST', `/service/tickets/${id}/notes`,
      { body: { text: `${kWord} of ${all.get(id).company.name}`, internalAnalysisFlag: true } });
    assert.equal(status, 201);
  }
});
after(() => demo.program.stop());

const named = { text: kWord.toLowerCase() };
async function search(config, args = named, tool = kSearch) {
  const door = await demo.admin.create(`/integrated-account/${demo.integrated_account_id}/mcp`, { name: 'x', config });
  await demo.psa.control('DELETE', 'requests');
  const { body } = await post(door.url, legacyCall(tool, { limit: 100, ...args }));
  const { requests } = await demo.psa.control('GET', 'requests?limit=1000');
  assert.ok(requests.length < 1000, 'some of the log is lost');
  const { isError, content: [{ text }] } = body.result;
  const read = requests.map(({ path }) => path.match(/\/service\/tickets\/(\d+)\/notes/)?.[1]).filter(Boolean).map(Number);
  return { isError, text, said: JSON.parse(text), read };
}
const found = ({ said }) => said.ticket_notes.result.map(({ ticketId }) => ticketId).sort((a, b) => a - b);
// What a search over articles finds says not whose it is: without it the rest can be held.
const held = (limits) => ({ argument_limits: limits, unheld_tools: 'leave_out', deny_tools: ['list_all_connect_wise_psa_knowledge_base_articles'] });

describe('a search through notes', () => {
  test('finds all of them where nothing is held', async () => {
    const answer = await search({});
    assert.ok(!answer.isError, answer.text);
    assert.deepEqual(found(answer), [...planted, own.id].sort((a, b) => a - b));
    assert.equal(new Set(answer.read).size, 50);
  });

  test('held to a company reads the notes of its tickets alone', async () => {
    const answer = await search(held({ companyId: own.company.id }));
    assert.ok(!answer.isError, answer.text);
    assert.deepEqual(found(answer), [own.id]);
    assert.ok(answer.read.length > 1);
    for (const id of answer.read) assert.equal(all.get(id).company.id, own.company.id, `ticket ${id}`);
    assert.doesNotMatch(answer.said.ticket_notes.notice, /company/);
    const theirs = all.get(planted[0]).company;
    for (const args of [{ company: theirs.id }, { company: theirs.name }, { companyId: theirs.id }]) {
      const refused = await search(held({ companyId: own.company.id }), { ...named, ...args });
      for (const id of refused.read) assert.equal(all.get(id).company.id, own.company.id, `ticket ${id}`);
      assert.ok(!refused.text.includes(`${kWord} of ${theirs.name}`), refused.text);
    }
  });

  test('held to a board reads the notes of its tickets alone', async () => {
    const answer = await search(held({ board: own.board.name }));
    assert.ok(!answer.isError, answer.text);
    assert.deepEqual(found(answer), [own.id]);
    assert.ok(answer.read.length > 1);
    for (const id of answer.read) assert.equal(all.get(id).board.id, own.board.id, `ticket ${id}`);
    // As every composite that takes one: it is of that board, said or not.
    for (const args of [{}, { board: own.board.name }]) {
      const { isError, text, said } = await search(held({ board: own.board.name }), { days: 1, ...args }, 'connect_wise_psa_tickets_stale');
      assert.ok(!isError, text);
      assert.ok(said.tickets.result.length > 0);
      for (const { id } of said.tickets.result) assert.equal(all.get(id).board.id, own.board.id, `ticket ${id}`);
    }
  });

  test('is not offered where articles would be in it that say not whose they are', async () => {
    const { isError } = await search({ argument_limits: { companyId: own.company.id }, unheld_tools: 'leave_out' })
      .catch(() => ({ isError: true }));
    assert.ok(isError);
  });
});
