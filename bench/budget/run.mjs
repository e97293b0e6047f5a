// Counts what one call of each path costs and holds it to budget.json. Ends with 1 if one costs
// more, and names the functions that grew.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { start, stop } from '../lib/processes.mjs';
import { aligned } from '../lib/table.mjs';
import { perCall, shortName } from './callgrind.mjs';
import { paths } from './paths.mjs';
import { Program } from './program.mjs';
import { startStub } from './upstream.mjs';

const { values: options } = parseArgs({ options: {
  only: { type: 'string', multiple: true }, write: { type: 'boolean', default: false },
  top: { type: 'string', default: '0' },
} });
const kWarmUps = 5;
const kNamed = 30;  // functions of a path that the budget remembers, to tell which one grew
const budgetFile = new URL('budget.json', import.meta.url).pathname;
const root = new URL('../..', import.meta.url).pathname;
const binary = resolve(root, process.env.PATCHBAY_BIN ?? 'build/release/patchbay');
const say = (text) => process.stderr.write(`${text}\n`);
const number = (n) => n.toLocaleString('en');

const directory = mkdtempSync(join(tmpdir(), 'patchbay-budget-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));

const { child: sandboxProcess, value: sandbox } = await start('0-1023', binary,
  ['sandbox', '--port', '0', '--json'],
  { ready: (output) => { try { return JSON.parse(output); } catch { return undefined; } } });
const stubs = [await startStub({ whole: true }), await startStub({ whole: false })];
say('Starting under callgrind');
const program = await Program.start(directory);
const all = await paths(program, { whole: stubs[0].origin, chosen: stubs[1].origin, sandbox });

async function once(name, { request, check, status = 200 }) {
  const answer = await program.send(request());
  if (answer.status !== status || !check(answer.text)) {
    throw new Error(`${name}: not the expected answer: ${answer.status} ${answer.text.slice(0, 1000)}`);
  }
}

// The records of calls are written together, a second after the first: each stretch waits for its own. What takes
// longest (`calls` in paths.mjs) is called less often, so that a stretch is over in that second on a slow machine too.
const kRecorded = 1_500;

// A second measurement of fewer calls is taken away: what a stretch costs besides its calls. What the program
// does once a minute may fall into a stretch. It is no cost of a call, and not there a second time: of two
// stretches alike the cheaper one counts, so that it neither adds to a call nor takes from it.
const cheaper = (one, other) => (other.instructions < one.instructions ? other : one);
async function costOf(name, path) {
  const calls = path.calls ?? 20;
  const times = (n) => program.measure(async () => {
    for (let i = 0; i < n; ++i) await once(name, path);
    await sleep(kRecorded);
  });
  for (let i = 0; i < kWarmUps; ++i) await once(name, path);
  await sleep(kRecorded);
  const [few, many] = [await times(2), await times(2 + calls)];
  return perCall(many, cheaper(few, await times(2)), calls);
}

const budget = JSON.parse(readFileSync(budgetFile, 'utf8'));
function isWithin(name, now) {
  const was = budget.paths[name];
  return Boolean(was) && ['instructions', 'allocations'].every((what) =>
    now[what] <= was[what] * (1 + budget.tolerance_percent / 100) + budget.tolerance[what]);
}

const kTries = 3;  // of what is over its budget, or becomes it
async function leastOf(name, path) {
  let least = await costOf(name, path);
  const isDone = () => !options.write && (!budget.paths[name] || isWithin(name, least));
  for (let tries = 1; tries < kTries && !isDone(); ++tries) least = cheaper(least, await costOf(name, path));
  return least;
}

const measured = {};
for (const [name, path] of Object.entries(all)) {
  if (options.only && !options.only.includes(name)) continue;
  say(`  ${name}`);
  const { instructions, allocations, functions } = await leastOf(name, path);
  const named = new Map();
  for (const [long, cost] of functions) {
    const short = shortName(long);
    named.set(short, (named.get(short) ?? 0) + cost);
  }
  measured[name] = { instructions, allocations,
    functions: Object.fromEntries([...named].sort((a, b) => b[1] - a[1]).slice(0, kNamed)) };
}
await Promise.all([program.stop(), stop(sandboxProcess)]);
for (const stub of stubs) stub.close();

const over = [];
const rows = [['a call', 'instructions', 'budget', 'allocations', 'budget']];
for (const [name, now] of Object.entries(measured)) {
  const was = budget.paths[name];
  rows.push([name, number(now.instructions), was ? number(was.instructions) : 'none',
    number(now.allocations), was ? number(was.allocations) : 'none']);
  if (!isWithin(name, now)) over.push(name);
}
console.log(aligned(rows));
for (const name of Object.keys(measured)) {
  const functions = Object.entries(measured[name].functions).slice(0, Number(options.top));
  if (functions.length) console.log(`\n${name}`);
  for (const [function_, cost] of functions) console.log(`  ${number(cost).padStart(12)}  ${function_}`);
}

if (options.write) {
  const paths = { ...budget.paths, ...measured };
  writeFileSync(budgetFile, `${JSON.stringify({ ...budget, paths }, null, 1)}\n`);
  console.log(`\nWritten to ${budgetFile.slice(root.length)}: say in the commit what a raised figure buys.`);
} else {
  for (const name of over) {
    const was = budget.paths[name]?.functions;
    console.log(was ? `\nOver its budget: ${name}. What grew, in instructions a call:`
      : `\nWithout a budget: ${name}. Measure it with --write.`);
    if (!was) continue;
    const grown = Object.entries(measured[name].functions)
      .map(([function_, cost]) => [function_, cost - (was[function_] ?? 0)])
      .filter(([, more]) => more > 0).sort((a, b) => b[1] - a[1]).slice(0, 10);
    for (const [function_, more] of grown) console.log(`  ${`+${number(more)}`.padStart(12)}  ${function_}`);
  }
  console.log(`\n${over.length ? `${over.length} over budget` : 'All within budget'}.`);
  process.exitCode = over.length ? 1 : 0;
}
