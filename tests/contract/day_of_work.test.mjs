// An MSP's day by the real libraries: projects, agreements, time sheets, documents, callbacks.
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { test } from 'node:test';

import { ManageAPI, manageRestApi, sandbox } from './sandbox.mjs';

async function connect(t) {
  const { host, keys } = await sandbox(t);
  return new ManageAPI({ companyUrl: host, ...keys, logger: () => {} });
}

const at = (hoursAgo) => new Date(Date.now() - hoursAgo * 3.6e6).toISOString().slice(0, 19) + 'Z';

test('connectwise-rest makes a project with a phase and a ticket, and finds them again', async (t) => {
  const psa = await connect(t);
  const project = await psa.ProjectAPI.postProjectProjects({
    name: 'Move the office', company: { identifier: 'AcmeCorp' },
    board: { name: 'Project Delivery' }, billingMethod: 'ActualRates',
    estimatedStart: at(0), estimatedEnd: at(-24 * 30),
  });
  assert.equal(project.status.name, 'Open');
  const phase = await psa.ProjectAPI.postProjectProjectsByParentIdPhases(
    project.id, { description: 'Planning' });
  assert.equal(phase.projectId, project.id);
  const ticket = await psa.ProjectAPI.postProjectTickets(
    { summary: 'Survey the rooms', phase: { id: phase.id } });
  assert.equal(ticket.project.name, 'Move the office');
  const found = await psa.paginate(psa.ProjectAPI.getProjectTickets, { pageSize: 10 },
    { conditions: `project/id=${project.id}` });
  assert.deepEqual(found.map(({ id }) => id), [ticket.id]);
  const all = await psa.paginate(psa.ProjectAPI.getProjectProjects, { pageSize: 7 },
    { fields: 'id' });
  assert.equal(all.length, (await psa.ProjectAPI.getProjectProjectsCount({})).count);
  await assert.rejects(psa.ProjectAPI.postProjectTickets({ summary: 'No phase' }),
    (error) => error.data.errors.some(({ field }) => field === 'phase'));
});

test('connectwise-rest makes an agreement and adds to it what the catalog sells', async (t) => {
  const psa = await connect(t);
  const [contact] = await psa.CompanyAPI.getCompanyContacts(
    { conditions: 'company/identifier="AcmeCorp"', pageSize: 1 });
  const agreement = await psa.FinanceAPI.postFinanceAgreements({
    name: 'Managed care', type: { name: 'Managed Services' },
    company: { identifier: 'AcmeCorp' }, contact: { id: contact.id },
  });
  const addition = await psa.FinanceAPI.postFinanceAgreementsByParentIdAdditions(agreement.id,
    { product: { identifier: 'MS-USER' }, quantity: 10, billCustomer: 'Billable' });
  assert.equal(addition.margin, addition.extPrice - addition.extCost);
  const changed = await psa.FinanceAPI.patchFinanceAgreementsByParentIdAdditionsById(
    addition.id, agreement.id, [{ op: 'replace', path: 'quantity', value: 12 }]);
  assert.equal(changed.extPrice, 12 * changed.unitPrice);
  const listed = await psa.FinanceAPI.getFinanceAgreementsByParentIdAdditions(agreement.id, {});
  assert.deepEqual(listed.map(({ id }) => id), [addition.id]);
});

test('connectwise-rest enters time, submits the sheet, and the sheet is locked', async (t) => {
  const psa = await connect(t);
  const entry = await psa.TimeAPI.postTimeEntries({
    chargeToId: 40592, chargeToType: 'ServiceTicket', timeStart: at(3), actualHours: 0.5,
    notes: 'Looked at the logs',
  });
  const sheet = entry.timeSheet.id;
  assert.equal((await psa.TimeAPI.postTimeSheetsByIdSubmit(sheet)).success, true);
  assert.equal((await psa.TimeAPI.getTimeSheetsById(sheet)).status, 'PendingApproval');
  await assert.rejects(
    psa.TimeAPI.patchTimeEntriesById(entry.id, [{ op: 'replace', path: 'notes', value: 'More' }]),
    (error) => error.status === 400);
  await psa.TimeAPI.postTimeSheetsByIdReject(sheet);
  const changed = await psa.TimeAPI.patchTimeEntriesById(
    entry.id, [{ op: 'replace', path: 'notes', value: 'More' }]);
  assert.equal(changed.notes, 'More');
});

test('connectwise-rest puts a document on a ticket and gets the same bytes back', async (t) => {
  const psa = await connect(t);
  const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255, 13, 10, 13, 10, 45, 45]);
  const form = new FormData();
  form.set('recordType', 'Ticket');
  form.set('recordId', '40592');
  form.set('title', 'Screen');
  form.set('file', new Blob([bytes], { type: 'image/png' }), 'screen.png');
  const document = await psa.SystemAPI.postSystemDocuments(form);
  assert.equal(document.fileName, 'screen.png');
  assert.equal(document.size, bytes.length);
  const listed = await psa.SystemAPI.getSystemDocuments(
    { recordType: 'Ticket', recordId: 40592, conditions: `id=${document.id}` });
  assert.deepEqual(listed.map(({ title }) => title), ['Screen']);
  const stream = await psa.SystemAPI.getSystemDocumentsByIdDownload(document.id);
  const parts = [];
  for await (const part of stream) parts.push(part);
  assert.deepEqual(Buffer.concat(parts), bytes);
});

test('a callback that connectwise-rest makes is posted, and its signature holds', async (t) => {
  const psa = await connect(t);
  let arrived;
  const arrival = new Promise((resolve) => { arrived = resolve; });
  const receiver = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    response.end();
    arrived({ url: request.url, body: Buffer.concat(parts),
      signature: request.headers['x-content-signature'] });
  });
  await new Promise((resolve) => { receiver.listen(0, '127.0.0.1', resolve); });
  t.after(() => receiver.close());
  await psa.SystemAPI.postSystemCallbacks({
    url: `http://127.0.0.1:${receiver.address().port}/psa`, type: 'ticket', level: 'owner',
    objectId: 1,
  });
  await psa.ServiceAPI.patchServiceTicketsById(40592,
    [{ op: 'replace', path: 'summary', value: 'Changed by a library' }]);
  const { url, body, signature } = await arrival;
  assert.equal(url, '/psa?id=40592&action=updated');
  const told = JSON.parse(body);
  assert.equal(JSON.parse(told.Entity).summary, 'Changed by a library');
  const { signing_key: key } = await (await fetch(told.Metadata.key_url)).json();
  const expected = createHmac('sha256', createHash('sha256').update(key).digest())
    .update(body).digest('base64');
  assert.equal(signature, expected);
  const trail = await psa.SystemAPI.getSystemAudittrail({ type: 'Ticket', id: 40592 });
  assert.ok(trail.some(({ text }) => text.includes('Changed by a library')));
});

test('connectwise-manage-rest-api reaches the newer resources by path', async (t) => {
  const { host, keys } = await sandbox(t);
  const manage = manageRestApi({ fqdn: host, ...keys });
  for (const path of ['project/projects', 'finance/agreements', 'time/sheets', 'schedule/entries',
    'expense/reports', 'procurement/catalog', 'sales/activities', 'marketing/campaigns']) {
    const records = await manage.get(path);
    assert.ok(records.length > 0 && records.every(({ id }) => id > 0), path);
  }
});
