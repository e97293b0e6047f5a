// Benchmarks: Patchbay beside nginx (the physical limit) and a Node peer, in the same run, on the
// same upstream stub. Prints one table; fails only when something cannot be measured.
//
//   bench/run.sh [--seconds 4] [--only list,one,many,memory,shaping]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { holdIdle } from './lib/idle.mjs';
import { getRequest, measure, once } from './lib/load.mjs';
import { startProxy, startStatic, startUpstream } from './lib/nginx.mjs';
import { startPatchbay } from './lib/patchbay.mjs';
import { startPeer } from './lib/peer.mjs';
import { cores, memory, stop } from './lib/processes.mjs';
import { measureShaping } from './lib/shaping.mjs';
import { Table } from './lib/table.mjs';
import { list, ticket } from './upstream/records.mjs';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    only: { type: 'string', default: 'list,one,many,memory,shaping' },
  },
});
const seconds = Number(options.seconds);
const wanted = new Set(options.only.split(','));
const kConnections = [1, 32, 256];
const kApi = '/v4_6_release/apis/3.0';

const directory = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));

const table = new Table();
const say = (text) => process.stderr.write(`${text}\n`);

// The text that a tool call hands to the model, parsed; throws if the call failed.
function toolResult(text) {
  const { result, error } = JSON.parse(text);
  if (error || result.isError) throw new Error(`the call failed: ${text.slice(0, 500)}`);
  return JSON.parse(result.content[0].text);
}
const kChecks = {
  rawList: (text) => expect(JSON.parse(text).length === 25, text),
  rawOne: (text) => expect(JSON.parse(text).id === 90000, text),
  many: (text) => expect(toolResult(text).result.length === 25, text),
  one: (text) => expect(toolResult(text).id === 90000, text),
  tools: (text) => expect(JSON.parse(text).result.tools.length > 2, text),
};
function expect(truth, text) {
  if (!truth) throw new Error(`not the expected answer: ${text.slice(0, 500)}`);
}

async function on(name, server, request, connections, check) {
  say(`  ${name}, ${connections} connection${connections > 1 ? 's' : ''}`);
  return measure(directory, request, { child: server.child, connections, seconds, check });
}

writeFileSync(join(directory, 'tickets.json'), JSON.stringify(list(25)));
writeFileSync(join(directory, 'ticket.json'), JSON.stringify(ticket(90000)));
writeFileSync(join(directory, 'info.json'), '{"version":"v2026.4.1","isCloud":true}');

say(`Core ${cores.tested} for the server under test, ${cores.rest} for wrk and the upstream stub.`);
const upstream = await startUpstream(cores.rest, directory);
const proxy = await startProxy(cores.tested, directory, upstream.origin);
const peer = await startPeer(cores.tested, upstream.origin);
const patchbay = await startPatchbay(cores.tested, directory, upstream.origin);
table.fact('ready from a cold start', `${patchbay.readyMs.toFixed(0)} ms`, 'under 1,000 ms',
  patchbay.readyMs < 1000);

if (wanted.has('list')) {
  say('tools/list');
  writeFileSync(join(directory, 'tools.json'), await once(patchbay.listTools));
  const file = await startStatic(cores.tested, directory, 'tools.json');
  for (const connections of kConnections) {
    const limit = await on('nginx, static file of the same bytes', file,
      getRequest(`${file.origin}/`), connections, () => {});
    const node = await on('Node peer (its own three tools)', peer, peer.listTools, connections,
      kChecks.tools);
    const ours = await on('Patchbay', patchbay, patchbay.listTools, connections, kChecks.tools);
    table.row('tools/list', connections, { limit, node, ours },
      connections === 32 && { text: '>= 0.8 of nginx', met: ours.perSecond / limit.perSecond >= 0.8 });
  }
  await stop(file.child);
}

if (wanted.has('one')) {
  say('tools/call, one record of 7 KB');
  for (const connections of kConnections) {
    const limit = await on('nginx, plain proxy', proxy,
      getRequest(`${proxy.origin}${kApi}/service/tickets/90000`), connections, kChecks.rawOne);
    const node = await on('Node peer', peer, peer.getTicket, connections, kChecks.one);
    const ours = await on('Patchbay', patchbay, patchbay.getTicket, connections, kChecks.one);
    table.row('tools/call, one record', connections, { limit, node, ours },
      connections === 32 && { text: '>= 0.5 of nginx', met: ours.perSecond / limit.perSecond >= 0.5 });
  }
}

if (wanted.has('many')) {
  say('tools/call, 25 tickets of 7 KB');
  const path = `${kApi}/service/tickets?pageSize=25`;
  for (const connections of kConnections) {
    const limit = await on('nginx, plain proxy', proxy, getRequest(`${proxy.origin}${path}`),
      connections, kChecks.rawList);
    const node = await on('Node peer', peer, peer.listTickets, connections, kChecks.many);
    const ours = await on('Patchbay', patchbay, patchbay.listTickets, connections, kChecks.many);
    const bars = {
      32: { text: '>= 12 x Node', met: ours.perSecond / node.perSecond >= 12 },
      256: { text: 'p99 < 1/5 of Node', met: ours.p99 < node.p99 / 5 },
    };
    table.row('tools/call, 25 tickets', connections, { limit, node, ours }, bars[connections]);
    if (connections === 1) {
      const direct = await on('the upstream stub itself', upstream,
        getRequest(`${upstream.origin}${path}`), 1, kChecks.rawList);
      const added = ours.p50 - direct.p50;
      table.fact('added latency, 25 tickets, one connection (p50)', `${added.toFixed(3)} ms`,
        'under 0.5 ms', added < 0.5);
    }
  }
}

if (wanted.has('memory')) {
  say('memory');
  table.fact('memory after the load: Patchbay', megabytes(memory(patchbay.child)), 'under 150 MB',
    memory(patchbay.child) < 150e6);
  table.fact('memory after the load: Node peer', megabytes(memory(peer.child)));
  const count = 2000;
  const each = await holdIdle(patchbay.child, patchbay.listTools, count);
  table.fact(`an idle connection (${count} held)`, `${(each / 1024).toFixed(1)} KB`, 'under 20 KB',
    each < 20 * 1024);
}

if (wanted.has('shaping')) {
  say('shaping');
  for (const { name, value, bar, met } of await measureShaping(cores.tested)) {
    table.fact(name, value, bar, met);
  }
}

for (const server of [patchbay, peer, proxy, upstream]) await stop(server.child);
console.log(table.text());

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
