// Benchmarks: Patchbay beside nginx (the physical limit) and a Node peer, in the same run, on the
// same upstream stub. Prints one table; fails only when something cannot be measured.
//
//   bench/run.sh [--seconds 4] [--only list,one,many,usual,memory,connections,field,shaping]
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { holdIdle } from './lib/idle.mjs';
import { getRequest, measure, once } from './lib/load.mjs';
import { makeCertificate, startProxy, startStatic, startUpstream } from './lib/nginx.mjs';
import { startPatchbay } from './lib/patchbay.mjs';
import { startPeer } from './lib/peer.mjs';
import { cores, memory, stop } from './lib/processes.mjs';
import { measureShaping } from './lib/shaping.mjs';
import { Table } from './lib/table.mjs';
import { list, ticket, withDefaultFields } from './upstream/records.mjs';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    only: { type: 'string', default: 'list,one,many,usual,memory,connections,field,shaping' },
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

// Of processor time a request.
function atMost(times, whose, ours, theirs) {
  const share = times < 1 ? `1/${Math.round(1 / times)}` : String(times);
  return { text: `CPU <= ${share} of ${whose}`, met: ours.processor <= times * theirs.processor };
}
const both = (a, b) => ({ text: `${a.text}, ${b.text}`, met: a.met && b.met });

async function on(name, server, request, connections, check) {
  say(`  ${name}, ${connections} connection${connections > 1 ? 's' : ''}`);
  return measure(directory, request, { child: server.child, connections, seconds, check });
}

writeFileSync(join(directory, 'tickets.json'), JSON.stringify(list(25)));
writeFileSync(join(directory, 'ticket.json'), JSON.stringify(ticket(90000)));
writeFileSync(join(directory, 'info.json'), '{"version":"v2026.4.1","isCloud":true}');

// Whatever else runs takes from what is measured, and not from each alike.
const others = Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]);
const quiet = others < 0.5;
say(quiet ? 'The machine is quiet.' : `The machine is NOT quiet: load ${others}.`);
table.fact('load of the machine at the begin', others.toFixed(2), 'quiet: under 0.5', quiet);
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
      connections === 32 && { text: '>= 0.9 of nginx', met: ours.perSecond / limit.perSecond >= 0.9 });
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
      connections === 32 && atMost(2, 'nginx', ours, limit));
    if (connections === 1) {
      await addedLatency('one record', upstream, '/service/tickets/90000', kChecks.rawOne, ours, 0.1);
    }
  }
}

if (wanted.has('many')) {
  say('tools/call, 25 tickets of 7 KB');
  const query = '/service/tickets?pageSize=25';
  for (const connections of kConnections) {
    const limit = await on('nginx, plain proxy', proxy, getRequest(`${proxy.origin}${kApi}${query}`),
      connections, kChecks.rawList);
    const node = await on('Node peer', peer, peer.listTickets, connections, kChecks.many);
    const ours = await on('Patchbay', patchbay, patchbay.listTickets, connections, kChecks.many);
    table.row('tools/call, 25 tickets', connections, { limit, node, ours },
      connections === 32 &&
        both(atMost(2.5, 'nginx', ours, limit), atMost(1 / 15, 'Node', ours, node)));
    if (connections === 1) await addedLatency('25 tickets', upstream, query, kChecks.rawList, ours, 0.35);
  }
  await measureTails();
}

if (wanted.has('usual')) await measureUsual();

if (wanted.has('memory')) {
  say('memory');
  table.fact('memory after the load: Patchbay', megabytes(memory(patchbay.child)), 'under 60 MB',
    memory(patchbay.child) < 60e6);
  table.fact('memory after the load: Node peer', megabytes(memory(peer.child)));
  const count = 2000;
  const each = await holdIdle(patchbay.child, patchbay.listTools, count);
  table.fact(`an idle connection (${count} held)`, `${(each / 1024).toFixed(1)} KB`, 'under 20 KB',
    each < 20 * 1024);
}

if (wanted.has('connections')) await measureConnections();

if (wanted.has('field')) await measureField();

if (wanted.has('shaping')) {
  say('shaping');
  for (const { name, value, bar, met } of await measureShaping(cores.tested)) {
    table.fact(name, value, bar, met);
  }
}

for (const server of [patchbay, peer, proxy, upstream]) await stop(server.child);
console.log(table.text());

// What a call takes longer than the upstream by itself, to a client that has one connection.
async function addedLatency(what, stub, path, check, ours, bar) {
  const direct = await on('the upstream stub itself', stub, getRequest(`${stub.origin}${kApi}${path}`), 1,
    check);
  const added = ours.p50 - direct.p50;
  table.fact(`added latency, ${what}, one connection (p50)`, `${added.toFixed(3)} ms`,
    bar ? `under ${bar} ms` : '', bar ? added < bar : undefined);
}

// The slowest of a hundred, several times: one good run shows nothing of a tail.
async function measureTails() {
  const tails = [];
  for (let run = 0; run < 5; ++run) {
    const node = await on('Node peer', peer, peer.listTickets, 256, kChecks.many);
    const ours = await on('Patchbay', patchbay, patchbay.listTickets, 256, kChecks.many);
    tails.push({ node: node.p99, ours: ours.p99 });
  }
  const each = tails.map(({ node, ours }) => `${ours.toFixed(0)} of ${node.toFixed(0)}`).join(', ');
  table.fact('p99 of 25 tickets at 256 connections, ms of the Node peer\'s', each, 'under 1/5 each time',
    tails.every(({ node, ours }) => ours < node / 5));
}

// As a list is asked for when no fields are named: the upstream sends those of the list alone.
async function measureUsual() {
  say('tools/call, 25 tickets with the default fields');
  const inner = mkdtempSync(join(directory, 'usual-'));
  copyFileSync(join(directory, 'info.json'), join(inner, 'info.json'));
  writeFileSync(join(inner, 'tickets.json'), JSON.stringify(list(25).map(withDefaultFields)));
  const stub = await startUpstream(cores.rest, inner);
  const passing = await startProxy(cores.tested, inner, stub.origin);
  const own = await startPatchbay(cores.tested, inner, stub.origin);
  const query = '/service/tickets?pageSize=25';
  for (const connections of [1, 32]) {
    const limit = await on('nginx, plain proxy', passing, getRequest(`${passing.origin}${kApi}${query}`),
      connections, kChecks.rawList);
    const ours = await on('Patchbay', own, own.listTickets, connections, kChecks.many);
    table.row('25 tickets, default fields', connections, { limit, ours },
      connections === 32 && atMost(3, 'nginx', ours, limit));
    if (connections === 1) {
      await addedLatency('25 tickets with the default fields', stub, query, kChecks.rawList, ours);
    }
  }
  for (const server of [own, passing, stub]) await stop(server.child);
}

// How a call's cost grows with the connections that are busy at once, and with the cores.
async function measureConnections() {
  say('one record, by connections');
  const path = `${kApi}/service/tickets/90000`;
  for (const connections of [1, 10, 100, 1000, 5000]) {
    const limit = await on('nginx, plain proxy', proxy, getRequest(`${proxy.origin}${path}`), connections,
      kChecks.rawOne);
    const ours = await on('Patchbay', patchbay, patchbay.getTicket, connections, kChecks.one);
    table.row('one record, by connections', connections, { limit, ours });
  }
  say('one record, by cores');
  for (let loops = 1; loops <= cores.count; ++loops) {
    const inner = mkdtempSync(join(directory, 'cores-'));
    const own = await startPatchbay(`0-${loops - 1}`, inner, upstream.origin, undefined, loops);
    const ours = await on(`Patchbay, ${loops} cores`, own, own.getTicket, 100, kChecks.one);
    table.fact(`one record at 100 connections, ${loops} of ${cores.count} cores`,
      `${Math.round(ours.perSecond).toLocaleString('en')} /s, ${ours.processor.toFixed(1)} us of CPU each`);
    await stop(own.child);
  }
}

// As it is in the field: TLS at both doors, and an API that packs what it sends.
async function measureField() {
  say('over TLS, from an API that packs its answers');
  const inner = mkdtempSync(join(directory, 'field-'));
  for (const file of ['tickets.json', 'ticket.json', 'info.json']) {
    copyFileSync(join(directory, file), join(inner, file));
  }
  const tls = makeCertificate(inner);
  const packed = await startUpstream(cores.rest, inner, tls);
  const passing = await startProxy(cores.tested, inner, packed.origin, tls);
  const own = await startPatchbay(cores.tested, inner, packed.origin, tls);
  const accepted = async () =>
    Number((await once(getRequest(`${packed.origin}/accepted`))).match(/\n (\d+) /)[1]);
  for (const [what, path, request, raw, check] of [
    ['one record', '/service/tickets/90000', own.getTicket, kChecks.rawOne, kChecks.one],
    ['25 tickets', '/service/tickets?pageSize=25', own.listTickets, kChecks.rawList, kChecks.many],
  ]) {
    for (const connections of [1, 32]) {
      const limit = await on('nginx, proxy over TLS', passing,
        getRequest(`${passing.origin}${kApi}${path}`), connections, raw);
      // Between two moments of the load: at its end the load hangs up on calls that are under way.
      const wait = (ms) => new Promise((over) => setTimeout(over, ms));
      const connected = (async () => {
        await wait(2000);
        const before = await accepted();
        await wait(seconds * 1000 - 1500);
        return await accepted() - before - 1;  // one is that of the question itself
      })();
      const ours = await on('Patchbay', own, request, connections, check);
      const handshakes = await connected;
      table.row(`${what}, TLS and gzip`, connections, { limit, ours });
      table.fact(`new upstream connections, ${what} at ${connections}, steady`, String(handshakes), 'none',
        handshakes === 0);
      if (connections === 1) await addedLatency(`${what} over TLS`, packed, path, raw, ours);
    }
  }
  for (const server of [own, passing, packed]) await stop(server.child);
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
