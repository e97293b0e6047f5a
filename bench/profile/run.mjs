// Takes the paths that the budget holds, many times each, on a build that counts what it runs.
//   run.mjs FOLDER: the counts are written there as it ends.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Instance } from '../budget/instance.mjs';
import { paths } from '../budget/paths.mjs';
import { startStub } from '../budget/upstream.mjs';
import { start, stop } from '../lib/processes.mjs';

const kCalls = 2000;
const counts = resolve(process.argv[2]);
const binary = resolve(process.env.PATCHBAY_BIN);
const say = (text) => process.stderr.write(`${text}\n`);
const folder = mkdtempSync(join(tmpdir(), 'patchbay-profile-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const nowhere = { LLVM_PROFILE_FILE: '/dev/null' };
const { child: sandboxProcess, value: sandbox } = await start('0-1023', binary,
  ['sandbox', '--port', '0', '--json'], { env: nowhere,
    ready: (output) => { try { return JSON.parse(output); } catch { return undefined; } } });
const stubs = [await startStub({ whole: true }), await startStub({ whole: false })];
const [key, data] = [join(folder, 'patchbay.key'), join(folder, 'data')];
execFileSync(binary, ['key', 'new', key], { env: { ...process.env, ...nowhere } });
const { child, value: url } = await start('0-1023', binary, ['serve', '--port', '0', '--data-dir', data,
  '--key-file', key, '--allow-loopback-upstreams', '--loops', '1'], {
  env: { LLVM_PROFILE_FILE: join(counts, 'serve.profraw') },
  ready: (output) => output.match(/"message":"serving".*?"url":"([^"]+)"/)?.[1] });
const program = Object.assign(new Instance(), { child, url,
  token: readFileSync(join(data, 'first-api-token'), 'utf8').trim() });

const all = await paths(program, { whole: stubs[0].origin, chosen: stubs[1].origin, sandbox });
for (const [name, { request, check, status = 200 }] of Object.entries(all)) {
  say(`  ${name}`);
  for (let i = 0; i < kCalls; ++i) {
    const answer = await program.send(request());
    if (answer.status === status && check(answer.text)) continue;
    throw new Error(`${name}: not the expected answer: ${answer.status} ${answer.text.slice(0, 1000)}`);
  }
}
await Promise.all([program.stop(), stop(sandboxProcess)]);
for (const stub of stubs) stub.close();
