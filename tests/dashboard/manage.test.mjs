// Flow 5, the rest: API tokens, webhooks, environments, integrations; and what a scope does not allow.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { startDemo } from '../e2e/harness/demo.mjs';
import { openDashboard, settled } from './harness/browser.mjs';

describe('what an operator keeps', () => {
  let demo;
  before(async () => { demo = await startDemo(); });
  after(() => demo.program.stop());

  const dialog = (page) => page.getByRole('dialog');
  const secretOf = async (page, label) => (await dialog(page).getByLabel(label, { exact: true }).innerText()).trim();
  async function confirm(page, name, action) {
    const button = dialog(page).getByRole('button', { name: action, exact: true });
    assert.ok(await button.isDisabled(), 'nothing goes before its name is typed');
    await dialog(page).getByLabel(/^Type/).fill(name);
    await button.click();
    await dialog(page).waitFor({ state: 'hidden' });
  }

  describe('API tokens', () => {
    test('made, shown once, changed, revoked with the name typed', async (t) => {
      const { page, admin } = await openDashboard(t, { demo, path: '/tokens' });
      await page.getByRole('button', { name: 'Create API token' }).click();
      await dialog(page).getByLabel('Name').fill('Portal');
      await dialog(page).getByRole('radio', { name: 'mint' }).check();
      await dialog(page).getByLabel('Only these accounts').click();
      await page.getByRole('option', { name: 'Demo MSP (sandbox)' }).click();
      await page.keyboard.press('Escape');
      await dialog(page).getByLabel('How long').selectOption('30');
      await dialog(page).getByRole('button', { name: 'Create' }).click();
      const secret = await secretOf(page, 'API token');
      const { result } = await admin.as(secret).get('/integrated-account');
      assert.equal(result.length, 1);
      await dialog(page).getByRole('button', { name: 'I have it' }).click();
      await dialog(page).waitFor({ state: 'hidden' });
      assert.ok(!(await page.content()).includes(secret));

      const made = (await admin.get('/api-token')).result.find(({ name }) => name === 'Portal');
      assert.deepEqual([made.scope, made.limits], ['mint', { integrated_account_ids: [demo.integrated_account_id] }]);
      assert.ok(Math.abs(Date.parse(made.expires_at) - Date.now() - 30 * 86_400_000) < 600_000);

      await page.getByRole('button', { name: 'Edit Portal' }).click();
      await dialog(page).getByLabel('Name').fill('Portal, reading');
      await dialog(page).getByRole('radio', { name: 'read' }).check();
      await dialog(page).getByRole('button', { name: 'Save' }).click();
      await page.getByRole('button', { name: 'Edit Portal, reading' }).waitFor();
      const changed = (await admin.get('/api-token')).result.find(({ id }) => id === made.id);
      assert.deepEqual([changed.scope, changed.limits], ['read', {}]);

      await page.getByRole('button', { name: 'Revoke Portal, reading' }).click();
      await confirm(page, 'Portal, reading', 'Revoke');
      await admin.as(secret).refused(401, 'GET', '/integrated-account');
    });

    test('one’s own, revoked, leads to signing in', async (t) => {
      const own = await demo.admin.create('/api-token', { name: 'Own' });
      const { page } = await openDashboard(t, { demo, token: own.token, path: '/tokens' });
      // Until the page of signing in has come, this one stands, without a session, and fails at nothing.
      await page.route(/assets\/SignInPage-/, async (route) => {
        await new Promise((done) => { setTimeout(done, 700); });
        await route.continue();
      });
      await page.getByText('this session').waitFor();
      await page.getByRole('button', { name: 'Revoke Own' }).click();
      await dialog(page).getByText('This session is one of them.').waitFor();
      await dialog(page).getByLabel(/^Type/).fill('Own');
      await dialog(page).getByRole('button', { name: 'Revoke', exact: true }).click();
      await page.getByLabel('API token', { exact: true }).waitFor();
    });
  });

  test('a webhook: its secret once, a test that arrives, its delivery, sent again, disabled, deleted', async (t) => {
    const got = [];
    const receiver = createServer((request, response) => {
      got.push(request.headers['webhook-id']);
      request.resume().on('end', () => response.writeHead(204).end());
    });
    await new Promise((done) => { receiver.listen(0, '127.0.0.1', done); });
    t.after(() => { receiver.closeAllConnections(); receiver.close(); });
    const url = `http://127.0.0.1:${receiver.address().port}/hooks`;

    const { page, admin } = await openDashboard(t, { demo, path: '/webhooks' });
    await page.getByText('No webhook yet').waitFor();
    await page.getByRole('button', { name: 'Create webhook' }).first().click();
    await dialog(page).getByLabel('URL').fill(url);
    await dialog(page).getByRole('checkbox', { name: 'quota.reached' }).check();
    await dialog(page).getByRole('button', { name: 'Create' }).click();
    const secret = await secretOf(page, 'Signing secret');
    assert.match(secret, /^whsec_/);
    await dialog(page).getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('heading', { name: url, level: 1 }).waitFor();
    assert.ok(!(await page.content()).includes(secret));
    const { result: [made] } = await admin.get('/webhook');
    assert.deepEqual(made.events.toSorted(), ['approval.wanted', 'quota.reached']);

    await page.getByText('Nothing sent yet').waitFor();
    await page.getByRole('button', { name: 'Send a test' }).click();
    const row = page.getByRole('row', { name: /webhook\.test/ });
    await row.getByText('delivered').waitFor();
    await row.getByText('204').waitFor();
    await row.getByRole('button', { name: /^Send again: webhook.test/ }).click();
    while (got.length < 2) await page.waitForTimeout(100);
    assert.equal(new Set(got).size, 1, 'the same message again');

    await page.getByRole('button', { name: 'Rotate secret' }).click();
    await dialog(page).getByRole('button', { name: 'Rotate', exact: true }).click();
    assert.notEqual(await secretOf(page, 'Signing secret'), secret);
    await dialog(page).getByRole('button', { name: 'I have it' }).click();
    await page.getByText(/^signs as well, until/).waitFor();
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('button', { name: 'Enable' }).waitFor();
    assert.equal((await admin.get(`/webhook/${made.id}`)).enabled, false);
    await page.getByRole('button', { name: 'Delete' }).click();
    await confirm(page, url, 'Delete');
    await page.getByText('No webhook yet').waitFor();
  });

  test('what a webhook may not be is said in the form, and what was typed stays', async (t) => {
    const { page } = await openDashboard(t, { demo, path: '/webhooks' });
    await page.getByRole('button', { name: 'Create webhook' }).first().click();
    await dialog(page).getByLabel('URL').fill('ftp://example.com/');
    await dialog(page).getByRole('button', { name: 'Create' }).click();
    await dialog(page).getByRole('alert').waitFor();
    assert.equal(await dialog(page).getByRole('textbox', { name: 'URL' }).inputValue(), 'ftp://example.com/');
  });

  test('an environment: made, renamed, its log’s settings, deleted with the name typed and what goes with it', async (t) => {
    const { page, admin } = await openDashboard(t, { demo, path: '/environments' });
    await page.getByRole('button', { name: 'Create environment' }).click();
    await dialog(page).getByLabel('Name').fill('شركة الأمل');
    await dialog(page).getByRole('button', { name: 'Create' }).click();
    await page.getByRole('button', { name: 'Edit شركة الأمل' }).click();
    await dialog(page).getByLabel('Name').fill('Donaudampfschifffahrtsgesellschaft');
    await dialog(page).getByRole('radio', { name: 'values' }).check();
    await dialog(page).getByLabel('Kept for days').fill('30');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await page.getByText('30 days, 1,000,000 entries').waitFor();
    const made = (await admin.get('/environment')).result.find(({ name }) => name === 'Donaudampfschifffahrtsgesellschaft');
    assert.deepEqual(made.audit, { arguments: 'values', keep_days: 30, keep_entries: 1_000_000 });
    await page.getByRole('button', { name: 'Edit Donau' }).click();
    await dialog(page).getByRole('radio', { name: 'all but what is personal' }).check();
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await page.getByText('texts too, but for what is personal').waitFor();
    assert.equal((await admin.get(`/environment/${made.id}`)).audit.arguments, 'all');
    await admin.create('/integrated-account',
      { integration: 'connectwise_psa', name: 'Inside', environment_id: made.id, credentials: demo.credentials });

    await page.getByRole('button', { name: 'Delete Donau' }).click();
    await dialog(page).getByText('1 account, 0 MCP servers').waitFor();
    await confirm(page, made.name, 'Delete');
    await admin.refused(404, 'GET', `/environment/${made.id}`);
    await page.getByText(made.name).waitFor({ state: 'detached' });
  });

  test('an integration: its resources found, its tags, how much is documented', async (t) => {
    const { page, admin } = await openDashboard(t, { demo, path: '/integrations' });
    const known = await admin.get('/integration/connectwise_psa');
    await page.getByRole('link', { name: known.label }).click();
    await page.getByText(/of \d+ methods have a description/).waitFor();
    await page.getByLabel('Tag').selectOption('time');
    const region = page.getByRole('region', { name: 'Resources' });
    await page.waitForURL(/tag=time/);
    const tagged = known.resources.filter(({ tags }) => tags.includes('time'));
    assert.equal(await region.getByRole('row').count(), tagged.length + 1);
    await page.getByLabel('Search').fill('nothing like this');
    await page.getByText('None fits').waitFor();
  });

  describe('what a scope does not allow', () => {
    const kShown = {
      '/tokens': 'Create API token', '/webhooks': 'Create webhook', '/environments': 'Create environment',
    };

    test('is not offered to a token that reads', async (t) => {
      const { token } = await demo.admin.create('/api-token', { name: 'Looks', scope: 'read' });
      const { page, url } = await openDashboard(t, { demo, token, path: '/tokens' });
      for (const [path, button] of Object.entries(kShown)) {
        await page.goto(`${url}/dashboard${path}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await settled(page);
        assert.equal(await page.getByRole('button', { name: button }).count(), 0, path);
        assert.equal(await page.getByRole('button', { name: /^(Edit|Revoke|Delete)/ }).count(), 0, path);
      }
      await page.goto(`${url}/dashboard/approvals`);
      await page.getByText('it needs scope admin').waitFor();
    });

    test('an admin of one environment is offered no other ones', async (t) => {
      const { result: [environment] } = await demo.admin.get('/environment');
      const { token } = await demo.admin.create('/api-token', { name: 'One', environment_id: environment.id });
      const { page } = await openDashboard(t, { demo, token, path: '/environments' });
      await page.getByText(environment.name, { exact: true }).first().waitFor();
      assert.equal(await page.getByRole('button', { name: 'Create environment' }).count(), 0);
    });

    test('nor is the log to one that mints', async (t) => {
      const { token } = await demo.admin.create('/api-token', { name: 'Mints', scope: 'mint' });
      const { page, url } = await openDashboard(t, { demo, token, path: '/log' });
      await page.getByText('It needs scope read or admin.').waitFor();
      await page.goto(`${url}/dashboard/activity`);
      await page.getByText('It needs scope read or admin.').waitFor();
    });
  });
});
