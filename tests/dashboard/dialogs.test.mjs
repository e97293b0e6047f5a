// What opens over a page: axe finds nothing serious in it, Escape closes it, and the focus goes back to where it was.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
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

describe('what opens over a page', () => {
  let demo;
  before(async () => {
    demo = await startDemo();
    await demo.admin.create('/environment', { name: kLong });
  });
  after(() => demo.program.stop());

  for (const [path, button, name] of kDialogs) {
    test(name, async (t) => {
      const { page } = await openDashboard(t, { demo, path });
      const opener = page.getByRole('button', { name: button }).first();
      await opener.click();
      await page.getByRole('dialog').waitFor();
      for (const [width, height, colorScheme] of [[360, 780, 'light'], [1280, 900, 'dark']]) {
        await page.setViewportSize({ width, height });
        await page.emulateMedia({ colorScheme });
        await settled(page);
        assert.deepEqual(await axe(page), [], `${width}, ${colorScheme}`);
        assert.ok(await sideways(page) <= 0, `${width} px`);
        await shot(page, `dialog-${name}-${width}-${colorScheme}`);
      }
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      await page.waitForFunction((element) => document.activeElement === element, await opener.elementHandle());
    });
  }
});
