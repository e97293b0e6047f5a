// What people and models guess that an argument is called: each guess means what it says, or is told the
// right argument or tool; none means something else.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startDemo } from './harness/demo.mjs';
import { legacyCall, post } from './harness/http.mjs';

let demo;
before(async () => { demo = await startDemo(); });
after(() => demo.program.stop());

const list = (resource) => `list_all_connect_wise_psa_${resource}`;
const call = async (name, args) => {
  const { body } = await post(demo.mcp_url, legacyCall(name, args));
  return { failed: body.result.isError, text: body.result.content[0].text,
    ...JSON.parse(body.result.content[0].text) };
};
const count = async (resource, args) => {
  const answer = await call(list(resource), { ...args, count: true });
  assert.equal(answer.failed, false, `${resource} ${JSON.stringify(args)}: ${answer.text}`);
  return answer.count;
};

// The guess, and the arguments that mean the same.
const kMeans = [
  ['tickets', { companyName: 'Acme Corp' }, { company: 'Acme Corp' }],
  ['tickets', { company_id: 250 }, { companyId: 250 }],
  ['tickets', { statuses: ['New', 'Assigned'] }, { status: ['New', 'Assigned'] }],
  ['tickets', { boards: ['Triage', 'Server Team'] }, { board: ['Triage', 'Server Team'] }],
  ['tickets', { boardName: 'Triage' }, { board: 'Triage' }],
  ['tickets', { board_id: 'Triage' }, { board: 'Triage' }],
  ['tickets', { created_after: '2020-01-01' }, { createdAfter: '2020-01-01' }],
  ['tickets', { Closed: false }, { closed: false }],
  ['tickets', { statusNot: 'New' }, { conditions: "status/name != 'New'" }],
  ['tickets', { status_not: 'New' }, { statusNot: 'New' }],
  ['tickets', { boardNot: ['Triage'] }, { boardNot: 'Triage' }],
  ['tickets', { impact: 'High' }, { conditions: "impact = 'High'" }],
  ['tickets', { severity: ['High', 'Medium'] }, { conditions: "severity in ('High','Medium')" }],
  ['tickets', { source: 'Call' }, { conditions: "source/name = 'Call'" }],
  ['tickets', { priorities: ['High', 'Medium'] }, { priority: ['High', 'Medium'] }],
  ['tickets', { ids: [5012, 40592] }, { conditions: 'id in (5012,40592)' }],
  ['tickets', { id: 5012 }, { conditions: 'id = 5012' }],
  ['tickets', { closedBefore: '2030-01-01' }, { conditions: 'closedDate < [2030-01-01T00:00:00Z]' }],
  ['tickets', { closedDateAfter: '2020-01-01' }, { closedAfter: '2020-01-01' }],
  ['tickets', { respondedAfter: '2020-01-01' }, { conditions: 'dateResponded >= [2020-01-01T00:00:00Z]' }],
  ['tickets', { budgetHoursMin: 2 }, { conditions: 'budgetHours >= 2' }],
  ['tickets', { actualHoursMoreThan: 3 }, { conditions: 'actualHours > 3' }],
  ['tickets', { actualHoursAtMost: 1 }, { conditions: 'actualHours <= 1' }],
  ['tickets', { city: 'Portland' }, { conditions: "city = 'Portland'" }],
  ['tickets', { contactNameContains: 'a' }, { conditions: "contactName contains 'a'" }],
  ['tickets', { unowned: true }, { unassigned: true }],
  ['tickets', { poNumberContains: 'PO-1' }, { conditions: "poNumber contains 'PO-1'" }],
  ['tickets', { hasChildTicket: true }, { conditions: 'hasChildTicket = true' }],
  ['tickets', { summary_contains: 'server' }, { summaryContains: 'server' }],
  ['time_entries', { members: ['jdoe', 'mreed'] }, { member: ['jdoe', 'mreed'] }],
  ['time_entries', { memberNot: 'jdoe' }, { conditions: "member/identifier != 'jdoe'" }],
  ['time_entries', { agreementId: 1 }, { agreement: 1 }],
  ['time_entries', { ticket: 40592 }, { ticketId: 40592 }],
  ['time_entries', { hourlyRateMin: 100 }, { conditions: 'hourlyRate >= 100' }],
  ['time_entries', { actualHoursOver: 2 }, { conditions: 'actualHours > 2' }],
  ['invoices', { agreementId: 1 }, { agreement: 1 }],
  ['tickets', { ownerNot: 'jdoe' }, { conditions: "owner/identifier != 'jdoe'" }],
  ['invoices', { balance: 0 }, { conditions: 'balance = 0' }],
  ['invoices', { dueDateBefore: '2030-01-01' }, { dueBefore: '2030-01-01' }],
  ['companies', { cities: ['Portland', 'Boston'] }, { city: ['Portland', 'Boston'] }],
  ['contacts', { firstNameContains: 'a' }, { conditions: "firstName contains 'a'" }],
  ['contacts', { companies: ['Acme Corp', 'Falcon Manufacturing'] }, { company: ['Acme Corp', 'Falcon Manufacturing'] }],
  ['configurations', { types: ['Server', 'Workstation'] }, { type: ['Server', 'Workstation'] }],
  ['sales_opportunities', { closedDateBefore: '2030-01-01' }, { conditions: 'closedDate < [2030-01-01T00:00:00Z]' }],
  ['projects', { managers: ['mreed', 'jdoe'] }, { manager: ['mreed', 'jdoe'] }],
  ['time_entries', { billableOptionNot: 'Billable' }, { conditions: "billableOption != 'Billable'" }],
];

// The guess, and what the answer names.
const kTold = [
  ['tickets', { page: 2 }, /next_cursor/],
  ['tickets', { pageSize: 50 }, /limit/],
  ['tickets', { sort: 'id' }, /orderBy/],
  ['tickets', { email: 'a@b.example' }, /contact/],
  ['tickets', { phone: '555' }, /contact/],
  ['tickets', { summary: 'printer' }, /summaryContains/],
  ['tickets', { closedFlag: false }, /closed/],
  ['tickets', { dateEntered: '2026-01-01' }, /createdAfter/],
  ['tickets', { lastUpdated: '2026-01-01' }, /updatedAfter/],
  ['tickets', { isInSla: false }, /inSla/],
  ['tickets', { resources: 'jdoe' }, /resourcesContains/],
  ['tickets', { requiredDate: '2026-01-01' }, /dueBefore/],
  ['tickets', { resolutionHourz: 3 }, /resolutionHours.*conditions/],
  ['invoices', { dueDate: '2026-01-01' }, /dueBefore/],
  ['time_entries', { notes: 'call' }, /notesContains/],
  ['agreements', { endDate: '2026-01-01' }, /ends(After|Before)/],
];

describe('a guess', () => {
  test(`there are at least sixty: ${kMeans.length + kTold.length}`, () => {
    assert.ok(kMeans.length + kTold.length >= 60);
  });
  for (const [resource, guess, meant] of kMeans) {
    test(`${resource}: ${JSON.stringify(guess)}`, async () => {
      const [found, expected] = [await count(resource, guess), await count(resource, meant)];
      // What is compared raw leaves out what has no value, and the opposite of a filter does not.
      const opposite = Object.keys(guess).some((name) => /not$/i.test(name)) && 'conditions' in meant;
      assert.ok(opposite ? found >= expected : found === expected, `${found}, and not ${expected}`);
    });
  }
  for (const [resource, guess, told] of kTold) {
    test(`${resource}: ${JSON.stringify(guess)} is told ${told}`, async () => {
      const answer = await call(list(resource), guess);
      assert.ok(answer.failed, answer.text);
      assert.match(answer.text, told);
    });
  }
});
