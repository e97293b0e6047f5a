// Flow 2: an account from the integration's own form, proved before anything is stored.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startDemo } from '../e2e/harness/demo.mjs';
import { openDashboard } from './harness/browser.mjs';

describe('an account', () => {
  let demo;
  before(async () => { demo = await startDemo(); });
  after(() => demo.program.stop());

  async function choose(page) {
    await page.getByRole('combobox', { name: 'Integration' }).click();
    await page.getByRole('option', { name: 'ConnectWise PSA' }).click();
  }
  async function fill(page, credentials) {
    const { credentials: fields } = await demo.admin.get('/integration/connectwise_psa');
    for (const { name, label } of fields) {
      if (credentials[name] !== undefined) await page.getByRole('textbox', { name: label }).fill(credentials[name]);
    }
    return fields;
  }

  test('a form of the integration’s own fields, a verdict, and its tools', async (t) => {
    const { page } = await openDashboard(t, { demo, path: '/accounts' });
    await page.getByText('Sandbox.').waitFor();
    await page.getByRole('link', { name: 'Connect an account' }).click();
    await choose(page);
    const fields = await fill(page, demo.credentials);
    assert.ok(fields.length >= 4);
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Second MSP');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByText('Connected: ConnectWise PSA accepted these credentials').waitFor();
    await page.getByText(/It offers \d+ tools/).waitFor();
    await page.getByRole('link', { name: 'Its tools' }).click();
    await page.getByRole('heading', { name: 'Second MSP', level: 1 }).waitFor();
    await page.getByLabel('Look for a tool').waitFor();
  });

  test('what is missing is told beside its field, before anything is sent', async (t) => {
    const { page } = await openDashboard(t, { demo, path: '/accounts/new' });
    await choose(page);
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByText('Company ID is needed').waitFor();
    assert.equal((await demo.admin.get('/integrated-account?limit=100')).result.filter(({ name }) => name === '').length, 0);
  });

  test('credentials that the API refuses: a clear verdict, nothing stored, and what was typed stays', async (t) => {
    const before = (await demo.admin.get('/integrated-account')).result.length;
    const { page } = await openDashboard(t, { demo, path: '/accounts/new' });
    await choose(page);
    await fill(page, { ...demo.credentials, private_key: 'wrongwrongwrong1' });
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByText('Not connected. Nothing was stored.').waitFor();
    await page.getByRole('alert').waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Company ID' }).inputValue(), demo.credentials.company_id);
    assert.equal((await demo.admin.get('/integrated-account')).result.length, before);
  });

  test('probed, renamed, deleted with its name typed', async (t) => {
    const account = await demo.admin.create('/integrated-account',
      { integration: 'connectwise_psa', name: 'شركة الأمل للتقنية', credentials: demo.credentials });
    const { page } = await openDashboard(t, { demo, path: `/accounts/${account.id}/overview` });
    await page.getByRole('button', { name: 'Probe now' }).click();
    await page.getByText('The API accepted it').waitFor();
    await page.getByRole('textbox', { name: 'Name' }).fill('Rindfleischetikettierungsüberwachungsgesellschaft');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Rindfleischetikettierungsüberwachungsgesellschaft', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByLabel(/^Type/).fill('Rindfleischetikettierungsüberwachungsgesellschaft');
    await page.getByRole('button', { name: 'Delete the account', exact: true }).click();
    await page.getByRole('heading', { name: 'Integrated accounts', level: 1 }).waitFor();
    await demo.admin.refused(404, 'GET', `/integrated-account/${account.id}`);
  });
});
