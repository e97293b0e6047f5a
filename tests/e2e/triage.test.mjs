// Workflow 1 of the reference article, step by step: look at new tickets, at the client's history,
// move the ticket, leave a note.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { clients, connect } from './harness/clients.mjs';
import { startDemo } from './harness/demo.mjs';

const hoursAgo = (hours) => `${new Date(Date.now() - hours * 3.6e6).toISOString().slice(0, 19)}Z`;
const ids = (records) => records.map(({ id }) => id).sort((a, b) => a - b);

for (const kind of clients) {
  describe(kind.name, () => {
    test('triage: new tickets, history, move, note', async (t) => {
      const { mcp_url, psa } = await startDemo(t);
      const claude = await connect(t, kind, mcp_url);

      // "Check the 'Triage' board for any new tickets created in the last hour."
      const since = hoursAgo(1);
      const fresh = await claude.pages('list_all_connect_wise_psa_tickets', {
        board: 'Triage', createdAfter: since,
      });
      assert.deepEqual(ids(fresh),
        ids(await psa.all('/service/tickets', `board/name="Triage" and dateEntered>=[${since}]`)));
      assert.ok(fresh.every((ticket) => ticket.board.name === 'Triage'));

      // "If you find a ticket related to server performance …"
      const slow = fresh.find((ticket) => ticket.id === 5012);
      assert.match(slow.summary, /server running slow/i);

      // "… look up the client's past tickets to see if this is a recurring issue."
      const history = await claude.pages('list_all_connect_wise_psa_tickets', {
        companyId: slow.company.id, summaryContains: 'server',
      });
      assert.deepEqual(ids(history), ids(await psa.all('/service/tickets',
        `company/id=${slow.company.id} and summary contains "server"`)));
      assert.ok(history.length > 1, 'the client has a history');

      // "Then, move the ticket to the 'Server Team' board, assign it a priority …"
      const moved = await claude.call('update_a_connect_wise_psa_ticket_by_id', {
        id: 5012, board: 'Server Team', priority: 'High',
      });
      assert.equal(moved.resolved.board.name, 'Server Team');
      assert.match(moved.resolved.priority.name, /High/);
      const now = await psa.get('/service/tickets/5012');
      assert.equal(now.board.name, 'Server Team');
      assert.match(now.priority.name, /High/);
      assert.equal(now.summary, slow.summary);

      // "… and add an internal note summarizing your findings."
      const text = `Found ${history.length - 1} similar incidents.\nRecurring: "disk pressure".`;
      const note = await claude.call('create_a_connect_wise_psa_ticket_note', {
        ticketId: 5012, text, internalAnalysisFlag: true,
      });
      const stored = await psa.get(`/service/tickets/5012/notes/${note.id}`);
      assert.equal(stored.text, text);
      assert.equal(stored.internalAnalysisFlag, true);
      assert.notEqual(stored.detailDescriptionFlag, true, 'the customer does not see it');
    });
  });
}
