// What a model gets wrong, and what it must be told: enough to get it right the next time, and
// nothing written meanwhile.
import assert from 'node:assert/strict';
import { after, before, beforeEach, afterEach, describe, test } from 'node:test';
import { clients, connected } from './harness/clients.mjs';
import { startDemo } from './harness/demo.mjs';

const kList = 'list_all_connect_wise_psa_tickets';
const kCreate = 'create_a_connect_wise_psa_ticket';
const kUpdate = 'update_a_connect_wise_psa_ticket_by_id';
const kTime = 'create_a_connect_wise_psa_time_entry';

let demo;
before(async () => { demo = await startDemo(); });
after(() => demo.program.stop());

// Everything that an error says, as one text.
const told = (error) => JSON.stringify(error);

for (const kind of clients) {
  describe(`${kind.name}: nothing is written, and the answer says`, () => {
    const claude = connected(kind, () => demo.mcp_url);
    let census;
    let ticket;
    beforeEach(async () => {
      census = await demo.psa.census();
      ticket = await demo.psa.get('/service/tickets/5012');
    });
    afterEach(async () => {
      assert.deepEqual(await demo.psa.census(), census, 'something was written');
      assert.deepEqual(await demo.psa.get('/service/tickets/5012'), ticket, 'ticket 5012 changed');
    });

    test('an unknown board: the boards that there are, and the tool that lists them', async () => {
      for (const [tool, args] of [[kCreate, { summary: 'x', company: 'Acme Corp' }],
        [kUpdate, { id: 5012 }]]) {
        const error = await claude.refused(tool, { ...args, board: 'Sever Teem' });
        assert.match(error.message, /board/i);
        assert.match(told(error), /Server Team/);
        assert.match(told(error), /list_all_connect_wise_psa_boards/);
        assert.equal(error.was_applied, 'no');
        assert.ok(error.field_errors.some(({ field }) => field === 'board'), told(error));
      }
    });

    test('an unknown board in a filter: the boards too, not an empty list', async () => {
      const error = await claude.refused(kList, { board: 'Traige' });
      assert.match(told(error), /Triage/);
    });

    test('an unknown id: no such record', async () => {
      const error = await claude.refused(kCreate,
        { summary: 'x', company: 'Acme Corp', board: 987654 });
      assert.match(told(error), /board/i);
      const missing = await claude.refused('get_single_connect_wise_psa_ticket_by_id', { id: 987654 });
      assert.equal(missing.status, 404);
      assert.match(missing.hint, /list/i, 'it says how to find one');
    });

    test('a status of another board: the statuses of this ticket\'s board', async () => {
      const boards = await demo.psa.all('/service/boards');
      const own = await demo.psa.all(`/service/boards/${ticket.board.id}/statuses`);
      const names = new Set(own.map(({ name }) => name));
      let foreign;
      for (const { id } of boards) {
        const statuses = await demo.psa.all(`/service/boards/${id}/statuses`);
        foreign ??= statuses.find(({ name }) => ![...names].some((mine) =>
          mine.toLowerCase().includes(name.toLowerCase())));
      }
      assert.ok(foreign, 'some board has a status of its own');
      const error = await claude.refused(kUpdate, { id: 5012, status: foreign.name });
      assert.match(told(error), /status/i);
      assert.match(told(error), new RegExp(own[0].name));
      assert.match(told(error), new RegExp(ticket.board.name), 'it names the board');
      const byId = await claude.refused(kUpdate, { id: 5012, status: foreign.id });
      assert.match(told(byId), /status/i);
    });

    test('a status that the new board does not have, in the same call that moves', async () => {
      const error = await claude.refused(kUpdate,
        { id: 5012, board: 'Server Team', status: 'No Such Status' });
      const [first] = await demo.psa.all(
        `/service/boards/${(await demo.psa.one('/service/boards', 'name="Server Team"')).id}/statuses`);
      assert.match(told(error), new RegExp(first.name));
    });

    test('a subtype that the board does not allow with that type', async () => {
      const { id: boardId } = await demo.psa.one('/service/boards', 'name="Server Team"');
      const allowed = await demo.psa.all(`/service/boards/${boardId}/typeSubTypeItemAssociations`);
      const types = await demo.psa.all(`/service/boards/${boardId}/types`);
      const subtypes = await demo.psa.all(`/service/boards/${boardId}/subtypes`);
      const pair = types.flatMap((type) => subtypes.map((subType) => [type, subType]))
        .find(([type, subType]) =>
          !allowed.some((a) => a.type.id === type.id && a.subType?.id === subType.id));
      assert.ok(pair, 'some pair is not allowed');
      const error = await claude.refused(kCreate, { summary: 'x', company: 'Acme Corp',
        board: 'Server Team', type: pair[0].name, subType: pair[1].name });
      assert.match(told(error), /subType/i);
    });

    test('an ambiguous company: the candidates, at most ten', async () => {
      const companies = await demo.psa.all('/company/companies');
      const counts = new Map();
      for (const { name } of companies) {
        for (const word of new Set(name.split(/\W+/).filter((w) => w.length > 2))) {
          counts.set(word, (counts.get(word) ?? 0) + 1);
        }
      }
      const [word] = [...counts].find(([w, count]) => count > 1 &&
        !companies.some(({ name }) => name.toLowerCase() === w.toLowerCase()));
      const error = await claude.refused(kCreate, { summary: 'x', company: word, board: 'Triage' });
      const candidates = companies.filter(({ name }) => told(error).includes(name));
      assert.ok(candidates.length >= 2 && candidates.length <= 10, told(error));
    });

    test('a bad date: what is accepted', async () => {
      for (const bad of ['yesterday', '2026-13-45', '31/12/2026', '2026-02-30T10:00:00Z']) {
        const error = await claude.refused(kList, { createdAfter: bad });
        assert.match(told(error), /createdAfter/);
        assert.match(told(error), /ISO|\d{4}-\d{2}-\d{2}/);
      }
      for (const bad of ['2 PM', '']) {
        const error = await claude.refused(kTime, { ticketId: 5012, timeStart: bad, notes: 'x' });
        assert.match(told(error), /timeStart/);
      }
    });

    test('an empty text: a filter is as if it had been left out, a write is refused by name', async () => {
      const all = await claude.call(kList, { count: true });
      for (const [name, value] of [['createdAfter', ''], ['createdAfter', ' '], ['board', ''],
        ['companyId', 0], ['board', []], ['summaryContains', null]]) {
        const some = await claude.call(kList, { [name]: value, count: true });
        assert.deepEqual(some, all, `${name}: ${JSON.stringify(value)}`);
      }
      for (const [name, value] of [['requiredDate', ''], ['summary', ' '], ['owner', '']]) {
        const error = await claude.refused(kUpdate, { id: 5012, severity: 'Low', [name]: value });
        assert.ok(error.field_errors.some(({ field }) => field === name), told(error));
      }
    });

    test('an unknown argument: the nearest one that there is', async () => {
      for (const [tool, args, nearest] of [
        [kList, { bord: 'Triage' }, 'board'],
        [kList, { sumaryContains: 'server' }, 'summaryContains'],
        [kCreate, { summary: 'x', company: 'Acme Corp', priorty: 'High' }, 'priority'],
      ]) {
        const error = await claude.refused(tool, args);
        assert.match(told(error), new RegExp(`\\b${nearest}\\b`));
      }
    });

    test('several mistakes: all of them at once', async () => {
      const error = await claude.refused(kList, { bord: 'x', limit: 'many', closed: 'perhaps' });
      for (const name of ['bord', 'limit', 'closed']) assert.match(told(error), new RegExp(name));
    });

    test('wrong types: harmless ones are mended', async () => {
      assert.equal((await claude.call(kList, { limit: '5' })).result_count, 5);
      assert.equal((await claude.call('get_single_connect_wise_psa_ticket_by_id', { id: '5012' })).id,
        5012);
      const open = await claude.call(kList, { closed: 'false', limit: 3 });
      assert.equal(open.result_count, 3);
    });

    test('wrong types: others are refused by name', async () => {
      for (const [name, value] of [['limit', 'five'], ['limit', 0], ['limit', 1001], ['limit', 2.5],
        ['limit', [5]], ['limit', null], ['closed', 'perhaps'], ['companyId', 'twelve'],
        ['companyId', { id: 3 }], ['board', { nam: 'Triage' }], ['board', { name: 'Traige' }],
        ['board', { id: 987654, name: 'Triage' }], ['board', [['Triage']]], ['board', ['Triage', 'Traige']], ['board', true],
        ['summaryContains', 12.5e300], ['fields', { id: 1 }]]) {
        const result = await claude.raw(kList, { [name]: value });
        if (name === 'limit' && value === null) continue;  // absent and null may be the same
        if (name === 'summaryContains') continue;          // a number has a text
        assert.ok(result.isError, `${name}: ${JSON.stringify(value)}`);
        assert.match(result.content[0].text, new RegExp(name));
      }
    });

    test('a reference as an object: its name is looked up, its id must agree', async () => {
      const { id } = await demo.psa.one('/service/boards', 'name="Triage"');
      const { result } = await claude.call(kList, { board: 'Triage', limit: 5 });
      for (const board of [{ name: 'Triage' }, { id, name: 'Triage' }, { id }]) {
        const same = await claude.call(kList, { board, limit: 5 });
        assert.deepEqual(same.result, result, JSON.stringify(board));
      }
      const other = await demo.psa.one('/service/boards', 'name="Server Team"');
      const error = await claude.refused(kList, { board: { id: other.id, name: 'Triage' } });
      assert.ok(error.field_errors.some(({ field }) => field === 'board'), told(error));
    });

    test('what is required and missing', async () => {
      assert.match(told(await claude.refused(kCreate, { summary: 'x' })), /company/);
      assert.match(told(await claude.refused(kUpdate, { summary: 'x' })), /\bid\b/);
      assert.match(told(await claude.refused('list_all_connect_wise_psa_ticket_notes', {})), /ticketId/);
      await claude.refused(kUpdate, { id: 5012 });
    });

    test('what is too long for the API is refused with its limit', async () => {
      const error = await claude.refused(kCreate,
        { summary: 'x'.repeat(101), company: 'Acme Corp', board: 'Triage' });
      assert.match(told(error), /summary/);
      assert.match(told(error), /100/);
    });

    test('raw conditions: unknown fields, wrong literals and broken syntax, before they are sent',
      async () => {
        const sent = async () => (await demo.psa.control('GET', 'requests')).total;
        const before = await sent();
        for (const [conditions, expected] of [
          ['sumary contains "x"', /summary/],
          ['closedFlag = 1', /boolean/i],
          ['closedFlag = "true"', /boolean/i],
          ['id > "5"', /number|numeric/i],
          ['dateEntered > "2026-01-01"', /\[/],
          ['summary contains "x', /./],
          ['(id > 5', /./],
          ['id > 5)', /./],
          ['id >', /./],
          ['drop table tickets', /./],
          ['1 = 1', /./],
        ]) {
          const error = await claude.refused(kList, { conditions });
          assert.match(told(error), expected, conditions);
          assert.match(told(error), /conditions/);
        }
        assert.equal(await sent(), before, 'none of it reached the upstream');
      });

    test('raw conditions cannot widen what a typed filter narrows', async () => {
      const both = await claude.call(kList,
        { board: 'Triage', conditions: 'id > 0 or id = 40592', limit: 1000, fields: ['id', 'board'] });
      assert.ok(both.result_count > 0);
      assert.ok(both.result.every(({ board }) => board.name === 'Triage'));
      await claude.refused(kList, { board: 'Triage', conditions: 'id > 0) or (id > 0' });
    });

    test('an unknown field to return: the nearest one', async () => {
      const error = await claude.refused(kList, { fields: ['id', 'sumary'] });
      assert.match(told(error), /summary/);
    });
  });
}
