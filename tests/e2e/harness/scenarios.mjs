// What the API asks for beyond what a definition says: by resource, where its records are looked for
// (`place`), values that it insists on (`create`, `update`: a list of them where one call cannot hold
// all arguments), what a call cannot do without (`beside`), the id of what was made (`made`), what is
// done only where the call says so (`overruled`), and what its custom methods need and do (`custom`).
import assert from 'node:assert/strict';
import { dayAhead, hourOfToday, kToday } from './days.mjs';

const kTicket = 40592;

// An opportunity of its own for each conversion: won, or still open.
async function opportunity({ call, serial, psa }, isWon = true) {
  const [any] = await psa.get('/sales/opportunities', { pageSize: 1, conditions: 'contact/id != null' });
  const [status] = await psa.get('/sales/opportunities/statuses',
    { conditions: isWon ? 'wonFlag = true' : 'wonFlag = false and lostFlag = false and closedFlag = false' });
  const { id } = await call('create_a_connect_wise_psa_sales_opportunity', {
    name: `Converted ${serial()}`, company: any.company.id, contact: any.contact.id,
    primarySalesRep: any.primarySalesRep.id, status: status.id });
  return psa.get(`/sales/opportunities/${id}`);
}

async function ticket({ call, serial }, company = 'Acme Corp') {
  const { id } = await call('create_a_connect_wise_psa_ticket',
    { summary: `Scenario ${serial()}`, company, board: 'Triage' });
  return id;
}

// Refused for a reason that can be overruled, which the refusal names; with it, the same is done.
async function onlyWith(argument, { call, refused }, tool, args) {
  const error = await refused(tool, args);
  assert.equal(error.was_applied, 'no', tool);
  assert.match(JSON.stringify(error), new RegExp(`${argument}: true`), tool);
  return call(tool, { ...args, [argument]: true });
}

// One that is not won is converted only where the call says so.
async function convertsNotWon(world, tool, args) {
  const { id } = await opportunity(world, false);
  return onlyWith('allow_not_won', world, tool, { id, ...args });
}

// The flow of time sheets and expense reports, from a record that is open.
function approval(path, prefix) {
  const open = async ({ psa }) => {
    const found = await psa.get(path,
      { pageSize: 1, conditions: 'status = "Open" or status = "Rejected"' });
    assert.equal(found.length, 1, `${path}: none is open`);
    return found[0].id;
  };
  const status = async ({ psa }, id) => (await psa.get(`${path}/${id}`)).status;
  const takeBack = ({ psa }, id) => psa.request('POST', `${path}/${id}/reverse`);
  return {
    async submit(world) {
      const id = await open(world);
      await world.call(`${prefix}_submit`, { id });
      assert.equal(await status(world, id), 'PendingApproval');
      const again = await world.refused(`${prefix}_submit`, { id });
      assert.equal(again.was_applied, 'no', 'what is submitted cannot be submitted again');
      await takeBack(world, id);
    },
    async reject(world) {
      const id = await open(world);
      await world.call(`${prefix}_submit`, { id });
      await world.call(`${prefix}_reject`, { id });
      assert.equal(await status(world, id), 'Rejected');
    },
    async approve(world) {
      const id = await open(world);
      await world.call(`${prefix}_submit`, { id });
      await world.call(`${prefix}_approve`, { id, approvalType: 'Tier1Update' });
      assert.match(await status(world, id), /^ApprovedByTier/);
      await takeBack(world, id);
    },
  };
}

export const scenarios = {
  tickets: {
    create: [{ parentTicketId: kTicket }],
    beside: { merge: { mergeTicketIds: [40601] } },
    custom: {
      async merge(world) {
        for (const by of ['name', 'id']) {
          const [stays, goes] = [await ticket(world), await ticket(world)];
          const { board } = await world.psa.get(`/service/tickets/${stays}`);
          const closed = (await world.psa.get(`/service/boards/${board.id}/statuses`))
            .find(({ closedStatus }) => closedStatus);
          const { id: note } = await world.call('create_a_connect_wise_psa_ticket_note',
            { ticketId: goes, text: `Merged by ${by}`, internalAnalysisFlag: true });
          await world.call('connect_wise_psa_tickets_merge',
            { ticketId: stays, mergeTicketIds: [goes], status: closed[by] });
          const gone = await world.psa.get(`/service/tickets/${goes}`);
          assert.equal(gone.status.id, closed.id, `merged with status by ${by}`);
          const notes = await world.psa.get(`/service/tickets/${stays}/notes`);
          assert.ok(notes.some(({ id }) => id === note), 'its notes go over');
        }
        const [other] = await world.psa.get('/company/companies',
          { conditions: 'name != "Acme Corp" and deletedFlag = false', pageSize: 1 });
        const [stays, goes] = [await ticket(world), await ticket(world, other.id)];
        const merged = await onlyWith('allow_other_company', world, 'connect_wise_psa_tickets_merge',
          { ticketId: stays, mergeTicketIds: [goes], status: 'Closed' });
        assert.match(JSON.stringify(merged.touches), new RegExp(other.name), 'it says whose they are');
      },
      async close(world) {
        const [workType] = await world.psa.get('/time/workTypes', { pageSize: 1 });
        for (const by of ['name', 'id']) {
          const ticketId = await ticket(world);
          const { time, note } = await world.call('connect_wise_psa_tickets_close', { ticketId,
            resolution: `Solved by ${by}`, timeStart: hourOfToday(by === 'id' ? 4 : 5), hours: 0.5,
            workType: workType[by], allow_duplicate: true });
          const closed = await world.psa.get(`/service/tickets/${ticketId}`);
          const board = await world.psa.get(`/service/boards/${closed.board.id}`);
          assert.deepEqual([closed.closedFlag, closed.status.id], [true, board.autoCloseStatus.id], by);
          const entry = await world.psa.get(`/time/entries/${time.id}`);
          assert.deepEqual([entry.chargeToId, entry.workType.id], [ticketId, workType.id], by);
          const notes = await world.psa.get(`/service/tickets/${ticketId}/notes`);
          assert.ok(notes.find(({ id }) => id === note.id)?.resolutionFlag, by);
        }
      },
      async copy({ call, psa, ...world }) {
        const ticketId = await ticket({ call, ...world });
        const { id } = await call('connect_wise_psa_tickets_copy', { ticketId });
        const [old, made] = [await psa.get(`/service/tickets/${ticketId}`),
          await psa.get(`/service/tickets/${id}`)];
        assert.notEqual(id, ticketId);
        assert.deepEqual([made.summary, made.company.id, made.board.id],
          [old.summary, old.company.id, old.board.id]);
      },
      async convert(world) {
        const [project] = await world.psa.get('/project/projects', { pageSize: 1 });
        const [phase] = await world.psa.get(`/project/projects/${project.id}/phases`);
        for (const by of ['name', 'id']) {
          const ticketId = await ticket(world);
          await world.call('connect_wise_psa_tickets_convert', { ticketId, wbsCode: '1.9',
            project: project[by], phase: by === 'id' ? phase.id : phase.description });
          const moved = await world.psa.get(`/project/tickets/${ticketId}`);
          assert.deepEqual([moved.project.id, moved.phase.id], [project.id, phase.id], `by ${by}`);
        }
      },
      async attach_children(world) {
        const [parent, one, two] = [await ticket(world), await ticket(world), await ticket(world)];
        await world.call('connect_wise_psa_tickets_attach_children',
          { ticketId: parent, childTicketIds: [one, two] });
        for (const child of [one, two]) {
          assert.equal((await world.psa.get(`/service/tickets/${child}`)).parentTicketId, parent);
        }
      },
    },
  },
  ticket_notes: { create: [{ internalAnalysisFlag: true }], update: [{ internalAnalysisFlag: true }] },
  project_ticket_notes: {
    create: [{ internalAnalysisFlag: true }], update: [{ internalAnalysisFlag: true }] },
  ticket_configurations: {
    // A ticket whose company has configurations.
    async place({ psa, live }) {
      const { company } = await psa.get(`/service/tickets/${kTicket}`);
      const own = (await live.all('configurations')).filter((record) => record.company.id === company.id);
      return { own: own.map(({ id }) => id) };
    },
    // By either; what lists show as its device identifier is taken.
    create: [({ own, serial }) => (
      { configurationId: own[serial % own.length], deviceIdentifier: undefined }),
    ({ own, serial }) => (
      { configurationId: undefined, deviceIdentifier: String(own[serial % own.length]) })],
  },
  time_entries: {
    create: [
      ({ ticketOf }) => ({ timeStart: hourOfToday(9), timeEnd: hourOfToday(11),
        actualHours: 2, hoursDeduct: 0, ticketId: ticketOf, chargeToType: undefined,
        chargeToId: undefined, company: undefined, agreement: undefined }),
      () => ({ timeStart: hourOfToday(12), timeEnd: hourOfToday(13),
        actualHours: 1, hoursDeduct: 0, ticketId: undefined, chargeToType: undefined,
        chargeToId: undefined }),
    ],
    // Each at an hour of its own: two of one member at the same time are doubles.
    update: [({ ticketOf, serial }) => ({ timeStart: hourOfToday(14 + serial % 6),
      timeEnd: hourOfToday(15 + serial % 6), actualHours: 1, hoursDeduct: 0, chargeToType: 'ServiceTicket',
      chargeToId: ticketOf })],
    async place({ live }) {
      const entries = await live.all('time_entries');
      return { ticketOf: entries.find(({ chargeToType, agreement }) =>
        chargeToType === 'ServiceTicket' && agreement).chargeToId };
    },
  },
  // Each stands on one of these, whose company it has.
  products: {
    create: [['project', 'phase'], ['opportunity']].map((on) => Object.fromEntries(
      ['ticket', 'project', 'phase', 'salesOrder', 'opportunity'].filter((each) => !on.includes(each))
        .map((each) => [each, undefined]))),
  },
  schedule_entries: {
    // An entry of a ticket is called as the ticket is.
    create: [{ type: 4, objectId: kTicket, allowScheduleConflictsFlag: true, name: undefined },
      ({ activity }) => (
        { type: 1, objectId: activity, allowScheduleConflictsFlag: true, name: undefined }),
      { type: 2, objectId: undefined, allowScheduleConflictsFlag: true }],
    place: async ({ live }) => ({ activity: (await live.all('activities'))[0].id }),
    update: [{ allowScheduleConflictsFlag: true, name: undefined }],
  },
  invoices: {
    // What it bills is the company's own.
    place: async ({ live }) => ({ agreement: (await live.all('agreements'))
      .find(({ company }) => company.name === 'Acme Corp') }),
    create: [({ agreement }) => (
      { company: agreement.company.id, applyToType: 'Agreement', applyToId: agreement.id })],
    async overruled(world) {
      const applyToId = await ticket(world);
      const [other] = await world.psa.get('/company/companies',
        { conditions: 'name != "Acme Corp" and deletedFlag = false', pageSize: 1 });
      await onlyWith('allow_other_company', world, 'create_a_connect_wise_psa_invoice',
        { type: 'Standard', company: other.id, applyToType: 'Ticket', applyToId, date: kToday });
    },
  },
  invoice_payments: {
    // An invoice that is still open, with a payment to list.
    async place({ psa, live }) {
      const open = (await live.all('invoices')).filter(({ balance }) => balance > 500);
      const invoiceId = open[0].id;
      await psa.post(`/finance/invoices/${invoiceId}/payments`,
        { amount: 1, paymentDate: hourOfToday(0) });
      return { within: { invoiceId } };
    },
  },
  sales_opportunities: {
    custom: {
      async convert_to_project(world) {
        const { id } = await opportunity(world);
        const [board] = await world.psa.get('/service/boards', { conditions: 'projectFlag = true' });
        const [member] = await world.psa.get('/system/members', { pageSize: 1 });
        for (const [by, from] of [['name', id], ['id', (await opportunity(world)).id]]) {
          const project = await world.call('connect_wise_psa_opportunities_convert_to_project',
            { id: from, name: `Converted ${world.serial()}`, board: board[by],
              manager: by === 'id' ? member.id : member.identifier,
              estimatedStart: dayAhead(1), estimatedEnd: dayAhead(20) });
          const made = await world.psa.get(`/project/projects/${project.id}`);
          assert.deepEqual([made.board.id, made.manager.id], [board.id, member.id]);
        }
        await convertsNotWon(world, 'connect_wise_psa_opportunities_convert_to_project',
          { name: `Converted ${world.serial()}`, board: board.id, manager: member.id,
            estimatedStart: dayAhead(1), estimatedEnd: dayAhead(20) });
      },
      async convert_to_order(world) {
        const { id, company } = await opportunity(world);
        const order = await world.call('connect_wise_psa_opportunities_convert_to_order',
          { id, includeAllProductsFlag: true });
        const made = await world.psa.get(`/sales/orders/${order.id}`);
        assert.deepEqual([made.company.id, made.opportunity.id], [company.id, id]);
        await convertsNotWon(world, 'connect_wise_psa_opportunities_convert_to_order',
          { includeAllProductsFlag: true });
      },
      async convert_to_ticket(world) {
        const { id, company } = await opportunity(world);
        const summary = `Converted ${world.serial()}`;
        const made = await world.psa.get(`/service/tickets/${(await world.call(
          'connect_wise_psa_opportunities_convert_to_ticket', { id, summary })).id}`);
        assert.deepEqual([made.company.id, made.summary], [company.id, summary]);
        await convertsNotWon(world, 'connect_wise_psa_opportunities_convert_to_ticket',
          { summary: `Converted ${world.serial()}` });
      },
      async convert_to_agreement(world) {
        const [type] = await world.psa.get('/finance/agreements/types', { pageSize: 1 });
        for (const by of ['name', 'id']) {
          const { id, company } = await opportunity(world);
          const agreement = await world.call(
            'connect_wise_psa_opportunities_convert_to_agreement',
            { id, name: `Converted ${world.serial()}`, type: type[by], startDate: dayAhead(1),
              noEndingDateFlag: true });
          const made = await world.psa.get(`/finance/agreements/${agreement.id}`);
          assert.deepEqual([made.company.id, made.type.id], [company.id, type.id]);
        }
        await convertsNotWon(world, 'connect_wise_psa_opportunities_convert_to_agreement',
          { name: `Converted ${world.serial()}`, type: type.id, startDate: dayAhead(1),
            noEndingDateFlag: true });
      },
    },
  },
  time_sheets: { custom: approval('/time/sheets', 'connect_wise_psa_time_sheets') },
  expense_reports: { custom: approval('/expense/reports', 'connect_wise_psa_expense_reports') },
  members: {
    custom: {
      async me({ call, psa }) {
        const me = await call('connect_wise_psa_members_me', {});
        const member = await psa.get(`/system/members/${me.id}`);
        assert.equal(me.identifier, member.identifier);
      },
    },
  },
  system_reports: {
    custom: {
      async run({ call, psa }) {
        const { column_definitions: columns, row_values: rows } = await call(
          'connect_wise_psa_system_reports_run',
          { reportName: 'Service', columns: 'id,summary', conditions: 'closedFlag = true', pageSize: 3 });
        assert.deepEqual(columns.map((column) => Object.keys(column)[0]), ['id', 'summary']);
        assert.equal(rows.length, 3);
        for (const [id, summary] of rows) {
          const ticket = await psa.get(`/service/tickets/${id}`);
          assert.equal(ticket.summary, summary);
          assert.equal(ticket.closedFlag, true);
        }
      },
    },
  },
  system: {
    custom: {
      async info({ call, psa }) {
        const { version } = await psa.get('/system/info');
        assert.equal((await call('connect_wise_psa_system_info', {})).version, version);
      },
    },
  },
  // What a document stands on, one way each.
  documents: {
    beside: { create: { fileName: 'notes.txt', text: 'What was said.' } },
    async place({ call, live }) {
      for (const text of ['one', 'two', 'three']) {
        await call('create_a_connect_wise_psa_document',
          { ticketId: kTicket, fileName: `${text}.txt`, title: `Number ${text}`, text });
      }
      live.forget('documents');
      return { configuration: (await live.all('configurations'))[0].id };
    },
    create: ['ticketId', 'company', 'project', 'opportunity', 'recordType'].map((way) => (
      { configuration }) => ({
      ticketId: way === 'ticketId' ? kTicket : undefined,
      ...(way !== 'company' && { company: undefined }),
      ...(way !== 'project' && { project: undefined }),
      ...(way !== 'opportunity' && { opportunity: undefined }),
      recordType: way === 'recordType' ? 'Configuration' : undefined,
      recordId: way === 'recordType' ? configuration : undefined,
      fileName: 'notes.txt', text: 'What was said.',
    })),
    custom: {
      async download({ call, raw }) {
        const { id } = await call('create_a_connect_wise_psa_document',
          { ticketId: kTicket, fileName: 'log.txt', text: '09:14 link down' });
        const { content } = await raw('connect_wise_psa_documents_download', { id });
        assert.match(JSON.stringify(content), /09:14 link down/);
      },
    },
  },
  expense_entries: {
    async place({ live }) {
      const tickets = await live.all('tickets');
      return { ticketOf: tickets.find(({ agreement }) => agreement).id };
    },
    create: [
      ({ ticketOf }) => ({ chargeToType: 'ServiceTicket', chargeToId: ticketOf, company: undefined,
        agreement: undefined }),
      { chargeToType: undefined, chargeToId: undefined },
    ],
    update: [({ ticketOf }) => ({ chargeToType: 'ServiceTicket', chargeToId: ticketOf })],
  },
  opportunity_forecasts: {
    async place({ live }) {
      const [{ id }] = await live.all('sales_opportunities');
      return { within: { opportunityId: id }, records: [{ id }] };
    },
  },
  opportunity_forecast_items: {
    async place({ live, psa }) {
      const [{ id }] = await live.all('sales_opportunities');
      const { forecastItems } = await psa.get(`/sales/opportunities/${id}/forecast`);
      return { within: { opportunityId: id }, records: forecastItems };
    },
    // The answer is the whole forecast.
    made: ({ forecastItems }) => Math.max(...forecastItems.map(({ id }) => id)),
  },
};
