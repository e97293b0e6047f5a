// Flow 1: an MCP server from nothing to a client that sees its tools; then changed, paused, given a new URL, deleted.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startDemo } from '../e2e/harness/demo.mjs';
import { snippetsOf } from '../../dashboard/src/pages/servers/clients.ts';
import { post } from '../e2e/harness/http.mjs';
import { openDashboard, settled } from './harness/browser.mjs';

describe('an MCP server', () => {
  let demo;
  before(async () => { demo = await startDemo(); });
  after(() => demo.program.stop());

  const list = () => `/accounts/${demo.integrated_account_id}/servers`;
  const toolCount = async (url) => {
    const { body } = await post(url, { jsonrpc: '2.0', id: 1, method: 'tools/list' });
    return body?.result?.tools.length;
  };

  test('from the list of accounts to a URL that a client opens', async (t) => {
    const { page } = await openDashboard(t, { demo });
    await page.getByRole('navigation').getByRole('link', { name: 'Integrated accounts' }).click();
    await page.getByRole('link', { name: 'Demo MSP (sandbox)' }).click();
    await page.getByRole('link', { name: 'Create MCP server' }).click();
    await page.getByRole('textbox', { name: /^Name/ }).fill('Claude, service desk');

    // The preview follows what is chosen, and warns.
    const preview = page.getByRole('region', { name: 'What the AI will get' });
    await preview.getByText('More than some clients take').waitFor();
    const before = await preview.innerText();
    await page.getByRole('combobox', { name: 'Tags' }).click();
    await page.getByRole('option', { name: 'time', exact: true }).click();
    await page.keyboard.press('Escape');
    await page.waitForFunction((text) => document.querySelector('[aria-labelledby="preview"]').innerText !== text, before);
    await settled(page);
    const shown = Number((await preview.innerText()).match(/^(\d+)\s*\n\s*tools?/m)[1]);

    await page.getByRole('combobox', { name: 'Lifetime' }).click();
    await page.getByRole('option', { name: '30 days' }).click();
    await page.getByRole('button', { name: 'Create the MCP server' }).click();
    await page.getByText('The URL is shown this once').waitFor();
    const url = (await page.getByLabel('MCP URL', { exact: true }).innerText()).trim();
    assert.match(url, /\/mcp\/pbm_[\w-]{43}$/);
    assert.equal(await toolCount(url), shown, 'the preview shows what a client lists');

    await page.getByRole('button', { name: 'Copy the URL' }).click();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), url);
    await page.getByRole('img', { name: 'The MCP URL as a QR code' }).waitFor();

    // A real handshake from the page.
    await page.getByRole('button', { name: 'Test it' }).click();
    await page.getByText(`A client sees ${shown} tool`).waitFor();

    // Gone with the page: neither the address nor the list shows it again.
    await page.getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('heading', { name: 'Claude, service desk' }).waitFor();
    await settled(page);
    assert.ok(!(await page.content()).includes(url.split('/').at(-1)));
  });

  // What each of them is, and that clients read it: snippets.test.mjs.
  test('each client has its own snippet, under a short name that can be another', async (t) => {
    const { page } = await openDashboard(t, { demo, path: `${list()}/new` });
    await page.getByRole('textbox', { name: /^Name/ }).fill('Ops');
    await page.getByRole('button', { name: 'Create the MCP server' }).click();
    const url = (await page.getByLabel('MCP URL', { exact: true }).innerText()).trim();
    const key = page.getByLabel('Its name in the client');
    await key.waitFor();
    assert.equal(await key.inputValue(), 'psa');
    const expected = Object.fromEntries(snippetsOf({ url, key: 'psa', secondFactor: false }).map((one) => [one.label, one]));
    for (const tab of await page.getByRole('tab').allInnerTexts()) {
      if (!expected[tab]) continue;
      await page.getByRole('tab', { name: tab, exact: true }).click();
      assert.equal((await page.getByRole('region', { name: 'To paste' }).innerText()).trim(), expected[tab].code);
      if (expected[tab].link) {
        const { label, href } = expected[tab].link;
        assert.equal(await page.getByRole('link', { name: label }).getAttribute('href'), href);
      }
      delete expected[tab];
    }
    assert.deepEqual(Object.keys(expected), [], 'each is there');
    await key.fill('Ops desk');
    await page.getByRole('tab', { name: 'Cursor', exact: true }).click();
    const { mcpServers } = JSON.parse(await page.getByRole('region', { name: 'To paste' }).innerText());
    assert.deepEqual(mcpServers, { 'ops-desk': { url } });
    await page.getByRole('button', { name: 'I have it' }).click();
  });

  test('held to one company, by its name', async (t) => {
    const [company] = await demo.psa.get('/company/companies', { pageSize: 1, conditions: 'name contains "Acme"', orderBy: 'id asc' });
    assert.ok(company);
    const { page, admin } = await openDashboard(t, { demo, path: `${list()}/new` });
    await page.getByRole('textbox', { name: /^Name/ }).fill('A portal');
    await page.getByText('Limits and approvals').click();
    const field = page.getByRole('combobox', { name: 'Held to one company' });
    const create = page.getByRole('button', { name: 'Create the MCP server' });
    await field.fill(company.name.slice(0, 4));
    await page.getByRole('option', { name: company.name, exact: true }).waitFor();
    assert.ok(await create.isDisabled(), 'a name that is half written holds to nobody');
    await page.getByRole('option', { name: company.name, exact: true }).click();
    await create.click();
    await page.getByText('The URL is shown this once').waitFor();
    await page.getByRole('button', { name: 'I have it' }).click();
    const { result } = await admin.get(`/integrated-account/${demo.integrated_account_id}/mcp?name=a%20portal`);
    assert.deepEqual(result[0].config.argument_limits, { companyId: company.id });
    // Changed, it is by its id, and stays what it was.
    await page.getByRole('button', { name: 'Edit' }).click();
    assert.equal(await page.getByRole('combobox', { name: 'Held to one company' }).inputValue(), String(company.id));
  });

  test('what is refused is said, with what to do, and nothing typed is lost', async (t) => {
    const { page } = await openDashboard(t, { demo, path: `${list()}/new` });
    await page.getByRole('textbox', { name: /^Name/ }).fill('Nowhere');
    await page.getByText('Limits and approvals').click();
    await page.getByRole('combobox', { name: 'Only from these addresses' }).fill('nonsense');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Create the MCP server' }).click();
    await page.locator('form').getByRole('alert').waitFor();
    assert.equal(await page.getByRole('textbox', { name: /^Name/ }).inputValue(), 'Nowhere');
  });

  test('paused, edited, given a new URL, deleted with its name typed', async (t) => {
    const minted = await demo.admin.create(`/integrated-account/${demo.integrated_account_id}/mcp`,
      { name: 'Büro-Kommunikationsassistent', config: { methods: ['read'], tags: ['time'] } });
    const { page } = await openDashboard(t, { demo, path: `${list()}/${minted.id}` });
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused').waitFor();
    assert.equal((await post(minted.url, { jsonrpc: '2.0', id: 1, method: 'tools/list' })).status, 403);
    await page.getByRole('button', { name: 'Serve again' }).click();
    await page.getByText('Serving').waitFor();

    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Write', { exact: false }).first().check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('read, write').waitFor();
    const { config } = await demo.admin.get(`/integrated-account/${demo.integrated_account_id}/mcp/${minted.id}`);
    assert.deepEqual(config, { methods: ['read', 'write'], tags: ['time'] }, 'and nothing else');

    await page.getByRole('button', { name: 'New URL…' }).click();
    await page.getByRole('button', { name: 'Make a new URL' }).click();
    const url = (await page.getByLabel('MCP URL', { exact: true }).innerText()).trim();
    assert.notEqual(url, minted.url);
    assert.equal(await toolCount(minted.url), undefined);
    assert.ok(await toolCount(url) > 0);
    await page.getByRole('button', { name: 'I have it' }).click();

    await page.getByRole('button', { name: 'Delete…' }).click();
    const remove = page.getByRole('button', { name: 'Delete the MCP server' });
    assert.ok(await remove.isDisabled());
    await page.getByLabel(/^Type/).fill('Büro');
    assert.ok(await remove.isDisabled());
    await page.getByLabel(/^Type/).fill('Büro-Kommunikationsassistent');
    await remove.click();
    await page.getByRole('columnheader', { name: 'Last used' }).waitFor();
    assert.equal(await toolCount(url), undefined);
  });

  test('with the second factor a client without a token sees nothing, and with one its tools', async (t) => {
    const { page } = await openDashboard(t, { demo, path: `${list()}/new` });
    await page.getByRole('textbox', { name: /^Name/ }).fill('Two keys');
    await page.getByLabel('Ask for an API token as well').check();
    await page.getByRole('button', { name: 'Create the MCP server' }).click();
    await page.getByRole('button', { name: 'Test it' }).click();
    await page.getByText('The server asks for an API token').waitFor();
    const { token } = await demo.admin.create('/api-token', { name: 'Factor', scope: 'mcp' });
    await page.getByLabel('API token, as the client will send it').fill(token);
    await page.getByRole('button', { name: 'Test it' }).click();
    await page.getByText(/A client sees \d+ tools/).waitFor();
    await page.getByRole('button', { name: 'I have it' }).click();
  });
});
