// Names that are long, right to left, or code; more of everything than fits; a server that answers badly.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startDemo } from '../e2e/harness/demo.mjs';
import { axe, openDashboard, settled, shot, sideways } from './harness/browser.mjs';

const kLong = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';
const kRightToLeft = 'شركة الأمل للتقنية والاستشارات (חברת התקווה)';
const kCode = '<img src=x onerror="window.broken=1"><b>Bold & Sons</b>';
const kMany = 120;

let demo;
const servers = () => `/integrated-account/${demo.integrated_account_id}/mcp`;
before(async () => {
  demo = await startDemo();
  for (const name of [kLong, kRightToLeft, kCode]) {
    await demo.admin.create('/integrated-account', { integration: 'connectwise_psa', name, credentials: demo.credentials });
    await demo.admin.create(servers(), { name, config: { methods: ['read'], tags: ['time'] } });
  }
  for (let at = 0; at < kMany; ++at) await demo.admin.create(servers(), { name: `Server ${at}`, config: { methods: ['read'] } });
});
after(() => demo.program.stop());

for (const width of [360, 1280]) {
  test(`names of every kind break nothing at ${width} px`, async (t) => {
    const { page, url } = await openDashboard(t, { demo, width });
    const { result } = await demo.admin.get(`${servers()}?limit=1000`);
    const odd = result.filter(({ name }) => [kLong, kRightToLeft, kCode].includes(name));
    assert.equal(odd.length, 3);
    const at = `/dashboard/accounts/${demo.integrated_account_id}`;
    let count = 0;
    for (const path of ['/dashboard/accounts', `${at}/servers`, ...odd.map(({ id }) => `${at}/servers/${id}`)]) {
      await page.goto(url + path);
      await settled(page);
      assert.ok(await sideways(page) <= 0, `${path} can be moved sideways`);
      assert.deepEqual(await axe(page), []);
      await shot(page, `strain-${++count}-${width}`);
    }
    assert.equal(await page.evaluate(() => window.broken), undefined, 'a name is a text');
  });
}

test('a long list comes in pages, and none is asked for before it is wanted', async (t) => {
  const { page } = await openDashboard(t, { demo, path: `/accounts/${demo.integrated_account_id}/servers` });
  const rows = page.locator('tbody tr');
  await rows.first().waitFor();
  const first = await rows.count();
  assert.ok(first < kMany);
  await page.getByRole('button', { name: 'Load more' }).click();
  await page.waitForFunction((before) => document.querySelectorAll('tbody tr').length > before, first);
  while (await page.getByRole('button', { name: 'Load more' }).count()) {
    await page.getByRole('button', { name: 'Load more' }).click();
    await settled(page);
  }
  const names = await page.locator('tbody tr td:first-child').allInnerTexts();
  assert.equal(new Set(names).size, names.length, 'each once');
  assert.equal(names.length, (await demo.admin.get(`${servers()}?limit=1000`)).result.length);
});

describe('a server that answers badly', () => {
  test('an error is told with what to do, and another try helps', async (t) => {
    const { page } = await openDashboard(t, { demo });
    await settled(page);
    let isBroken = true;
    await page.route('**/integrated-account?*', (route) => (isBroken
      ? route.fulfill({ status: 503, contentType: 'application/json', body: JSON.stringify({ statusCode: 503, error: 'Service Unavailable',
        message: 'The database cannot be reached.', details: { code: 'unavailable', hint: 'Try again in a moment.' } }) })
      : route.continue()));
    await page.getByRole('link', { name: 'Integrated accounts' }).click();
    await page.getByRole('alert').filter({ hasText: 'The database cannot be reached.' }).waitFor();
    await page.getByText('Try again in a moment.').waitFor();
    isBroken = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: 'Demo MSP (sandbox)' }).waitFor();
  });

  test('a proxy’s page in its place is told as one', async (t) => {
    const { page } = await openDashboard(t, { demo });
    await settled(page);
    await page.route('**/integrated-account?*', (route) => route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad Gateway</h1>' }));
    await page.getByRole('link', { name: 'Integrated accounts' }).click();
    await page.getByText('Look at the reverse proxy.').waitFor();
  });

  test('what was deleted meanwhile is told, and the way back is there', async (t) => {
    const { page } = await openDashboard(t, { demo, path: '/accounts/acc_gone/overview' });
    await page.getByRole('alert').waitFor();
    await page.getByRole('navigation').getByRole('link', { name: 'Integrated accounts' }).click();
    await page.getByRole('link', { name: 'Demo MSP (sandbox)' }).waitFor();
  });
});
