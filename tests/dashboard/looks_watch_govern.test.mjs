// The pages that watch and govern, full, with names that are long, written from right to left, or markup: nothing
// serious for axe, nothing that moves sideways, nothing that a name can do. Of each a picture is kept
// (build/screenshots/) for a person's eyes. Empty, in each theme at each width: looks.test.mjs.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startDemo } from '../e2e/harness/demo.mjs';
import { legacyCall, post } from '../e2e/harness/http.mjs';
import { axe, openDashboard, settled, shot, sideways } from './harness/browser.mjs';

const kNames = [
  'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft',
  'خادم الدعم الفني للمشتركين',
  '<img src=x onerror="document.title=\'taken\'">',
  'n'.repeat(200),
];
const kScreens = [
  { width: 360, height: 780, colorScheme: 'light' },
  { width: 1280, height: 900, colorScheme: 'dark' },
  { width: 2560, height: 1440, colorScheme: 'light' },
];

describe('what watches and governs', () => {
  let demo;
  const places = {};
  before(async () => {
    demo = await startDemo();
    const { admin, integrated_account_id: account } = demo;
    const call = (url, name, args) => post(url, legacyCall(name, args));
    for (const name of kNames) {
      const server = await admin.create(`/integrated-account/${account}/mcp`, { name, config: { require_approval: ['write'] } });
      await call(server.url, 'list_all_connect_wise_psa_tickets', { limit: 3 });
      await call(server.url, 'create_a_connect_wise_psa_ticket_note',
        { ticketId: 5012, internalAnalysisFlag: true, text: `${name}\n${'word '.repeat(60)}` });
      await call(server.url, 'update_a_connect_wise_psa_ticket_by_id', { id: 5012, summary: name.slice(0, 90) });
      await admin.create('/api-token', { name, scope: 'read' });
      await admin.create('/environment', { name });
    }
    const { result: [environment] } = await admin.get('/environment');
    const hook = await admin.create('/webhook', { environment_id: environment.id, description: kNames[0],
      url: `${demo.sandbox_url}/hooks/${'h'.repeat(150)}`, events: ['approval.wanted', 'quota.reached'] });
    await admin.request('POST', `/webhook/${hook.id}/test`);
    const { result: waiting } = await admin.get('/approval?state=pending');
    const { result: [event] } = await admin.get('/log?kind=write&limit=1');
    Object.assign(places, {
      activity: '/activity',
      log: '/log',
      event: `/log/${event.id}`,
      approvals: '/approvals',
      approval: `/approvals/${waiting.find(({ tool }) => tool.startsWith('update')).id}`,
      tokens: '/tokens',
      webhooks: '/webhooks',
      webhook: `/webhooks/${hook.id}`,
      environments: '/environments',
    });
  });
  after(() => demo.program.stop());

  for (const [name, place] of [
    'activity', 'log', 'event', 'approvals', 'approval', 'tokens', 'webhooks', 'webhook', 'environments',
  ].map((each) => [each, () => places[each]])) {
    test(`${name}, full`, async (t) => {
      const { page } = await openDashboard(t, { demo, ...kScreens[0], path: place() });
      await page.getByRole('heading', { level: 1 }).waitFor();
      for (const { width, height, colorScheme } of kScreens) {
        await page.setViewportSize({ width, height });
        await page.emulateMedia({ colorScheme });
        await settled(page);
        assert.deepEqual(await axe(page), [], `at ${width}, ${colorScheme}`);
        assert.ok(await sideways(page) <= 0, `it moves sideways at ${width}`);
        await shot(page, `full-${name}-${width}-${colorScheme}`, { fullPage: true });
      }
      assert.match(await page.title(), / · Patchbay$/, 'no name is more than text');
    });
  }

  test('an approval is found and refused without a mouse', async (t) => {
    const { page } = await openDashboard(t, { demo, path: '/approvals' });
    await page.getByRole('region', { name: 'Approvals' }).waitFor();
    const tabTo = async (what) => {
      for (let i = 0; i < 120; ++i) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate(() => document.activeElement?.textContent ?? '');
        if (at.startsWith(what)) return;
      }
      assert.fail(`the keyboard does not come to "${what}"`);
    };
    await tabTo('Update ticket');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Refuse' }).waitFor();
    await tabTo('Refuse');
    await page.keyboard.press('Enter');
    await page.getByText('It was refused. Nothing was sent.').waitFor();
  });
});
