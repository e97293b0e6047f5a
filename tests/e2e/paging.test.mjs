// Cursors: each record once, to the end, also while others come and go.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { clients, connect, connected } from './harness/clients.mjs';
import { startDemo } from './harness/demo.mjs';

const kTickets = 'list_all_connect_wise_psa_tickets';
const ids = (records) => records.map(({ id }) => id);
const sorted = (numbers) => [...numbers].sort((a, b) => a - b);

let demo;
before(async () => { demo = await startDemo(); });
after(() => demo.program.stop());

for (const kind of clients) {
  describe(kind.name, () => {
    const claude = connected(kind, () => demo.mcp_url);

    test('following cursors yields every ticket once, newest first', async () => {
      const all = ids(await claude.pages(kTickets, { limit: 300, fields: ['id'] }));
      assert.equal(new Set(all).size, all.length, 'none comes twice');
      assert.deepEqual(sorted(all), ids(await demo.psa.all('/service/tickets')));
    });

    test('an order with many equal values and missing ones loses nothing', async () => {
      for (const orderBy of ['priority/name asc', 'closedDate desc', 'owner/identifier asc', 'id asc']) {
        const all = ids(await claude.pages(kTickets,
          { limit: 400, orderBy, fields: ['id'], board: 'Triage' }));
        assert.deepEqual(sorted(all),
          ids(await demo.psa.all('/service/tickets', 'board/name="Triage"')), orderBy);
      }
    });

    test('what is created between two pages neither repeats nor hides a record', async () => {
      const before = ids(await demo.psa.all('/service/tickets', 'board/name="Triage"'));
      const first = await claude.call(kTickets, { board: 'Triage', limit: 5 });
      const company = first.result[0].company.id;
      const { id } = await demo.psa.post('/service/tickets', { summary: 'Came between two pages',
        company: { id: company }, board: { name: 'Triage' } });
      const rest = [];
      for (let cursor = first.next_cursor; cursor;) {
        const page = await claude.call(kTickets, { board: 'Triage', limit: 200, next_cursor: cursor });
        rest.push(...ids(page.result));
        cursor = page.next_cursor;
      }
      const found = [...ids(first.result), ...rest].filter((found_id) => found_id !== id);
      assert.deepEqual(sorted(found), before);
    });

    test('the last page has no cursor, and a page that is exactly full knows whether it is last',
      async () => {
        const notes = await claude.call('list_all_connect_wise_psa_boards', { limit: 1000 });
        assert.equal('next_cursor' in notes, false);
        const exact = await claude.call('list_all_connect_wise_psa_boards',
          { limit: notes.result_count });
        assert.equal(exact.result_count, notes.result_count);
        assert.equal('next_cursor' in exact, false);
        const short = await claude.call('list_all_connect_wise_psa_boards',
          { limit: notes.result_count - 1 });
        const last = await claude.call('list_all_connect_wise_psa_boards',
          { limit: notes.result_count - 1, next_cursor: short.next_cursor });
        assert.equal(last.result_count, 1);
        assert.equal('next_cursor' in last, false);
      });

    test('a cursor that was altered, made up, or belongs to another question is refused',
      async () => {
        const { next_cursor } = await claude.call(kTickets, { board: 'Triage', limit: 5 });
        const middle = Math.floor(next_cursor.length / 2);
        const altered = next_cursor.slice(0, middle) +
          (next_cursor[middle] === 'A' ? 'B' : 'A') + next_cursor.slice(middle + 1);
        for (const bad of [altered, 'page=2', next_cursor.slice(0, -1), `${next_cursor}A`, '!!!']) {
          const error = await claude.refused(kTickets, { board: 'Triage', limit: 5, next_cursor: bad });
          assert.match(error.message, /cursor/i);
        }
        for (const other of [{ board: 'Server Team' }, { board: 'Triage', closed: true }]) {
          const error = await claude.refused(kTickets, { ...other, limit: 5, next_cursor });
          assert.match(error.message, /cursor/i);
        }
        const error = await claude.refused('list_all_connect_wise_psa_companies', { next_cursor });
        assert.match(error.message, /cursor/i);
      });

    test('a result never grows beyond its cap: the page is cut, and the cursor goes on from there',
      async (t) => {
        const small = await demo.admin.create(
          `/integrated-account/${demo.integrated_account_id}/mcp`,
          { name: 'small', config: { max_result_bytes: 10_000 } });
        const narrow = await connect(t, kind, small.url);
        const result = await narrow.raw(kTickets, { limit: 200 });
        assert.ok(Buffer.byteLength(result.content[0].text) <= 10_000);
        const page = JSON.parse(result.content[0].text);
        assert.ok(page.result_count < 200);
        assert.ok(page.notice, 'it says that it was cut');
        const all = ids(await narrow.pages(kTickets, { limit: 200, board: 'Triage' }));
        assert.deepEqual(sorted(all),
          ids(await demo.psa.all('/service/tickets', 'board/name="Triage"')));
      });

    test('a stranger cannot use a cursor: it is valid on the server that gave it', async (t) => {
      const { next_cursor } = await claude.call(kTickets, { limit: 5 });
      const other = await demo.admin.create(
        `/integrated-account/${demo.integrated_account_id}/mcp`, { name: 'other', config: {} });
      const stranger = await connect(t, kind, other.url);
      const error = await stranger.refused(kTickets, { limit: 5, next_cursor });
      assert.match(error.message, /cursor/i);
    });
  });
}
