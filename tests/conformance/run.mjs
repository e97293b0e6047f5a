// Runs the suite's jobs one after the other, each against a server of its own kind, and adds up
// their checks. A job fails when the suite says so by its exit status.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const binary = process.env.PATCHBAY_BIN;
const current = 'node_modules/@modelcontextprotocol/conformance/dist/index.js';
const older = 'node_modules/conformance-0.1/dist/index.js';
// Of the current revision, what a server with tools and no fixtures is measured by.
const production = ['server-stateless', 'tools-list', 'server-sse-multiple-streams',
  'sep-2164-resource-not-found', 'dns-rebinding-protection', 'http-header-validation'];

const jobs = [
  { name: '2026-07-28', suite: current, server: 'fixtures', args: ['--requirements', '2026-07-28'] },
  { name: '2025-11-25', suite: current, server: 'fixtures', args: ['--requirements', '2025-11-25'] },
  { name: '0.1.16', suite: older, server: 'fixtures', args: ['--suite', 'active'] },
  ...production.map((scenario) => ({ name: `production ${scenario}`, suite: current, server: 'production',
    args: ['--scenario', scenario, '--spec-version', '2026-07-28',
      '--expected-failures', 'production-baseline.yml'] })),
];

const scratch = await mkdtemp(join(tmpdir(), 'patchbay-conformance-'));
const running = [];

// Waits for a line of output that `find` makes something of.
function start(args, env, find) {
  const child = spawn(binary, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`${args[0]} did not start:\n${text}`)), 30_000);
    const look = (chunk) => {
      text += chunk;
      for (const line of text.split('\n')) {
        const found = find(line);
        if (found) { clearTimeout(timer); resolve(found); }
      }
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.on('exit', (code) => { clearTimeout(timer); reject(new Error(`exit ${code}:\n${text}`)); });
  });
}

const parsed = (line) => { try { return JSON.parse(line); } catch { return undefined; } };
const servers = {
  fixtures: () => start(['serve', '--port', '0', '--data-dir', scratch, '--conformance-fixtures'],
    { PATCHBAY_KEY: randomBytes(32).toString('base64') },
    (line) => parsed(line)?.url && `${parsed(line).url}/mcp/conformance-fixtures`),
  production: () => start(['demo', '--json', '--port', '0', '--sandbox-port', '0'], {},
    (line) => parsed(line)?.mcp_url),
};

function runSuite(job, url) {
  const out = join(scratch, job.name.replace(/\W/g, '-'));
  const child = spawn(process.execPath, [job.suite, 'server', '--url', url, ...job.args, '-o', out]);
  let text = '';
  child.stdout.on('data', (chunk) => { text += chunk; });
  child.stderr.on('data', (chunk) => { text += chunk; });
  return new Promise((resolve) => child.on('exit', (status) => resolve({ status, text })));
}

// The suite tells "✓ scenario: 3 passed, 1 failed"; scenarios that it does not score are listed after
// "Not scored". A single scenario tells "Passed: 3/4, 1 failed".
function count(text) {
  const unscored = new Set([...text.split('Not scored')[1]?.matchAll(/[✓✗] (\S+)/g) ?? []].map((m) => m[1]));
  const sum = { passed: 0, failed: 0, scenarios: 0 };
  for (const [, name, passed, failed] of text.matchAll(/[✓✗~] ([\w.-]+): (\d+) passed, (\d+) failed/g)) {
    if (unscored.has(name)) continue;
    sum.scenarios += 1;
    sum.passed += Number(passed);
    sum.failed += Number(failed);
  }
  if (sum.scenarios === 0) {
    const single = text.match(/Passed: (\d+)\/\d+, (\d+) failed/);
    if (single) Object.assign(sum, { scenarios: 1, passed: Number(single[1]), failed: 0 });
  }
  return sum;
}

let passed = 0;
let failed = 0;
try {
  const wanted = process.argv.slice(2);
  const urls = {};
  for (const job of jobs.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    urls[job.server] ??= await servers[job.server]();
    const { status, text } = await runSuite(job, urls[job.server]);
    const sum = count(text);
    passed += sum.passed;
    failed += status === 0 ? 0 : Math.max(1, sum.failed);
    const verdict = status === 0 ? '' : `, ${sum.failed} FAILED (exit ${status})`;
    console.log(`  ${job.name.padEnd(40)} ${sum.scenarios} scenarios, ${sum.passed} checks passed${verdict}`);
    if (status !== 0) console.log(text);
  }
} catch (error) {
  console.error(error.message);
  failed += 1;
} finally {
  for (const child of running) {
    child.removeAllListeners('exit');
    child.kill('SIGTERM');
  }
  await rm(scratch, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
