// A browser that is signed in at a demo of its own; what the pages must never do fails the test.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { chromium } from 'playwright-core';
import { startDemo } from '../../e2e/harness/demo.mjs';

const root = new URL('../../../', import.meta.url).pathname;
const axeSource = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

// One browser a file: it starts in a second, a page in a tenth.
let browser;
async function theBrowser() {
  browser ??= await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    // Chromium's own sandbox refuses to run as root, as continuous integration does.
    args: process.getuid() === 0 ? ['--no-sandbox'] : [],
  });
  return browser;
}
after(async () => { await browser?.close(); });

// Whatever a page says of itself that it must not: faults of its script, violations of its policy.
function watched(page) {
  const faults = [];
  page.on('pageerror', (error) => faults.push(error.stack ?? String(error)));
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    // A status of 400 and above is the answer that a test asks for.
    if (/^Failed to load resource/.test(message.text())) return;
    faults.push(message.text());
  });
  return faults;
}

// {page, context, demo, url, admin, psa, faults}; all of it ends with the test, which fails if the page
// did what it must not. `demo`: one that runs already. `token`: whose session it is, by default the
// demo's; null: nobody's. `path`: below /dashboard.
export async function openDashboard(t, options = {}) {
  const { width = 1280, height = 900, colorScheme = 'light', path = '/' } = options;
  const demo = options.demo ?? await startDemo(t);
  const context = await (await theBrowser()).newContext({
    viewport: { width, height }, colorScheme, locale: 'en-GB', timezoneId: 'Europe/London',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const url = demo.admin_url;
  const token = options.token === undefined ? demo.api_token : options.token;
  if (token !== null) await signIn(context, url, { token });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const faults = watched(page);
  t.after(async () => {
    await context.close();
    assert.deepEqual(faults, [], 'the page did what it must not');
  });
  await page.goto(`${url}/dashboard${path}`);
  return { page, context, demo, url, admin: demo.admin, psa: demo.psa, faults };
}

// Without the form: what most tests need is the session.
export async function signIn(context, url, proof) {
  const answer = await context.request.post(`${url}/session`, { data: proof });
  assert.equal(answer.status(), 201, await answer.text());
  return answer.json();
}

// What axe finds that is serious or worse: [{id, impact, nodes}].
export async function axe(page) {
  // Into the page's own world, past its policy, as an extension would.
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axeSource });
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, impact, nodes }) => ({ id, impact,
        nodes: nodes.slice(0, 5).map(({ html, failureSummary }) => html.slice(0, 200) + ' — ' + failureSummary.slice(0, 300)) })))`,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  return result.value;
}

// By how many pixels a page can be moved sideways: none.
export const sideways = (page) => page.evaluate(() =>
  document.documentElement.scrollWidth - document.documentElement.clientWidth);

// Nothing is under way any more: no skeleton, no request, no movement.
export async function settled(page) {
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
  await page.evaluate(() => Promise.all(document.getAnimations()
    .filter((each) => each.effect?.getTiming().iterations !== Infinity).map((each) => each.finished.catch(() => {}))));
}

const kFolder = join(root, 'build', 'screenshots');

// build/screenshots/<name>.png: an artefact, for a person's eyes.
export async function shot(page, name, options = {}) {
  mkdirSync(kFolder, { recursive: true });
  const path = join(kFolder, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled', ...options });
  return path;
}
