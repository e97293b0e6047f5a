// What opens over a page: axe finds nothing serious in it, Escape closes it, and the focus goes back to where it was.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startDemo } from '../e2e/harness/demo.mjs';
import { axe, openDashboard, settled, shot, sideways } from './harness/browser.mjs';

const kLong = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';
// Its page, what opens it, and the name of its picture.
const kDialogs = [
  ['/tokens', 'Create API token', 'token'],
  ['/webhooks', 'Create webhook', 'webhook'],
  ['/environments', 'Create environment', 'environment'],
  ['/environments', /^Edit Donau/, 'settings'],
  ['/environments', /^Delete Donau/, 'delete'],
  ['/log', 'Verify', 'verify'],
];

let demo;
before(async () => {
  demo = await startDemo();
  await demo.admin.create('/environment', { name: kLong });
});
after(() => demo.program.stop());

for (const [width, height, colorScheme] of [[360, 780, 'light'], [1280, 900, 'dark']]) {
  test(`dialogs at ${width} px, ${colorScheme}`, async (t) => {
    const { page, url } = await openDashboard(t, { demo, width, height, colorScheme, path: '/tokens' });
    for (const [path, button, name] of kDialogs) {
      await page.goto(`${url}/dashboard${path}`);
      const opener = page.getByRole('button', { name: button }).first();
      await opener.click();
      await page.getByRole('dialog').waitFor();
      await settled(page);
      assert.deepEqual(await axe(page), [], name);
      assert.ok(await sideways(page) <= 0, name);
      await shot(page, `dialog-${name}-${width}-${colorScheme}`);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      await page.waitForFunction((element) => document.activeElement === element, await opener.elementHandle());
    }
  });
}
