// The six requests that the reference article gives as examples, each as the calls that a model
// makes of it, with the effect checked in the sandbox.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { clients, connected } from './harness/clients.mjs';
import { startDemo } from './harness/demo.mjs';

const ids = (records) => records.map(({ id }) => id).sort((a, b) => a - b);

let demo;
before(async () => { demo = await startDemo(); });
after(() => demo.program.stop());

for (const kind of clients) {
  describe(kind.name, () => {
    const claude = connected(kind, () => demo.mcp_url);
    // The same ticket twice within minutes is taken for a mistake, and each client creates it.
    before(() => demo.psa.control('POST', 'reset'));

    test('"Pull a list of all open tickets on the Network Infrastructure board. Show me their ' +
        'current status and who they are assigned to."', async () => {
      const open = await claude.pages('list_all_connect_wise_psa_tickets', {
        board: 'Network Infrastructure', closed: false, limit: 10,
      });
      const truth = await demo.psa.all('/service/tickets',
        'board/name="Network Infrastructure" and closedFlag=false');
      // How many are open depends on the hour at which the sandbox was filled.
      assert.ok(truth.length > 10, 'more than one page');
      assert.deepEqual(ids(open), ids(truth));
      const assigned = ({ id, status, owner }) => [id, status.name, owner?.identifier];
      const byId = (a, b) => a[0] - b[0];
      assert.deepEqual(open.map(assigned).sort(byId), truth.map(assigned).sort(byId));
    });

    test('"Create a new high-priority ticket for the client Acme Corp. The summary should be ' +
        '\'Primary firewall down in London office\' and place it on the Emergency Escalations ' +
        'board."', async () => {
      const before = await demo.psa.count('/service/tickets');
      const created = await claude.call('create_a_connect_wise_psa_ticket', {
        summary: 'Primary firewall down in London office',
        company: 'Acme Corp',
        board: 'Emergency Escalations',
        priority: 'High',
      });
      assert.equal(created.resolved.company.name, 'Acme Corp');
      const ticket = await demo.psa.get(`/service/tickets/${created.id}`);
      assert.equal(ticket.summary, 'Primary firewall down in London office');
      assert.equal(ticket.company.name, 'Acme Corp');
      assert.equal(ticket.board.name, 'Emergency Escalations');
      assert.match(ticket.priority.name, /High/);
      assert.equal(await demo.psa.count('/service/tickets'), before + 1, 'one, not two');
    });

    test('"Fetch all the internal notes for ticket #40592."', async () => {
      const notes = await claude.pages('list_all_connect_wise_psa_ticket_notes', {
        ticketId: 40592, internal: true,
      });
      const truth = await demo.psa.all('/service/tickets/40592/notes', 'internalAnalysisFlag=true');
      assert.ok(truth.length > 0);
      assert.deepEqual(ids(notes), ids(truth));
      const texts = (records) => records.map(({ text }) => text).sort();
      assert.deepEqual(texts(notes), texts(truth));
    });

    test('"Add an internal note to ticket #40592 stating that you have reviewed the firewall logs ' +
        'and found no unauthorized access attempts."', async () => {
      const text = 'Reviewed the firewall logs: no unauthorized access attempts.';
      const note = await claude.call('create_a_connect_wise_psa_ticket_note', {
        ticketId: 40592, text, internalAnalysisFlag: true,
      });
      const stored = await demo.psa.get(`/service/tickets/40592/notes/${note.id}`);
      assert.equal(stored.text, text);
      assert.equal(stored.internalAnalysisFlag, true);
    });

    test('"List all active sales opportunities assigned to John Doe that are in the Proposal Sent ' +
        'stage. What is the total projected revenue?"', async () => {
      const open = await claude.pages('list_all_connect_wise_psa_sales_opportunities', {
        salesRep: 'John Doe', stage: 'Proposal Sent', open: true, includeForecast: true,
      });
      const closed = new Set(ids(await demo.psa.all('/sales/opportunities/statuses', 'closedFlag=true')));
      const truth = (await demo.psa.all('/sales/opportunities',
        'primarySalesRep/name="John Doe" and stage/name="Proposal Sent"'))
        .filter(({ status }) => !closed.has(status.id));
      assert.ok(truth.length > 1);
      assert.deepEqual(ids(open), ids(truth));

      let expected = 0;
      for (const { id } of truth) {
        const forecast = await demo.psa.get(`/sales/opportunities/${id}/forecast`);
        expected += forecast.forecastRevenueTotals.revenue;
      }
      const total = open.reduce((sum, { forecast }) => sum + forecast.revenue, 0);
      assert.ok(expected > 0);
      assert.ok(Math.abs(total - expected) < 0.005, `${total} is not ${expected}`);
    });

    test('"Create a time entry for myself on ticket #40592. I worked from 2 PM to 3:30 PM today ' +
        'performing firewall diagnostics. Mark it as billable time."', async () => {
      const today = new Date().toISOString().slice(0, 10);
      const created = await claude.call('create_a_connect_wise_psa_time_entry', {
        ticketId: 40592,
        member: 'jdoe',
        timeStart: `${today}T14:00:00`,
        timeEnd: `${today}T15:30:00`,
        notes: 'Performing firewall diagnostics.',
        billableOption: 'Billable',
      });
      const entry = await demo.psa.get(`/time/entries/${created.id}`);
      assert.equal(entry.chargeToId, 40592);
      assert.equal(entry.chargeToType, 'ServiceTicket');
      assert.equal(entry.member.name, 'John Doe');
      assert.equal(entry.timeStart, `${today}T14:00:00Z`);
      assert.equal(entry.timeEnd, `${today}T15:30:00Z`);
      assert.equal(entry.actualHours, 1.5);
      assert.equal(entry.billableOption, 'Billable');
      assert.equal(entry.notes, 'Performing firewall diagnostics.');
    });
  });
}
