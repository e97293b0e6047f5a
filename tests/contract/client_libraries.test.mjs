// Libraries that people use with the real API, unchanged, over TLS: what they do against the sandbox
// is what they would do against ConnectWise.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ManageAPI, manageRestApi, sandbox } from './sandbox.mjs';

test('connectwise-rest lists, pages to the end, creates and patches', async (t) => {
  const { host, keys } = await sandbox(t);
  const psa = new ManageAPI({ companyUrl: host, ...keys, logger: () => {} });
  assert.match((await psa.SystemAPI.getSystemInfo()).version, /^v\d{4}\.\d+\.\d+$/);

  const all = await psa.paginate(psa.ServiceAPI.getServiceTickets, { pageSize: 500 },
    { fields: 'id' });
  const { count } = await psa.ServiceAPI.getServiceTicketsCount({});
  assert.equal(all.length, count);
  assert.equal(new Set(all.map((ticket) => ticket.id)).size, count);

  const [first, second] = await psa.CompanyAPI.getCompanyCompanies({ pageSize: 2 });
  const one = await psa.CompanyAPI.getCompanyCompanies(
    { conditions: `id in (${first.id},${second.id})`, pageSize: 1 });
  assert.deepEqual(one.map((company) => company.id), [first.id]);

  const made = await psa.ServiceAPI.postServiceTickets(
    { summary: 'From a client library', company: { identifier: 'AcmeCorp' } });
  assert.equal(made.status.name, 'New');
  const changed = await psa.ServiceAPI.patchServiceTicketsById(made.id, [
    { op: 'replace', path: 'summary', value: 'Changed' },
    { op: 'replace', path: 'priority/name', value: 'High' },
  ]);
  assert.equal(changed.summary, 'Changed');
  assert.equal(changed.priority.name, 'High');
  await psa.ServiceAPI.deleteServiceTicketsById(made.id);
  await assert.rejects(psa.ServiceAPI.getServiceTicketsById(made.id),
    (error) => error.status === 404 && error.data.message === `Ticket ${made.id} not found`);
});

test('connectwise-rest hands on the errors of the API', async (t) => {
  const { host, keys } = await sandbox(t);
  const psa = new ManageAPI({ companyUrl: host, ...keys, logger: () => {} });
  await assert.rejects(
    psa.ServiceAPI.getServiceTickets({ conditions: 'assignedTo/identifier="x"' }),
    (error) => error.status === 400 && error.data.code === 'ApiFindCondition');
  const stranger = new ManageAPI({ companyUrl: host, ...keys, privateKey: 'wrong',
    logger: () => {} });
  await assert.rejects(stranger.SystemAPI.getSystemInfo(), (error) => error.status === 401);
});

test('connectwise-manage-rest-api finds the codebase by itself', async (t) => {
  const { host, keys } = await sandbox(t);
  const manage = manageRestApi({ fqdn: host, ...keys });
  assert.match((await manage.get('system/info')).version, /^v/);
  const boards = await manage.get('service/boards');
  assert.ok(boards.some((board) => board.name === 'Triage'));
});
