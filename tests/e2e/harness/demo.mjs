// `patchbay demo --json` and `patchbay serve`, as tests use them.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Admin } from './admin.mjs';
import { Program, run } from './process.mjs';
import { Sandbox } from './sandbox.mjs';

// A demo on free ports, with all tools unless tags are given. Give it a test's context, and it ends with that test.
export async function startDemo(t, ...args) {
  const tools = args.includes('--tags') ? [] : ['--all-tools'];
  const program = new Program(
    ['demo', '--json', '--port', '0', '--sandbox-port', '0', ...tools, ...args]);
  t?.after(() => program.stop());
  const line = await program.until('line of JSON', () => program.stdout.match(/^.*\n/)?.[0]);
  const facts = JSON.parse(line);
  return {
    ...facts,
    program,
    psa: new Sandbox(facts.sandbox_url, facts.sandbox),
    admin: new Admin(facts.admin_url, facts.api_token),
    credentials: { site: facts.sandbox_url, ...facts.sandbox },
  };
}

// `patchbay sandbox` by itself.
export async function startSandbox(t, ...args) {
  const program = new Program(['sandbox', '--json', '--port', '0', ...args]);
  t?.after(() => program.stop());
  const { sandbox_url, ...sandbox } = JSON.parse(
    await program.until('line of JSON', () => program.stdout.match(/^.*\n/)?.[0]));
  return { program, psa: new Sandbox(sandbox_url, sandbox),
    credentials: { site: sandbox_url, ...sandbox } };
}

// A folder that goes when the test ends.
export function temporaryFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-e2e-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

// `patchbay serve` on a data folder. The first start of a folder makes its key and its first token.
export async function startServe(t, folder, { args = [], env = {} } = {}) {
  const keyFile = join(folder, 'patchbay.key');
  await run('key', 'new', keyFile);  // fails harmlessly when it is there
  const program = new Program(['serve', '--port', '0', '--data-dir', join(folder, 'data'),
    '--key-file', keyFile, '--allow-loopback-upstreams', ...args], { env });
  t.after(() => program.stop());
  const url = await program.until('address',
    () => program.stderr.match(/"message":"serving".*?"url":"([^"]+)"/)?.[1]);
  const token = readFileSync(join(folder, 'data', 'first-api-token'), 'utf8').trim();
  return { program, url, token, admin: new Admin(url, token) };
}
