// Names that are long, right to left, or code; more of everything than fits; a server that answers badly.
import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { startDemo } from '../e2e/harness/demo.mjs';
import { axe, openDashboard, settled, shot, sideways } from './harness/browser.mjs';

const kLong = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';
const kRightToLeft = 'شركة الأمل للتقنية والاستشارات (חברת התקווה)';
const kCode = '<img src=x onerror="window.broken=1"><b>Bold & Sons</b>';
const kMany = 10_000;
const kFar = 1_000; // rows down

describe('under strain', () => {
  let demo;
  let seeded;
  const odd = [];
  const servers = () => `/integrated-account/${demo.integrated_account_id}/mcp`;
  before(async () => {
    demo = await startDemo();
    for (const name of [kLong, kRightToLeft, kCode]) {
      await demo.admin.create('/integrated-account', { integration: 'connectwise_psa', name, credentials: demo.credentials });
      odd.push((await demo.admin.create(servers(), { name, config: { methods: ['read'], tags: ['time'] } })).id);
    }
  });
  // In as many hands as keep the server busy, by a client that costs little itself.
  async function seed() {
    const agent = new Agent({ keepAlive: true, maxSockets: 16 });
    const headers = { authorization: `Bearer ${demo.api_token}`, 'content-type': 'application/json' };
    const create = (body) => new Promise((done, fail) => {
      request(demo.admin_url + servers(), { method: 'POST', agent, headers }, (answer) => {
        assert.equal(answer.statusCode, 201);
        answer.resume().on('end', done);
      }).on('error', fail).end(JSON.stringify(body));
    });
    let next = 0;
    await Promise.all(Array.from({ length: 16 }, async () => {
      while (next < kMany) await create({ name: `Server ${next++}`, config: { methods: ['read'], tags: ['time'] } });
    }));
    agent.destroy();
  }
  after(() => demo.program.stop());

  test('names of every kind break nothing', async (t) => {
    const { page, url } = await openDashboard(t, { demo });
    const at = `/dashboard/accounts/${demo.integrated_account_id}`;
    let count = 0;
    for (const path of ['/dashboard/accounts', `${at}/servers`, ...odd.map((id) => `${at}/servers/${id}`)]) {
      await page.goto(url + path);
      ++count;
      for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        await settled(page);
        assert.ok(await sideways(page) <= 0, `${path} can be moved sideways at ${width}`);
        assert.deepEqual(await axe(page), []);
        await shot(page, `strain-${count}-${width}`);
      }
    }
    assert.equal(await page.evaluate(() => window.broken), undefined, 'a name is a text');
  });

  test('ten thousand servers: one is found by its name, and far down the page is as light as at its top', async (t) => {
    await seed();
    const { result } = await demo.admin.get(`${servers()}?limit=${kFar}`);
    const wanted = result.map(({ name }) => name);
    const far = wanted.at(-1);
    const { page } = await openDashboard(t, { demo, path: `/accounts/${demo.integrated_account_id}/servers` });
    const link = (name) => page.getByRole('link', { name, exact: true });
    await link(wanted[0]).waitFor();

    const search = page.getByLabel('Search by name');
    await search.fill('server 4321');
    await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
    await link('Server 4321').waitFor();
    assert.equal(new URL(page.url()).searchParams.get('name'), 'server 4321');
    await search.fill('no such server');
    await page.getByText('None has that in its name').waitFor();
    await search.fill('');
    await link(wanted[0]).waitFor();

    // A page comes as its place comes near; no row is left out, and none asked for twice.
    const seen = new Set();
    const asked = [];
    page.on('request', (request) => { if (/\/mcp\?/.test(request.url())) asked.push(request.url()); });
    const rows = () => page.locator('tbody td:first-child a').allInnerTexts();
    for (let i = 0; i < 200 && !seen.has(far); ++i) {
      await page.mouse.wheel(0, 800);
      await settled(page);
      for (const name of await rows()) seen.add(name);
    }
    assert.deepEqual(wanted.filter((name) => !seen.has(name)), [], 'each was there');
    assert.ok((await rows()).length < 100, `${(await rows()).length} rows are there at once`);
    assert.equal(new Set(asked).size, asked.length, 'each page is asked for once');
    assert.ok(asked.length <= kFar / 100 + 2, `${asked.length} pages were asked for`);
    assert.ok(await sideways(page) <= 0);
    assert.deepEqual(await axe(page), []);

    // What has the focus stays while the page moves away from it.
    await link(far).focus();
    await page.mouse.wheel(0, -20_000);
    await settled(page);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), far);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: far }).waitFor();
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
});
