// The README's pictures, of a demo in which something happens: tests/dashboard/run.sh tests/dashboard/pictures.mjs
// (make screenshots). They go to docs/pictures/, and are committed.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startDemo } from '../e2e/harness/demo.mjs';
import { legacyCall, post } from '../e2e/harness/http.mjs';
import { openDashboard, settled } from './harness/browser.mjs';

const folder = new URL('../../docs/pictures/', import.meta.url).pathname;
const kSize = { width: 1200, height: 800 };

let demo;
before(async () => {
  mkdirSync(folder, { recursive: true });
  demo = await startDemo();
});
after(() => demo.program.stop());

const picture = (page, name) =>
  page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' });
const account = () => `/accounts/${demo.integrated_account_id}`;

test('minting, with what the AI will get', async (t) => {
  const { page } = await openDashboard(t, { demo, ...kSize, path: `${account()}/servers/new` });
  await page.getByRole('textbox', { name: /^Name/ }).fill('Claude, service desk');
  await page.getByRole('combobox', { name: 'Tags' }).click();
  await page.getByRole('option', { name: 'support', exact: true }).click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await page.getByText('143', { exact: true }).waitFor({ state: 'hidden' });
  await settled(page);
  await page.evaluate(() => window.scrollTo(0, 150));
  await picture(page, 'mint');
});

test('a tool tried: what was sent, what came, what the model gets', async (t) => {
  const { page } = await openDashboard(t, { demo, ...kSize, path: `${account()}/tools?q=open+tickets&tool=list_all_connect_wise_psa_tickets` });
  await page.getByRole('button', { name: 'Run it' }).click();
  await page.getByText('The call succeeded').waitFor();
  await page.getByText('The call succeeded').evaluate((found) => found.scrollIntoView());
  await page.evaluate(() => window.scrollBy(0, -90));
  await settled(page);
  await picture(page, 'try');
});

test('a call that waits for a person', async (t) => {
  const server = await demo.admin.create(`/integrated-account/${demo.integrated_account_id}/mcp`,
    { name: 'Claude, service desk', config: { require_approval: ['write'] } });
  const [ticket] = await demo.psa.get('/service/tickets', { pageSize: 1, conditions: 'closedFlag = false' });
  await post(server.url, legacyCall('update_a_connect_wise_psa_ticket_by_id',
    { id: ticket.id, priority: 'Priority 1 - Critical', summary: `${ticket.summary} (server down)` }));
  const { result: [waiting] } = await demo.admin.get('/approval?state=pending');
  const { page } = await openDashboard(t, { demo, ...kSize, path: `/approvals/${waiting.id}` });
  await page.getByRole('button', { name: 'Approve' }).first().waitFor();
  await settled(page);
  await picture(page, 'approve');
});
