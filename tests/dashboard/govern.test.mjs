// Flow 5, approvals: what waits is seen as it would be, and let through, refused, or handed to somebody else.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startDemo } from '../e2e/harness/demo.mjs';
import { legacyCall, post } from '../e2e/harness/http.mjs';
import { openDashboard } from './harness/browser.mjs';

const kUpdate = 'update_a_connect_wise_psa_ticket_by_id';
const kNote = 'create_a_connect_wise_psa_ticket_note';
const kTicket = 5012;
const kPath = `/service/tickets/${kTicket}`;

describe('approvals', () => {
  let demo;
  let server;
  before(async () => {
    demo = await startDemo();
    server = await demo.admin.create(`/integrated-account/${demo.integrated_account_id}/mcp`,
      { name: 'Claude for billing', config: { require_approval: ['write'] } });
  });
  after(() => demo.program.stop());

  async function call(name, args) {
    const { result } = (await post(server.url, legacyCall(name, args))).body;
    return JSON.parse(result.content[0].text);
  }
  const held = async (name, args) => (await call(name, args)).approval.id;
  const state = async (id) => (await demo.admin.get(`/approval/${id}`)).state;
  const row = (page, field) => page.getByRole('row', { name: new RegExp(`^${field}`) });

  test('before and after side by side, approved with a reason, and done once', async (t) => {
    const { summary } = await demo.psa.get(kPath);
    const id = await held(kUpdate, { id: kTicket, summary: 'Printer on floor 3' });
    const { page } = await openDashboard(t, { demo, path: '/approvals' });
    await page.getByRole('link', { name: /Update ticket/ }).click();
    assert.equal(new URL(page.url()).pathname, `/dashboard/approvals/${id}`);
    await row(page, 'summary').waitFor();
    assert.deepEqual(await row(page, 'summary').getByRole('cell').allInnerTexts(), [summary, 'Printer on floor 3']);
    await page.getByLabel('Reason').fill('As agreed with the customer');
    await page.getByRole('button', { name: 'Approve and send' }).click();
    await page.getByText('It was sent, and done.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Approve and send' }).count(), 0);
    assert.equal((await demo.psa.get(kPath)).summary, 'Printer on floor 3');
    assert.equal((await demo.admin.get(`/approval/${id}`)).reason, 'As agreed with the customer');
    await page.getByRole('link', { name: 'Approvals', exact: true }).first().click();
    await page.getByText('Nothing waits for you').waitFor();
  });

  test('refused with a reason that the model is told', async (t) => {
    const note = { ticketId: kTicket, internalAnalysisFlag: true, text: 'Refused in the dashboard' };
    const id = await held(kNote, note);
    const { page } = await openDashboard(t, { demo, path: `/approvals/${id}` });
    await page.getByLabel('Reason').fill('not this one');
    await page.getByRole('button', { name: 'Refuse' }).click();
    await page.getByText('It was refused. Nothing was sent.').waitFor();
    assert.match((await call(kNote, note)).error.message, /not this one/);
  });

  test('one that was decided elsewhere meanwhile says so', async (t) => {
    const id = await held(kNote, { ticketId: kTicket, internalAnalysisFlag: true, text: 'Two at once' });
    const { page } = await openDashboard(t, { demo, path: `/approvals/${id}` });
    await page.getByRole('button', { name: 'Refuse' }).waitFor();
    // The page does not hear of it by itself.
    await page.route(`**/approval/${id}`, (route) => route.abort());
    await demo.admin.request('POST', `/approval/${id}/refuse`, {});
    await page.unroute(`**/approval/${id}`);
    await page.getByRole('button', { name: 'Approve and send' }).click();
    await page.getByText('It was refused. Nothing was sent.').waitFor();
    assert.equal(await state(id), 'refused');
  });

  test('a record that changed meanwhile is not written, and asked for as it is now', async (t) => {
    const id = await held(kUpdate, { id: kTicket, summary: 'As approved' });
    const { page } = await openDashboard(t, { demo, path: `/approvals/${id}` });
    await row(page, 'summary').waitFor();
    await demo.psa.patch(kPath, [{ op: 'replace', path: 'summary', value: 'Changed by somebody' }]);
    await page.getByRole('button', { name: 'Approve and send' }).click();
    await page.getByText(/the records had changed meanwhile/).waitFor();
    assert.deepEqual(await row(page, 'summary').getByRole('cell').allInnerTexts(),
      ['Printer on floor 3', 'Changed by somebody', 'As approved']);
    await page.getByRole('link', { name: 'open the new one' }).click();
    await page.getByRole('button', { name: 'Approve and send' }).waitFor();
    assert.deepEqual(await row(page, 'summary').getByRole('cell').allInnerTexts(), ['Changed by somebody', 'As approved']);
    await page.getByRole('button', { name: 'Refuse' }).click();
    await page.getByText('It was refused. Nothing was sent.').waitFor();
  });

  test('a link hands it to somebody without a token', async (t) => {
    const id = await held(kNote, { ticketId: kTicket, internalAnalysisFlag: true, text: 'By a link' });
    const { page, context } = await openDashboard(t, { demo, path: `/approvals/${id}` });
    await page.getByRole('button', { name: 'Make a link to decide it by' }).click();
    const link = (await page.getByLabel('Link', { exact: true }).innerText()).trim();
    assert.match(link, /\/approve\//);
    const other = await context.newPage();
    await other.goto(link);
    await other.getByRole('button', { name: 'Refuse' }).click();
    await other.getByText('refused').waitFor();
    await page.getByText('It was refused. Nothing was sent.').waitFor();  // the page hears of it by itself
  });

  test('what waits comes into the list while one looks at it', async (t) => {
    const { page } = await openDashboard(t, { demo, path: '/approvals' });
    await page.getByText('Nothing waits for you').waitFor();
    const id = await held(kNote, { ticketId: kTicket, internalAnalysisFlag: true, text: 'Just now' });
    await page.getByRole('link', { name: /Create ticket note/ }).waitFor();
    await demo.admin.request('POST', `/approval/${id}/refuse`, {});
    await page.getByText('Nothing waits for you').waitFor();
    await page.getByLabel('Show').selectOption('refused');
    await page.getByRole('link', { name: /Create ticket note/ }).first().waitFor();
  });
});
