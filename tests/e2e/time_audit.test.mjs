// Workflow 2 of the reference article: billable time of yesterday with thin notes.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { clients, connect } from './harness/clients.mjs';
import { startDemo } from './harness/demo.mjs';

const kDay = 24 * 3.6e6;
const dayStart = (daysAgo) =>
  `${new Date(Date.now() - daysAgo * kDay).toISOString().slice(0, 10)}T00:00:00Z`;
const thin = (entry) => entry.billableOption === 'Billable' && (entry.notes ?? '').length < 50;
const offence = ({ id, member, chargeToId, actualHours }) =>
  ({ id, member: member.name, ticket: chargeToId, hours: Number(actualHours) });
const byId = (a, b) => a.id - b.id;

let demo;
before(async () => { demo = await startDemo(); });
after(() => demo.program.stop());

for (const kind of clients) {
  describe(kind.name, () => {
    test('time audit: the same entries as a direct query gives', async (t) => {
      const claude = await connect(t, kind, demo.mcp_url);
      const from = dayStart(1);
      const to = dayStart(0);

      // "Pull all time entries logged by the engineering team yesterday." Following cursors.
      const entries = await claude.pages('list_all_connect_wise_psa_time_entries', {
        startAfter: from, startBefore: to, limit: 10,
      });
      const truth = await demo.psa.all('/time/entries',
        `timeStart>=[${from}] and timeStart<[${to}]`);
      assert.ok(truth.length > 10, 'yesterday has more than one page of entries');
      assert.deepEqual(entries.map(({ id }) => id).sort(), truth.map(({ id }) => id).sort());

      // "Find any entries that are marked as 'Billable' but have less than 50 characters …"
      const report = entries.filter(thin).map(offence).sort(byId);
      assert.deepEqual(report, truth.filter(thin).map(offence).sort(byId));
      assert.ok(report.length > 0, 'yesterday has thin entries');
      assert.ok(report.length < entries.length, 'and others');
    });

    test('time audit: the billable ones can be asked for', async (t) => {
      const claude = await connect(t, kind, demo.mcp_url);
      const entries = await claude.pages('list_all_connect_wise_psa_time_entries', {
        startAfter: dayStart(1), startBefore: dayStart(0), billableOption: 'Billable',
      });
      const truth = await demo.psa.all('/time/entries', 'billableOption="Billable" and ' +
        `timeStart>=[${dayStart(1)}] and timeStart<[${dayStart(0)}]`);
      assert.deepEqual(entries.map(({ id }) => id).sort(), truth.map(({ id }) => id).sort());
    });
  });
}
