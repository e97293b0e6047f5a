// What a call costs as its surroundings grow: instructions under callgrind (bench/budget), so that
// the figures are the same on a busy machine. Prints a table; --picture FILE draws it as well.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { perCall } from '../budget/callgrind.mjs';
import { Program } from '../budget/program.mjs';
import { mcpRequest } from '../lib/load.mjs';
import { untilIdle } from '../lib/processes.mjs';
import { aligned } from '../lib/table.mjs';
import { list } from '../upstream/records.mjs';
import { drawn } from './picture.mjs';
import { call, connectwise, mintMany, minting, startPlain, wide } from './instance.mjs';
import { memoryOfServers } from './servers.mjs';
import { kToolsOfResource, writeWideIntegration } from './wide.mjs';

const { values: options } = parseArgs({ options: {
  servers: { type: 'string', default: '100000' }, picture: { type: 'string' },
} });
const servers = Number(options.servers);
const kPrefix = 'connect_wise_psa';
const kList = `list_all_${kPrefix}_tickets`;
const kGet = `get_single_${kPrefix}_ticket_by_id`;
const root = new URL('../..', import.meta.url).pathname;
const binary = resolve(root, process.env.PATCHBAY_BIN ?? 'build/release/patchbay');
const say = (text) => process.stderr.write(`${text}\n`);

const directory = mkdtempSync(join(tmpdir(), 'patchbay-growth-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));

// As many tickets as are asked for, each of 13 fields.
const kFields = ['id', 'summary', 'board', 'status', 'priority', 'company', 'owner', 'closedFlag'];
const records = list(1001).map((record) =>
  Object.fromEntries(kFields.map((name) => [name, record[name]])));
const answers = new Map();
const upstream = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://stub');
  const size = Number(searchParams.get('pageSize') ?? 25);
  if (!answers.has(size)) answers.set(size, JSON.stringify(records.slice(0, size)));
  const text = /\/\d+$/.test(pathname) ? JSON.stringify(records[0])
    : pathname.endsWith('/info') ? '{"version":"v2026.4.1","isCloud":true}' : answers.get(size);
  response.writeHead(200, { 'content-type': 'application/json',
    'content-length': Buffer.byteLength(text) }).end(text);
});
upstream.keepAliveTimeout = 600_000;
await new Promise((listening) => upstream.listen(0, '127.0.0.1', listening));
const stubOrigin = `http://127.0.0.1:${upstream.address().port}`;

say('Starting under callgrind');
let program = await Program.start(directory);
const mint = minting((...what) => program.post(...what),
  await program.post('/integrated-account', connectwise(stubOrigin)));
// The URL of a server that was minted when the instance had another port.
const here = (url) => url.replace(/^https?:\/\/[^/]+/, program.url);

async function cost(request, calls = 10) {
  const once = async () => {
    const { status, text } = await program.send(request);
    if (status !== 200 || JSON.parse(text).result?.isError !== false && !/"tools"/.test(text)) {
      throw new Error(`not the expected answer: ${status} ${text.slice(0, 500)}`);
    }
  };
  const times = (n) => program.measure(async () => { for (let i = 0; i < n; ++i) await once(); });
  for (let i = 0; i < 3; ++i) await once();
  const few = await times(1);
  return perCall(await times(1 + calls), few, calls).instructions;
}

const curves = [];
async function curve(title, unit, points) {
  say(title);
  const curve = { title, unit, points: [] };
  for (const [at, request, calls] of points) curve.points.push([at, await cost(await request(), calls)]);
  curves.push(curve);
}

const { url } = await mint();
await curve('A list, by records', 'records', [1, 10, 25, 100, 300, 1000].map((limit) =>
  [limit, () => call(url, kList, { companyId: 7, limit: Math.min(limit, 1000) }), limit > 100 ? 3 : 10]));

const filters = { companyId: 7, closed: false, severity: 'Low', summaryContains: 'a',
  createdAfter: '2026-01-01T00:00:00Z', createdBefore: '2027-01-01T00:00:00Z',
  updatedAfter: '2026-01-01T00:00:00Z', updatedBefore: '2027-01-01T00:00:00Z',
  dueBefore: '2027-01-01T00:00:00Z', parentTicketId: 5, unassigned: false };
await curve('A list, by arguments', 'arguments', [1, 2, 4, 8, 11].map((count) =>
  [count, () => call(url, kList, Object.fromEntries(Object.entries(filters).slice(0, count)))]));

await curve('One record, by MCP servers', 'servers', [10, 100, 1000].map((count, i, all) => [count, async () => {
  await mintMany(mint, count - (all[i - 1] ?? 1));
  return call(url, kGet, { id: 90000 });
}]));
await program.stop();

// More of them than it is worth waiting for under callgrind: minted before.
say(`Minting ${servers} MCP servers`);
const crowded = join(directory, 'crowded');
const plain = await startPlain(binary, crowded);
const owner = await plain.post('/integrated-account', connectwise(stubOrigin));
const last = await mintMany(minting(plain.post, owner), servers);
await plain.stop();
say('Starting under callgrind');
program = await Program.start(directory, { data: crowded, seconds: 900 });
await untilIdle(program.child);  // it looks over all rows after its start
curves.at(-1).points.push([servers, await cost(call(here(last.url), kGet, { id: 90000 }))]);
await program.stop();

say('Starting under callgrind, with 3,000 tools');
writeWideIntegration(join(directory, 'integrations'), 3000 / kToolsOfResource);
program = await Program.start(directory, { data: join(directory, 'wide'), seconds: 900,
  args: ['--integrations', join(directory, 'integrations')] });
const mintWide = minting((...what) => program.post(...what),
  await program.post('/integrated-account', wide(stubOrigin)));
const sizes = [];
for (const config of [{ methods: ['list'], tags: ['hundredth0'] }, { tags: ['hundredth0'] },
  { tags: ['tenth0'] }, { tags: ['even'] }, {}]) {
  const { url: at } = await mintWide(config);
  const { text } = await program.send(mcpRequest(at, 'tools/list'));
  sizes.push([JSON.parse(text).result.tools.length, at]);
}
await curve('tools/list, by tools of the server', 'tools', sizes.map(([count, at]) =>
  [count, () => mcpRequest(at, 'tools/list')]));
await curve('A list, by tools of the server', 'tools', sizes.map(([count, at]) =>
  [count, () => call(at, 'list_all_wide_part0s', { limit: 25 })]));
await program.stop();
say('Memory of MCP servers');
const kServers = 1000;
const held = await memoryOfServers(binary, directory, stubOrigin, kServers);
upstream.close();
upstream.closeAllConnections();

const number = (n) => n.toLocaleString('en');
for (const { title, unit, points } of curves) {
  console.log(`\n${title}\n\n${aligned([[unit, 'instructions a call', 'each more'], ...points.map(
    ([at, instructions], i) => [number(at), number(instructions),
      i === 0 ? '' : number(Math.round((instructions - points[i - 1][1]) / (at - points[i - 1][0])))])])}`);
}
console.log(`\nMemory of an MCP server, of ${number(kServers)} each used once: ${number(held.alike)} bytes with a choice of\n`
  + `tools that another has, ${number(held.own)} with one of its own.`);
if (options.picture) writeFileSync(options.picture, drawn(curves));
