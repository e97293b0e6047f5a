// Coming in and going out: by token, by link, back to where one was; what a scope does not allow is not offered.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { startDemo, startServe, temporaryFolder } from '../e2e/harness/demo.mjs';
import { openDashboard } from './harness/browser.mjs';

describe('a session', () => {
  let demo;
  before(async () => { demo = await startDemo(); });
  after(() => demo.program.stop());

  const form = (page) => page.getByLabel('API token', { exact: true });

  describe('signing in', () => {
    test('a browser at / is led to the sign-in page, and by a token to the home page', async (t) => {
      const { page, url } = await openDashboard(t, { demo, token: null });
      await page.goto(url);
      await form(page).fill('pba_wrong');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').waitFor();
      await form(page).fill(demo.api_token);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
      assert.equal(new URL(page.url()).pathname, '/dashboard/');
      const cookie = (await page.context().cookies()).find(({ name }) => name === 'patchbay_session');
      assert.ok(cookie.httpOnly);
      assert.equal(cookie.sameSite, 'Strict');
    });

    test('a deep link is kept through signing in, with its parameters', async (t) => {
      const account = demo.integrated_account_id;
      const { page } = await openDashboard(t, { demo, token: null, path: `/accounts/${account}/tools?q=open+tickets` });
      await form(page).fill(demo.api_token);
      await page.keyboard.press('Enter');
      await page.getByLabel('Look for a tool').waitFor();
      assert.equal(await page.getByLabel('Look for a tool').inputValue(), 'open tickets');
    });

    test('what the way back names is never another site', async (t) => {
      for (const to of ['//evil.example/', '/\\evil.example', 'https://evil.example/']) {
        const { page, url } = await openDashboard(t, { demo, token: null, path: `/sign-in?to=${encodeURIComponent(to)}` });
        await form(page).fill(demo.api_token);
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
        assert.equal(new URL(page.url()).origin, url);
      }
    });

    test('the link of the demo works once, and does not stay in the address', async (t) => {
      const own = await startDemo(t);
      const { page } = await openDashboard(t, { demo: own, token: null });
      assert.match(own.dashboard_url, /\/dashboard\/sign-in#link=/);
      await page.goto('about:blank');
      await page.goto(own.dashboard_url);
      await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
      assert.ok(!page.url().includes('link='));
      const again = await openDashboard(t, { demo: own, token: null });
      await again.page.goto('about:blank');
      await again.page.goto(own.dashboard_url);
      await again.page.getByRole('alert').waitFor();
      assert.ok(!again.page.url().includes('link='));
    });
  });

  test('over TLS the cookie is this host’s own, and never sent in the clear', async (t) => {
    const folder = temporaryFolder(t);
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
      '-days', '2', '-keyout', join(folder, 'tls.key'), '-out', join(folder, 'tls.pem'), '-subj', '/CN=localhost',
      '-addext', 'subjectAltName=IP:127.0.0.1'], { stdio: 'ignore' });
    const { url, token } = await startServe(t, folder,
      { args: ['--tls-cert', join(folder, 'tls.pem'), '--tls-key', join(folder, 'tls.key')] });
    assert.match(url, /^https:/);
    const { page, context } = await openDashboard(t, { demo: { admin_url: url }, token: null, ignoreHTTPSErrors: true });
    await form(page).fill(token);
    await page.keyboard.press('Enter');
    await page.getByText('Nothing is connected yet').waitFor();
    const [cookie] = await context.cookies();
    assert.match(cookie.value, /^pbs_/);
    assert.deepEqual([cookie.name, cookie.secure, cookie.httpOnly, cookie.sameSite, cookie.path, cookie.domain],
      ['__Host-patchbay_session', true, true, 'Strict', '/', '127.0.0.1']);
    assert.equal(await page.evaluate(() => document.cookie), '', 'no script reads it');
  });

  describe('a session that ends', () => {
    test('leads to the sign-in page, says so, and back', async (t) => {
      const made = await demo.admin.create('/api-token', { name: 'Short' });
      const { page } = await openDashboard(t, { demo, token: made.token, path: '/accounts' });
      await page.getByRole('heading', { name: 'Integrated accounts', level: 1 }).waitFor();
      await demo.admin.remove(`/api-token/${made.id}`);
      await page.getByRole('link', { name: 'Demo MSP (sandbox)' }).click();
      await page.getByText('Your session has ended').waitFor();
      await form(page).fill(demo.api_token);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Demo MSP (sandbox)', level: 1 }).waitFor();
    });

    test('in another tab ends here too', async (t) => {
      const { page, context, url } = await openDashboard(t, { demo, own: true, path: '/accounts' });
      await page.getByRole('link', { name: 'Demo MSP (sandbox)' }).waitFor();
      const other = await context.newPage();
      await other.goto(`${url}/dashboard/`);
      await other.getByRole('button', { name: 'Your session' }).click();
      await other.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
      await form(other).waitFor();
      await page.getByRole('link', { name: 'Demo MSP (sandbox)' }).click();
      await page.getByText('Your session has ended').waitFor();
    });
  });

  describe('what a scope does not allow is not offered', () => {
    test('a token that reads: no button that changes', async (t) => {
      const { token } = await demo.admin.create('/api-token', { name: 'Looks', scope: 'read' });
      const { page } = await openDashboard(t, { demo, token, path: '/accounts' });
      await page.getByRole('link', { name: 'Demo MSP (sandbox)' }).click();
      await page.getByRole('columnheader', { name: 'Last used' }).waitFor();
      assert.equal(await page.getByRole('link', { name: 'Create MCP server' }).count(), 0);
      assert.equal(await page.getByRole('link', { name: 'Approvals' }).count(), 0);
    });

    test('a token that mints: accounts and servers, and no more', async (t) => {
      const { token } = await demo.admin.create('/api-token', { name: 'Mints', scope: 'mint' });
      const { page } = await openDashboard(t, { demo, token });
      await page.getByText('This token mints MCP servers').waitFor();
      assert.equal(await page.getByRole('navigation').getByRole('link', { name: 'Audit log' }).count(), 0);
      await page.getByRole('link', { name: 'To the integrated accounts' }).click();
      await page.getByRole('link', { name: 'Demo MSP (sandbox)' }).click();
      await page.getByRole('link', { name: 'Create MCP server' }).waitFor();
    });
  });

  test('Ctrl K goes to a page by a few letters, with the keyboard alone', async (t) => {
    const { page } = await openDashboard(t, { demo });
    await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
    // Whoever knows the keys does not wait for what they open.
    await page.keyboard.press('Control+K');
    await page.keyboard.type('try tools demo');
    assert.equal(await page.getByRole('combobox', { name: /Go to a page/ }).inputValue(), 'try tools demo');
    await page.getByRole('option', { name: /Try the tools/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByLabel('Look for a tool').waitFor();
  });
});
