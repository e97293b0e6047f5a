// An account that a person signs in: its connect link, made on the pages and followed to a real authorization server.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AuthorizationServer, Browser, client, writeThings } from '../e2e/harness/authorization_server.mjs';
import { startSandbox, startServe, temporaryFolder } from '../e2e/harness/demo.mjs';
import { axe, openDashboard, settled, shot, sideways } from './harness/browser.mjs';

describe('a connect link', () => {
  let authority, demo, psa;
  const ends = [];
  const kept = { after: (end) => ends.push(end) };
  before(async () => {
    const folder = temporaryFolder(kept);
    authority = await AuthorizationServer.start(kept);
    const { credentials } = await startSandbox(kept);
    const served = await startServe(kept, folder, { args: ['--integrations', writeThings(folder)] });
    authority.register(`${served.url}/oauth/callback`);
    demo = { ...served, admin_url: served.url, api_token: served.token };
    psa = await demo.admin.create('/integrated-account', { integration: 'connectwise_psa', name: 'Of keys', credentials });
  });
  after(async () => { for (const end of ends.reverse()) await end(); });

  let number = 0;
  const stored = () => demo.admin.create('/integrated-account', { integration: 'things', name: `Things ${++number}`,
    credentials: { site: authority.url, ...client } });
  const overview = ({ id }) => `/accounts/${id}/overview`;
  const part = (page) => page.getByRole('region', { name: 'Sign in at Things' });
  const make = (page) => part(page).getByRole('button', { name: 'Make a connect link' });
  const linkOn = async (page) => (await part(page).getByLabel('Connect link', { exact: true }).textContent()).trim();
  async function signIn(url) {
    const browser = new Browser();
    const back = await browser.agree(await browser.open(url, { method: 'POST', form: {} }));
    assert.match(back.text, /is connected/);
  }

  test('after an account is stored: made, copied, followed, and seen to work', async (t) => {
    const { page } = await openDashboard(t, { demo, path: '/accounts/new?integration=things' });
    await page.getByRole('textbox', { name: 'Site' }).fill(authority.url);
    await page.getByRole('textbox', { name: 'Client id' }).fill(client.client_id);
    await page.getByLabel('Client secret').first().fill(client.client_secret);
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Acme things');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByText('Stored: somebody has to sign it in').waitFor();
    await make(page).click();
    await page.getByText('The link is shown this once').waitFor();
    const url = await linkOn(page);
    assert.match(url, /\/connect\/cnl_/);
    await part(page).getByRole('button', { name: 'Copy the link' }).click();
    await part(page).getByRole('button', { name: 'Copied' }).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), url);
    assert.match(await part(page).textContent(), /in 1 hour|in 60 minutes|in 59 minutes/);
    assert.ok((await part(page).textContent()).includes(`${demo.url}/oauth/callback`));
    await signIn(url);
    // Nobody has to load the page anew.
    await page.getByText('Somebody has signed in', { exact: true }).waitFor();
    await page.getByText('Connected: somebody signed it in at Things').waitFor();
    assert.ok(!(await page.content()).includes(url), 'it is gone from the page');
  });

  test('of an account that is there: for as long as was chosen, and once', async (t) => {
    const account = await stored();
    const { page } = await openDashboard(t, { demo, path: overview(account) });
    await part(page).getByLabel('The link holds for').selectOption('7 days');
    await make(page).click();
    const url = await linkOn(page);
    const until = await part(page).locator('time').getAttribute('datetime');
    assert.ok(Math.abs(Date.parse(until) - Date.now() - 7 * 86_400_000) < 60_000, until);
    assert.equal(await make(page).count(), 0);
    await part(page).getByRole('button', { name: 'I have it' }).click();
    await make(page).waitFor();
    assert.ok(!(await page.content()).includes(url));
    await page.reload();
    await make(page).waitFor();
    assert.ok(!(await page.content()).includes(url));
    await signIn(url);
    await page.reload();
    await page.getByText('Active', { exact: true }).waitFor();
    await make(page).waitFor();
  });

  test('while it is made the button says so, and what goes wrong is told, with the way open to another try', async (t) => {
    const account = await stored();
    const { page } = await openDashboard(t, { demo, path: overview(account) });
    await make(page).waitFor();
    let answer;
    await page.route('**/connect-link', async (route) => { answer = route; });
    await make(page).click();
    await page.locator('section button[data-loading]').waitFor();
    while (!answer) await new Promise((done) => { setTimeout(done, 20); });
    await answer.fulfill({ status: 503, contentType: 'application/json', body: JSON.stringify({ statusCode: 503,
      message: 'The database cannot be reached.', details: { code: 'unavailable', hint: 'Try again in a moment.' } }) });
    await part(page).getByRole('alert').getByText('The database cannot be reached.').waitFor();
    await part(page).getByText('Try again in a moment.').waitFor();
    assert.deepEqual(await axe(page), []);
    await page.unroute('**/connect-link');
    await make(page).click();
    assert.match(await linkOn(page), /cnl_/);
    assert.equal(await part(page).getByRole('alert').getByText('The database cannot be reached.').count(), 0);
  });

  test('is offered for no other kind of account, and to nobody who may make none', async (t) => {
    const account = await stored();
    const keys = await openDashboard(t, { demo, path: overview(psa) });
    await keys.page.getByRole('button', { name: 'Probe now' }).waitFor();
    assert.equal(await make(keys.page).count(), 0);
    for (const scope of ['read', 'mint']) {
      const { token } = await demo.admin.create('/api-token', { name: scope, scope });
      const { page } = await openDashboard(t, { demo, token, path: overview(account) });
      await page.getByRole('heading', { name: 'Connection' }).waitFor();
      await settled(page);
      assert.equal(await make(page).count(), 0, scope);
    }
  });

  test('reads well on each screen in both colours', async (t) => {
    const account = await stored();
    const { page } = await openDashboard(t, { demo, path: overview(account) });
    for (const state of ['offered', 'made']) {
      if (state === 'made') await make(page).click();
      if (state === 'made') await part(page).getByLabel('Connect link', { exact: true }).waitFor();
      for (const width of [360, 1280]) {
        for (const colorScheme of ['light', 'dark']) {
          await page.setViewportSize({ width, height: 900 });
          await page.emulateMedia({ colorScheme });
          await settled(page);
          await shot(page, `connect-link-${state}-${width}-${colorScheme}`, { fullPage: true });
          assert.equal(await sideways(page), 0, `${state} at ${width}`);
          assert.deepEqual(await axe(page), [], `${state} at ${width}, ${colorScheme}`);
        }
      }
    }
  });
});
