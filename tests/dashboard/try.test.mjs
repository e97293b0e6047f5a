// Flow 3: a tool found as a model would, its form with the account's names, what was sent and what came of it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startDemo } from '../e2e/harness/demo.mjs';
import { openDashboard } from './harness/browser.mjs';

describe('a tool', () => {
  let demo;
  before(async () => { demo = await startDemo(); });
  after(() => demo.program.stop());

  const tools = () => `/accounts/${demo.integrated_account_id}/tools`;

  async function add(page, argument) {
    await page.getByRole('combobox', { name: 'Add an argument' }).fill(argument);
    await page.getByRole('option', { name: argument, exact: true }).click();
  }

  test('a read: searched, filled with a completed name, raw and shaped side by side', async (t) => {
    const { page } = await openDashboard(t, { demo, path: tools() });
    await page.getByLabel('Look for a tool').fill('list tickets');
    await page.getByRole('link', { name: /^tickets\s*list/ }).first().click();
    await page.getByRole('heading', { name: 'Arguments' }).waitFor();
    assert.match(page.url(), /tool=list_all_connect_wise_psa_tickets/);
    await add(page, 'board');
    await page.getByRole('combobox', { name: 'board', exact: true }).fill('Tri');
    await page.getByRole('option', { name: 'Triage' }).click();
    await add(page, 'limit');
    await page.getByRole('textbox', { name: 'limit' }).fill('3');
    await page.getByRole('button', { name: 'Run it' }).click();
    await page.getByText('The call succeeded').waitFor();
    const sent = await page.getByRole('region', { name: 'What was sent' }).innerText();
    assert.match(sent, /GET .*\/service\/tickets/);
    const secrets = [demo.credentials.private_key, demo.credentials.public_key];
    const whole = await page.content();
    for (const secret of secrets) assert.ok(!whole.includes(secret), 'no secret of the account is on the page');
    const raw = await page.getByLabel('What the API answered', { exact: true }).last().innerText();
    const shaped = await page.getByLabel('What the model gets', { exact: true }).last().innerText();
    assert.ok(raw.length > shaped.length, 'shaping makes it smaller');
    assert.match(shaped, /result_count/);
    await page.getByText(/tokens saved/).waitFor();
  });

  test('a write is dry unless somebody says otherwise', async (t) => {
    const name = 'create_a_connect_wise_psa_ticket';
    const { page } = await openDashboard(t, { demo, path: `${tools()}?tool=${name}` });
    await page.getByRole('heading', { name: 'Arguments' }).waitFor();
    const before = (await demo.psa.get('/service/tickets/count')).count;
    await page.getByRole('textbox', { name: 'summary' }).fill('Made by a test of the dashboard');
    await page.getByRole('button', { name: 'Run it dry' }).click();
    await page.getByText('This is needed').waitFor();
    const [{ id, name: company }] = await demo.psa.get('/company/companies', { pageSize: 1, orderBy: 'id asc' });
    await page.getByLabel('company', { exact: false }).first().fill(company);
    await page.getByRole('button', { name: 'Run it dry' }).click();
    await page.getByText('Dry run: nothing was changed').waitFor();
    const would = await page.getByRole('region', { name: 'What would be sent' }).innerText();
    assert.match(would, /POST .*\/service\/tickets/);
    assert.match(would, new RegExp(`"id": ${id}\\b`), 'a name became the id that is sent');
    assert.equal((await demo.psa.get('/service/tickets/count')).count, before, 'nothing was made');
  });

  test('what a tool refuses is shown as the model would be told', async (t) => {
    const { page } = await openDashboard(t, { demo, path: `${tools()}?tool=list_all_connect_wise_psa_tickets` });
    await add(page, 'board');
    await page.getByRole('combobox', { name: 'board', exact: true }).fill('Nowhere at all');
    await page.getByRole('button', { name: 'Run it' }).click();
    await page.getByText('The call failed').waitFor();
    assert.match(await page.getByLabel('What the model gets', { exact: true }).last().innerText(), /Nowhere at all/);
  });
});
