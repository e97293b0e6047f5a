// Definitions: an API imported anew, a newer document looked at before it holds, its faults, and the way back.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startDemo } from '../e2e/harness/demo.mjs';
import { axe, openDashboard, settled, shot, sideways } from './harness/browser.mjs';

const list = { responses: { 200: { description: 'records', content: { 'application/json': { schema: {
  type: 'array', items: { type: 'object', properties: { id: { type: 'integer' }, title: { type: 'string' } } },
} } } } } };
const document = (version, ...paths) => ({ openapi: '3.0.3', info: { title: 'Acme', version },
  servers: [{ url: 'https://acme.example' }], paths: Object.fromEntries(paths.map((path) => [path, { get: list }])) });
const choose = (scope, content, name = 'acme.json') => scope.locator('input[type=file]').setInputFiles(
  { name, mimeType: 'application/json', buffer: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)) });

// Nothing serious for axe, nothing sideways, in both themes and on a telephone; with pictures.
async function looksWell(page, name) {
  for (const [width, height] of [[360, 780], [1280, 900], [2560, 1440]]) {
    for (const colorScheme of ['light', 'dark']) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      await page.waitForFunction((scheme) =>
        globalThis.document.documentElement.dataset.mantineColorScheme === scheme, colorScheme);
      await settled(page);
      await shot(page, `${name}-${width}-${colorScheme}`, { fullPage: true });
      assert.ok(await sideways(page) <= 0, `${name} can be moved sideways at ${width}`);
      assert.deepEqual(await axe(page), [], `${name} at ${width}, ${colorScheme}`);
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

describe('a definition', () => {
  let demo;
  before(async () => { demo = await startDemo(); });
  after(() => demo.program.stop());

  test('is made of a document, compared with a newer one, and gone back to', async (t) => {
    const { page, admin } = await openDashboard(t, { demo, path: '/integrations' });
    await page.getByRole('button', { name: 'Import an API' }).click();
    const dialog = page.getByRole('dialog');
    const name = dialog.getByLabel('Name');
    await name.fill('connectwise_psa');
    await dialog.getByText('There is one of that name').waitFor();
    await name.fill('No name');
    await dialog.getByText('It takes a-z').waitFor();
    await name.fill('acme');
    await choose(dialog, document('1', '/tasks', '/notes'));
    await dialog.getByText('2 operations in the document, 2 tools in all.').waitFor();
    await looksWell(page, 'import-new');
    await admin.refused(404, 'GET', '/integration/acme');
    await dialog.getByRole('button', { name: 'Import it', exact: true }).click();
    await page.getByRole('heading', { name: 'Acme', level: 1 }).waitFor();
    await page.getByText('It was imported from an OpenAPI document, as revision 1').waitFor();

    // What breaks is said, and is done only by who has read it.
    await choose(page, document('2', '/tasks'));
    await page.getByText('Some of it breaks').waitFor();
    await page.getByText('list_all_acme_notes').waitFor();
    await looksWell(page, 'import-breaks');
    assert.equal((await admin.get('/integration/acme')).revision, 1);
    await page.getByRole('button', { name: 'Import it, although it breaks' }).click();
    await page.getByText('as revision 2').first().waitFor();
    assert.deepEqual((await admin.get('/integration/acme')).resources.map((one) => one.name), ['tasks']);

    await page.getByRole('button', { name: 'Roll back to revision 1' }).click();
    await dialog.getByText('list_all_acme_notes').waitFor({ state: 'attached' });
    await looksWell(page, 'roll-back');
    await dialog.getByRole('button', { name: 'Roll back', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('as revision 3').first().waitFor();
    const { result } = await admin.get('/integration/acme/revisions');
    assert.deepEqual(result.map(({ revision, is_current }) => [revision, is_current]), [[3, true], [2, false], [1, false]]);
  });

  test('with faults is told with each of them, and changes nothing', async (t) => {
    const { page, admin } = await openDashboard(t, { demo, path: '/integrations/connectwise_psa' });
    const before = await admin.get('/integration/connectwise_psa');
    await choose(page, { openapi: '3.0.3', info: {}, paths: { '/x': { get: {
      responses: { 200: { $ref: 'https://elsewhere.example/x.json' } } } } } });
    const told = page.getByRole('alert').filter({ hasText: 'The document has faults. Nothing was changed.' });
    await told.waitFor();
    assert.ok(await told.getByRole('listitem').count() > 0);
    await looksWell(page, 'import-faults');
    assert.equal(await page.getByRole('button', { name: /^Import it/ }).count(), 0);
    // The next document is looked at for itself.
    await choose(page, document('1', '/extras'));
    await told.waitFor({ state: 'detached' });
    await page.getByText('1 operation in the document').waitFor();
    assert.equal((await admin.get('/integration/connectwise_psa')).revision, before.revision);
  });

  test('names the MCP servers that feel it', async (t) => {
    const made = await demo.admin.create(`/integrated-account/${demo.integrated_account_id}/mcp`,
      { name: 'All of it', config: { methods: ['read'] } });
    const { page } = await openDashboard(t, { demo, path: '/integrations/connectwise_psa' });
    await choose(page, document('1', '/extras'));
    const felt = page.getByRole('listitem').filter({ hasText: made.name });
    await felt.waitFor();
    assert.match(await felt.innerText(), /1 new, 0 gone, 0 changed/);
    await page.getByRole('button', { name: 'Leave it' }).click();
    await felt.waitFor({ state: 'detached' });
  });

  test('is changed by nobody whose token is of one environment', async (t) => {
    const { environment_id } = await demo.admin.get(`/integrated-account/${demo.integrated_account_id}`);
    const own = await demo.admin.create('/api-token', { name: 'Inside', environment_id });
    const { page } = await openDashboard(t, { demo, token: own.token, path: '/integrations' });
    await page.getByRole('heading', { name: 'Integrations', level: 1 }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Import an API' }).count(), 0);
    await page.goto(`${demo.admin_url}/dashboard/integrations/connectwise_psa`);
    await page.getByText('It came with the program').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Choose a document…' }).count(), 0);
  });
});
