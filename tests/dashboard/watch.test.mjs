// Flow 4: what AI programs did is seen, narrowed, followed, and taken along.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { startDemo } from '../e2e/harness/demo.mjs';
import { legacyCall, post } from '../e2e/harness/http.mjs';
import { openDashboard, settled } from './harness/browser.mjs';

const kList = 'list_all_connect_wise_psa_tickets';
const kCompanies = 'list_all_connect_wise_psa_companies';
const kNote = 'create_a_connect_wise_psa_ticket_note';
const kReads = 6;

describe('what was called', () => {
  let demo;
  before(async () => {
    demo = await startDemo();
    for (let i = 0; i < kReads; ++i) await call(kList, { limit: 5 });
    await call(kCompanies, { limit: 3 });
    await call(kNote, { ticketId: 5012, internalAnalysisFlag: true, text: 'Looked at it' });
    await call('no_such_tool', {});
  });
  after(() => demo.program.stop());

  const call = (name, args) => post(demo.mcp_url, legacyCall(name, args));
  const tile = (page, name) => page.locator('dl > div', { has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) }).locator('dd');
  const search = (page) => new URL(page.url()).searchParams;
  const rows = (page, label) => page.getByRole('region', { name: label }).getByRole('row');

  // Reads reach the log within a second; the page asks again by itself.
  async function counted(page, calls) {
    await page.waitForFunction((wanted) => [...document.querySelectorAll('dl > div')]
      .some((one) => one.querySelector('dt')?.textContent === 'Calls' && one.querySelector('dd')?.textContent === wanted), String(calls));
  }

  describe('activity', () => {
    test('tells how many calls there were, how many failed, and of which tools', async (t) => {
      const { page, admin } = await openDashboard(t, { demo, path: '/activity' });
      await counted(page, kReads + 3);
      const { totals } = await admin.get('/activity');
      assert.equal(totals.calls, kReads + 3);
      assert.equal(await tile(page, 'Writes').innerText(), String(totals.writes));
      assert.match(await tile(page, 'Failed').innerText(), /^11 %$/);
      assert.match(await tile(page, 'p95').innerText(), / m?s$/);
      for (const chart of ['Calls', 'Error rate', 'Latency']) {
        const drawn = page.locator('section', { has: page.getByRole('heading', { name: chart, exact: true }) });
        await drawn.locator('canvas').waitFor();
        // The same for whoever does not see it.
        await drawn.getByText('As a table').click();
        assert.ok(await drawn.getByRole('row').count() > 2);
      }
      const tools = page.locator('section', { has: page.getByRole('heading', { name: 'Tools', exact: true }) });
      assert.match(await tools.getByRole('button').first().innerText(), new RegExp(kList));
    });

    test('a filter stands in the address, and the back button takes it away', async (t) => {
      const { page } = await openDashboard(t, { demo, path: '/activity' });
      await counted(page, kReads + 3);
      await page.getByRole('button', { name: new RegExp(kList) }).click();
      await counted(page, kReads);
      assert.equal(search(page).get('tool'), kList);
      assert.equal(await page.getByRole('combobox', { name: 'Tool' }).inputValue(), kList);
      await page.reload();
      await counted(page, kReads);
      await page.getByLabel('Outcome').selectOption('failed');
      await page.getByText('No calls in this time').waitFor();
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await counted(page, kReads + 3);
      await page.goBack();
      await page.getByText('No calls in this time').waitFor();
      await page.goBack();
      await counted(page, kReads);
      await page.goBack();
      await counted(page, kReads + 3);
      assert.equal(search(page).get('tool'), null);
    });

    test('a time without calls says so', async (t) => {
      const { page } = await openDashboard(t, { demo, path: '/activity?from=2020-01-01T00:00:00.000Z&to=2020-01-02T00:00:00.000Z' });
      await page.getByText('No calls in this time').waitFor();
      await page.getByLabel('Time', { exact: true }).selectOption('1h');
      await counted(page, kReads + 3);
      assert.equal(search(page).get('from'), null);
    });

    test('is an account’s own in its tab', async (t) => {
      const { page } = await openDashboard(t, { demo, path: `/accounts/${demo.integrated_account_id}/activity` });
      await counted(page, kReads + 3);
    });

    test('the live tail shows a call that is made meanwhile, and stands still when it is told to', async (t) => {
      const { page } = await openDashboard(t, { demo, clock: true, path: `/activity?tool=${kNote}` });
      const latest = rows(page, 'Latest events');
      await latest.nth(1).waitFor();
      const before = await latest.count();
      await call(kNote, { ticketId: 5012, internalAnalysisFlag: true, text: 'Once more' });
      await latest.nth(before).waitFor();
      await page.getByRole('switch', { name: 'Live' }).click();
      await settled(page);
      await call(kNote, { ticketId: 5012, internalAnalysisFlag: true, text: 'Unseen' });
      // Long after it would have looked again.
      await page.clock.runFor(10_000);
      await settled(page);
      assert.equal(await latest.count(), before + 1);
    });
  });

  describe('the log', () => {
    test('narrowed, opened, and found whole', async (t) => {
      const { page, admin } = await openDashboard(t, { demo, path: '/log' });
      await page.getByLabel('Kind').selectOption('write');
      await page.getByLabel('Tool or operation').fill(kNote);
      await page.waitForURL(/tool=create_a/);
      await rows(page, 'Events').nth(1).waitFor();
      const { result: [latest] } = await admin.get(`/log?kind=write&tool=${kNote}&limit=1`);
      await page.getByRole('link', { name: kNote }).first().click();
      await page.getByRole('heading', { name: kNote, level: 1 }).waitFor();
      assert.equal(new URL(page.url()).pathname, `/dashboard/log/${latest.id}`);
      // Where the time went, in words as well as in a picture.
      await page.getByRole('img', { name: /Upstream .+, .*Patchbay .+/ }).waitFor();
      await page.getByText(latest.request_id).waitFor();
      await page.goBack();
      assert.equal(await page.getByLabel('Kind').inputValue(), 'write');

      await page.getByRole('button', { name: 'Verify' }).click();
      const verdict = page.getByRole('dialog');
      await verdict.getByText('Whole').waitFor();
      const { heads } = await admin.get('/log/verify');
      await verdict.getByText(heads[0].link).waitFor();
      await page.keyboard.press('Escape');
      await verdict.waitFor({ state: 'hidden' });
    });

    test('is taken along as a file, with the page’s filters', async (t) => {
      const { page } = await openDashboard(t, { demo, path: `/log?tool=${kList}` });
      await page.getByRole('button', { name: 'Export' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: 'JSON, a line each' }).click(),
      ]);
      const lines = readFileSync(await download.path(), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
      assert.equal(lines.length, kReads);
      assert.ok(lines.every(({ tool }) => tool === kList));
    });

    test('shows further pages as one comes to them', async (t) => {
      for (let i = 0; i < 110; ++i) await call(kCompanies, { limit: 1 });
      const { page } = await openDashboard(t, { demo, path: '/log' });
      await page.getByRole('button', { name: 'Load more' }).waitFor();
      const first = await rows(page, 'Events').last().innerText();
      await page.getByRole('button', { name: 'Load more' }).scrollIntoViewIfNeeded();
      await page.getByRole('button', { name: 'Load more' }).waitFor({ state: 'detached' });
      await page.mouse.move(700, 500);
      await page.mouse.wheel(0, 100_000);
      await settled(page);
      assert.notEqual(await rows(page, 'Events').last().innerText(), first);
    });

    test('an event that there is none of is a word, and not an empty page', async (t) => {
      const { page } = await openDashboard(t, { demo, path: '/log/evt_none' });
      await page.getByRole('alert').waitFor();
    });
  });

  test('what cannot be reached says so, and comes back by a click', async (t) => {
    const { page, context } = await openDashboard(t, { demo, path: '/log' });
    await rows(page, 'Events').nth(1).waitFor();
    await context.route('**/log?*', (route) => route.abort());
    await page.getByLabel('Outcome').selectOption('failed');
    await page.getByRole('alert').filter({ hasText: 'Patchbay cannot be reached' }).waitFor();
    await context.unroute('**/log?*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });
});
