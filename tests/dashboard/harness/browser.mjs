// A browser that is signed in at a demo; what the pages must never do fails the test.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { chromium } from 'playwright-core';
import { startDemo } from '../../e2e/harness/demo.mjs';

const root = new URL('../../../', import.meta.url).pathname;
const axeSource = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

// One browser for all files, which run in one process: it starts in a second, a page in a tenth.
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

// What of a page is on its way at this moment, by page.
const underWay = new WeakMap();
function watchRequests(page) {
  const requests = new Set();
  underWay.set(page, requests);
  page.on('request', (request) => requests.add(request));
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => requests.delete(request));
}

async function newContext({ ignoreHTTPSErrors } = {}) {
  return (await theBrowser()).newContext({ ignoreHTTPSErrors,
    locale: 'en-GB', timezoneId: 'Europe/London', permissions: ['clipboard-read', 'clipboard-write'] });
}

// Sessions that tests share, by demo and token: scripts that one has loaded need not come again for the next.
const sessions = new Map();
async function sharedSession(url, token) {
  const key = `${url} ${token}`;
  let session = sessions.get(key);
  if (!session) {
    session = newContext().then(async (context) => {
      await signIn(context, url, { token });
      return context;
    });
    sessions.set(key, session);
  }
  return session;
}

// {page, context, demo, url, admin, psa, faults}; the page ends with the test, which fails if it did what it must
// not. `demo`: one that runs already. `token`: whose session it is, by default the demo's; null: nobody's. `own`: the
// session is no other test's, as one that is ended must be. `clock`: the page's time can be moved on (page.clock).
// `path`: below /dashboard. `ignoreHTTPSErrors`: a certificate that nobody vouches for will do.
export async function openDashboard(t, options = {}) {
  const { width = 1280, height = 900, colorScheme = 'light', path = '/' } = options;
  const demo = options.demo ?? await startDemo(t);
  const url = demo.admin_url;
  const token = options.token === undefined ? demo.api_token : options.token;
  const isOwn = options.own || token === null || !options.demo;
  const context = isOwn ? await newContext(options) : await sharedSession(url, token);
  if (isOwn && token !== null) await signIn(context, url, { token });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme });
  if (options.clock) await page.clock.install();
  const faults = watched(page);
  watchRequests(page);
  t.after(async () => {
    await (isOwn ? context : page).close();
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
  // Into the page's own world, past its policy, as an extension would; once a document.
  const session = await page.context().newCDPSession(page);
  const evaluate = async (expression) => (await session.send('Runtime.evaluate',
    { expression, awaitPromise: true, returnByValue: true })).result.value;
  if (await evaluate('typeof axe') === 'undefined') await session.send('Runtime.evaluate', { expression: axeSource });
  const found = await evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, nodes }) => ({ id, impact,
      nodes: nodes.slice(0, 5).map(({ html, failureSummary }) => html.slice(0, 200) + ' — ' + failureSummary.slice(0, 300)) })))`);
  await session.detach();
  assert.ok(Array.isArray(found), 'axe has looked');
  return found;
}

// By how many pixels a page, or a table in it, can be moved sideways: none. What has to be moved is not seen.
export const sideways = (page) => page.evaluate(() =>
  Math.max(...[document.documentElement, ...document.querySelectorAll('.table-scroll')]
    .map((each) => each.scrollWidth - each.clientWidth)));

// Nothing is under way any more: no skeleton, no request, no movement; twice, since what has come may ask for more.
export async function settled(page) {
  await page.waitForLoadState('load');
  const until = Date.now() + 30_000;
  for (let quiet = 0; quiet < 2;) {
    const isStill = await page.evaluate(async () => {
      const frame = () => new Promise((done) => { requestAnimationFrame(done); setTimeout(done, 100); });
      await frame();
      await frame();
      // By what is under way now: of a transition that another took the place of, Chromium may never tell the end.
      const moves = () => document.getAnimations()
        .some((each) => each.playState === 'running' && each.effect?.getTiming().iterations !== Infinity);
      for (let i = 0; i < 20 && moves(); ++i) await frame();
      return !moves() && document.querySelector('h1, h2') !== null && document.querySelector('[aria-busy="true"]') === null;
    });
    quiet = isStill && underWay.get(page).size === 0 ? quiet + 1 : 0;
    if (quiet === 0) await new Promise((done) => { setTimeout(done, 20); });
    const waitsFor = () => [...underWay.get(page)].map((request) => request.url());
    assert.ok(quiet > 0 || Date.now() < until, `the page does not come to rest: ${waitsFor()}`);
  }
}

const kFolder = join(root, 'build', 'screenshots');

// build/screenshots/<name>.png: an artefact, for a person's eyes.
export async function shot(page, name, options = {}) {
  mkdirSync(kFolder, { recursive: true });
  const path = join(kFolder, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled', ...options });
  return path;
}
