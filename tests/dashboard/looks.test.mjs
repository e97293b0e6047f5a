// Every page at three widths in both themes: nothing serious for axe, nothing sideways, a screenshot for a
// person's eyes (build/screenshots); and what the first page weighs.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startDemo } from '../e2e/harness/demo.mjs';
import { axe, openDashboard, settled, shot, sideways } from './harness/browser.mjs';

describe('every page', () => {
  let demo;
  let minted;
  before(async () => {
    demo = await startDemo();
    minted = await demo.admin.create(`/integrated-account/${demo.integrated_account_id}/mcp`,
      { name: 'Claude, service desk', config: { methods: ['read'], tags: ['time'], require_approval: ['delete'] } });
  });
  after(() => demo.program.stop());

  const account = () => `/accounts/${demo.integrated_account_id}`;
  const pages = {
    home: () => '/',
    accounts: () => '/accounts',
    connect: () => '/accounts/new',
    account: () => `${account()}/overview`,
    servers: () => `${account()}/servers`,
    mint: () => `${account()}/servers/new`,
    server: () => `${account()}/servers/${minted.id}`,
    tools: () => `${account()}/tools?q=open+tickets`,
    tool: () => `${account()}/tools?tool=create_a_connect_wise_psa_ticket`,
    'account-activity': () => `${account()}/activity`,
    activity: () => '/activity',
    log: () => '/log',
    approvals: () => '/approvals',
    integrations: () => '/integrations',
    integration: () => '/integrations/connectwise_psa',
    tokens: () => '/tokens',
    webhooks: () => '/webhooks',
    environments: () => '/environments',
    nowhere: () => '/no/such/page',
  };

  const kScreens = [[360, 780], [1280, 900], [2560, 1440]].flatMap(([width, height]) =>
    ['light', 'dark'].map((colorScheme) => ({ width, height, colorScheme })));

  // What is wrong with a page that is open, on each screen in turn: it follows the window and the colours as they
  // change, as it does when somebody turns a telephone.
  async function looked(page, name) {
    const wrong = [];
    for (const { width, height, colorScheme } of kScreens) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      await page.waitForFunction((scheme) => document.documentElement.dataset.mantineColorScheme === scheme, colorScheme);
      await settled(page);
      await shot(page, `${name}-${width}-${colorScheme}`);
      if (await sideways(page) > 0) wrong.push(`${name} can be moved sideways at ${width}`);
      for (const { id, nodes } of await axe(page)) {
        wrong.push(`${name} at ${width}, ${colorScheme}: ${id}: ${nodes.join('\n  ')}`);
      }
    }
    return wrong;
  }

  describe('on each screen in both colours', () => {
    for (const [name, path] of Object.entries(pages)) {
      test(name, async (t) => {
        const { page } = await openDashboard(t, { demo, path: path() });
        assert.deepEqual(await looked(page, name), []);
      });
    }

    test('the sign-in page', async (t) => {
      const { page } = await openDashboard(t, { demo, token: null });
      await page.getByLabel('API token', { exact: true }).waitFor();
      assert.deepEqual(await looked(page, 'sign-in'), []);
    });

    test('a dialog', async (t) => {
      const { page } = await openDashboard(t, { demo, path: `${account()}/overview` });
      await page.getByRole('button', { name: 'Delete…' }).click();
      await page.getByLabel(/^Type/).waitFor();
      assert.deepEqual(await looked(page, 'dialog'), []);
    });

    test('the palette', async (t) => {
      const { page } = await openDashboard(t, { demo });
      await settled(page);
      await page.keyboard.press('Control+K');
      await page.getByRole('option').first().waitFor();
      assert.deepEqual(await looked(page, 'palette'), []);
    });
  });

  describe('what the first page weighs', () => {
    // What came over the wire for each script, compressed as it was sent.
    async function scriptBytes(page, go) {
      const session = await page.context().newCDPSession(page);
      const scripts = new Map();
      await session.send('Network.enable');
      await session.send('Network.setCacheDisabled', { cacheDisabled: true });
      session.on('Network.responseReceived', ({ requestId, type, response }) => {
        if (type === 'Script') scripts.set(requestId, { url: response.url, bytes: 0 });
      });
      session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
        if (scripts.has(requestId)) scripts.get(requestId).bytes = encodedDataLength;
      });
      await go();
      await settled(page);
      return [...scripts.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    }

    for (const [name, token] of [['sign-in page', null], ['home page', undefined]]) {
      test(`the ${name} is under 250 KB of compressed script`, async (t) => {
        const { page, url } = await openDashboard(t, { demo, token, own: true, path: '/sign-in' });
        await page.goto('about:blank');
        const bytes = await scriptBytes(page, () => page.goto(`${url}/dashboard/`));
        t.diagnostic(`${(bytes / 1000).toFixed(1)} KB of script`);
        assert.ok(bytes > 50_000, 'the scripts were seen');
        assert.ok(bytes < 250_000, `${bytes} bytes`);
      });
    }

    test('over Fast 3G something is painted before the script has come', async (t) => {
      const { page, url, context } = await openDashboard(t, { demo, token: null, path: '/sign-in' });
      await page.goto('about:blank');
      const session = await context.newCDPSession(page);
      await session.send('Network.enable');
      await session.send('Network.setCacheDisabled', { cacheDisabled: true });
      // As Chromium's own "Fast 3G": 1.6 Mbit/s less a tenth, and 562.5 ms there and back.
      await session.send('Network.emulateNetworkConditions',
        { offline: false, latency: 562.5, downloadThroughput: 180_000, uploadThroughput: 84_375 });
      await page.goto(`${url}/dashboard/`);
      await page.getByLabel('API token', { exact: true }).waitFor();
      const { paint, script } = await page.evaluate(() => ({
        paint: performance.getEntriesByName('first-paint')[0].startTime,
        script: performance.getEntriesByType('resource').find(({ initiatorType }) => initiatorType === 'script').responseEnd,
      }));
      const usable = await page.evaluate(() => performance.now());
      t.diagnostic(`first paint after ${Math.round(paint)} ms, the sign-in page after ${Math.round(usable)} ms at most`);
      assert.ok(paint < script);
    });
  });
});
