// What a start costs: processor time until it serves, and instructions, which other work on the machine does not change.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { processorTime, start, stop } from '../lib/processes.mjs';
import { aligned } from '../lib/table.mjs';

const { values: options, positionals: [document] } = parseArgs({ allowPositionals: true,
  options: { starts: { type: 'string', default: '10' } } });
const root = new URL('../..', import.meta.url).pathname;
const built = resolve(root, process.env.PATCHBAY_BIN ?? 'build/release/patchbay');
if (!existsSync(built)) throw new Error(`there is no ${built}: run \`make build\``);
const directory = mkdtempSync(join(tmpdir(), 'patchbay-start-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
// Without what is for debuggers, which valgrind takes minutes to read or does not understand.
const binary = join(directory, 'patchbay');
execFileSync('strip', ['-g', '-o', binary, built]);
const key = join(directory, 'patchbay.key');
execFileSync(binary, ['key', 'new', key]);

// Until it serves. `after`: what is asked of the program before it is stopped.
async function serve(command, args, data, folder, after) {
  const { child } = await start('0-1023', command, [...args, 'serve', '--port', '0', '--data-dir', data,
    '--key-file', key, '--loops', '1', ...(folder ? ['--integrations', folder] : [])],
  { ready: (output) => output.includes('"message":"serving"'), seconds: 120 });
  const told = after?.(child);
  await stop(child);
  return told;
}

// With the end of the program, whose part is small.
async function instructions(data, folder) {
  let told = '';
  await serve('valgrind', ['--tool=callgrind', '--callgrind-out-file=/dev/null', binary], data, folder,
    (child) => child.stderr.on('data', (chunk) => { told += chunk; }));
  return Number(told.match(/Collected : (\d+)/)[1]);
}

async function measure(what, folder) {
  const data = join(directory, `data ${what}`);
  // There is no data yet, and none is made for what is kept: that the second start writes.
  for (let before = 0; before < 2; ++before) await serve(binary, [], data, folder);
  const times = [];
  for (let i = 0; i < Number(options.starts); ++i) {
    times.push(1000 * await serve(binary, [], data, folder, processorTime));
  }
  times.sort((a, b) => a - b);
  const median = times[times.length >> 1];
  return [what, median.toFixed(0), times[0].toFixed(0), String(Math.round(await instructions(data, folder) / 1e6))];
}

const rows = [['integrations', 'processor ms, median', 'least', 'million instructions']];
rows.push(await measure('shipped', undefined));
if (document) {
  const folder = join(directory, 'integrations');
  mkdirSync(folder);
  execFileSync(binary, ['integration', 'import', document, '--name', 'connectwise_psa', '--integrations', folder],
    { stdio: ['ignore', 'ignore', 'ignore'] });
  rows.push(await measure('all of ConnectWise PSA under the shipped pack', folder));
}
console.log(aligned(rows));
process.exit(0);
