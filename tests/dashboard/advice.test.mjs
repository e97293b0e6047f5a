// What clients make of so many tools: said once, in the words of the page, with a control to follow it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startDemo } from '../e2e/harness/demo.mjs';
import { post } from '../e2e/harness/http.mjs';
import { axe, openDashboard, settled, shot, sideways } from './harness/browser.mjs';

describe('what clients would not take', () => {
  let demo;
  before(async () => { demo = await startDemo(); });
  after(() => demo.program.stop());

  const servers = () => `/accounts/${demo.integrated_account_id}/servers`;
  const kNoPageWords = /config\.|tool_names|tool_exposure|"short"|"discovery"|argument_limits/;

  // Each sentence and each item of a list stands there once, and so does each client's name in the lists.
  async function saidOnce(part) {
    const text = await part.innerText();
    assert.doesNotMatch(text, kNoPageWords);
    const titles = await part.getByRole('note').evaluateAll((all) => all.map((each) => each.innerText.split('\n')[0]));
    assert.deepEqual(titles, ['More than some clients take', 'Names that are too long for some clients']);
    const items = await part.getByRole('note').first().getByRole('listitem').allInnerTexts();
    assert.ok(items.length >= 4, text);
    assert.equal(new Set(items).size, items.length);
    for (const [client] of items.map((item) => item.split(':'))) {
      const sayings = (await part.getByRole('note').first().innerText()).split(client).length - 1;
      assert.equal(sayings, 1, client);
    }
    assert.equal(text.match(/of a window of/g)?.length, 1, 'what it costs is said once');
  }

  async function everything(t, options = {}) {
    const { page } = await openDashboard(t, { demo, path: `${servers()}/new`, ...options });
    await page.getByRole('textbox', { name: /^Name/ }).fill('All of it');
    await page.getByRole('checkbox', { name: /^Read/ }).uncheck();
    const preview = page.getByRole('region', { name: 'What the AI will get' });
    await preview.getByText('Names that are too long for some clients').waitFor();
    await preview.getByText('of a window of').waitFor();
    await settled(page);
    return { page, preview };
  }

  test('while it is put together: each warning once, and gone by its control', async (t) => {
    const { page, preview } = await everything(t);
    await saidOnce(preview);

    await preview.getByRole('button', { name: 'Use short names' }).click();
    await preview.getByText('Names that are too long for some clients').waitFor({ state: 'detached' });
    assert.equal(await page.getByRole('combobox', { name: 'Names of the tools' }).inputValue(), 'Short: tickets_list');
    assert.ok(await preview.evaluate((element) => element === document.activeElement), 'whoever pressed it is still there');

    await preview.getByRole('button', { name: 'Choose tags' }).click();
    assert.ok(await page.getByRole('combobox', { name: 'Tags' }).evaluate((element) => element === document.activeElement));
    await page.keyboard.press('Escape');

    await preview.getByRole('button', { name: 'Let a search find them' }).click();
    await preview.getByText('Every client takes this many.').waitFor();
    assert.equal(await page.getByRole('combobox', { name: 'Exposure' }).inputValue(), 'They are found by a search');
    assert.equal(await preview.getByRole('note').count(), 0);
  });

  test('once it is there: its URL stays on the page while it is put right', async (t) => {
    const { page } = await everything(t);
    await page.getByRole('button', { name: 'Create the MCP server' }).click();
    const url = (await page.getByLabel('MCP URL', { exact: true }).innerText()).trim();
    await page.getByText('Names that are too long for some clients').waitFor();
    assert.doesNotMatch(await page.getByRole('main').innerText(), kNoPageWords);
    assert.equal(await page.getByText('More than some clients take').count(), 1);

    await page.getByRole('button', { name: 'Use short names' }).click();
    await page.getByText('Names that are too long for some clients').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Let a search find them' }).click();
    await page.getByText('Every client takes this many.').waitFor();
    assert.equal((await page.getByLabel('MCP URL', { exact: true }).innerText()).trim(), url);
    const { body } = await post(url, { jsonrpc: '2.0', id: 1, method: 'tools/list' });
    assert.ok(body.result.tools.length < 10);
    const { result } = await demo.admin.get(`/integrated-account/${demo.integrated_account_id}/mcp?name=all%20of%20it`);
    assert.deepEqual([result[0].config.tool_exposure, result[0].config.tool_names], ['discovery', 'short']);
    await page.getByRole('button', { name: 'I have it' }).click();
  });

  test('what cannot be changed is told, and the warning stays', async (t) => {
    const { page } = await everything(t);
    await page.getByRole('button', { name: 'Create the MCP server' }).click();
    await page.getByText('Names that are too long for some clients').waitFor();
    await page.route('**/mcp/*', (route) => (route.request().method() === 'PATCH'
      ? route.fulfill({ status: 503, contentType: 'application/json', body: JSON.stringify({ statusCode: 503,
        message: 'The database cannot be reached.', details: { code: 'unavailable', hint: 'Try again.' } }) })
      : route.continue()));
    await page.getByRole('button', { name: 'Use short names' }).click();
    await page.getByRole('alert').getByText('The database cannot be reached.').waitFor();
    assert.equal(await page.getByText('Names that are too long for some clients').count(), 1);
    await page.unroute('**/mcp/*');
    await page.getByRole('button', { name: 'I have it' }).click();
  });

  test('reads well on each screen in both colours', async (t) => {
    const { page } = await everything(t);
    for (const width of [360, 1280]) {
      for (const colorScheme of ['light', 'dark']) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        await settled(page);
        await shot(page, `advice-${width}-${colorScheme}`, { fullPage: true });
        assert.equal(await sideways(page), 0, `at ${width}`);
        assert.deepEqual(await axe(page), [], `at ${width}, ${colorScheme}`);
      }
    }
  });
});
