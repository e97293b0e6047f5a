// Many nodes on one PostgreSQL, of which one is real: how long it takes until all have heard of a change, and how many
// rows they can ask for. The others are connections that do what a node does: LISTEN, and on each notification ask for
// the revision and for what changed since the last one.
// node bench/scale/simulate.mjs [--nodes 1,10,100,1000]; figures in docs/scaling.md.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { aligned } from '../lib/table.mjs';
import { Node } from './node.mjs';
import { startPostgres } from './postgres.mjs';
import { Seed } from './seed.mjs';
import { Session } from './session.mjs';

const { values: options } = parseArgs({ options: { nodes: { type: 'string', default: '1,10,100,1000' } } });
const sizes = options.nodes.split(',').map(Number).sort((a, b) => a - b);
if (!sizes.every((size) => Number.isInteger(size) && size >= 1)) throw new Error('--nodes takes numbers from 1 on');
const kChanges = 20;     // one after the other
const kBurst = 80;      // 16 at a time
const kReadSeconds = 3;
const kServers = 200;
const say = (text) => process.stderr.write(`${text}\n`);
const ms = (n) => `${n.toFixed(n < 10 ? 2 : n < 100 ? 1 : 0)} ms`;
const middle = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const sleep = (time) => new Promise((done) => { setTimeout(done, time); });

const directory = mkdtempSync(join(tmpdir(), 'patchbay-simulate-'));
chmodSync(directory, 0o711);
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
const upstream = createServer((_, response) => {
  const text = '{"version":"v2026.4.1","isCloud":true}';
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length }).end(text);
});
await new Promise((listening) => { upstream.listen(0, '127.0.0.1', listening); });

const postgres = await startPostgres(join(directory, 'pg'));
postgres.query(`ALTER SYSTEM SET max_connections = ${sizes.at(-1) + 100}`, 'postgres');
await postgres.restart(true);
const node = await Node.start({ data: join(directory, 'data'), key: join(directory, 'key'), database: postgres.url });
const seed = new Seed(`http://127.0.0.1:${upstream.address().port}`);
await seed.grow(node, kServers, say);
const revision = () => Number(postgres.query('SELECT revision FROM instance_revision'));

// A node as the database sees it.
class Listener {
  constructor(session, seen) { Object.assign(this, { session, seen, asked: 0 }); }
  static async start(seen) {
    const session = await Session.open(join(directory, 'pg'), 'measured');
    const listener = new Listener(session, seen);
    await session.query('LISTEN patchbay_change');
    session.onNotification = () => { listener.look(); };
    return listener;
  }
  // Notifications that come while it asks are one question more, as in a node.
  async look() {
    if (this.looking) { this.again = true; return; }
    this.looking = true;
    do {
      this.again = false;
      await this.session.query('SELECT revision FROM instance_revision WHERE id = 1');
      const rows = await this.session.query(`SELECT revision, kind, id, deleted FROM change WHERE revision > ${this.seen} ORDER BY revision LIMIT 1000`);
      this.asked += 2;
      if (rows.length > 0) this.seen = Number(rows.at(-1)[0]);
      this.at = performance.now();
    } while (this.again);
    this.looking = false;
  }
}
async function untilHeard(listeners) {
  const wanted = revision();
  for (let i = 0; listeners.some(({ seen }) => seen < wanted); ++i) {
    if (i > 60_000) throw new Error('changes are not heard');
    await sleep(1);
  }
}

const rows = [];
const listeners = [];
for (const size of sizes) {
  say(`${size} nodes`);
  while (listeners.length < size) listeners.push(await Listener.start(revision()));
  const mine = seed.large;
  await seed.mint(node, mine);
  await untilHeard(listeners);

  const [took, heard] = [[], []];
  for (let i = 0; i < kChanges; ++i) {
    const change = await seed.mint(node, mine);
    const answered = performance.now();
    await untilHeard(listeners);
    took.push(change.ms);
    heard.push(Math.max(0, ...listeners.map(({ at }) => at - answered)));
    await sleep(20);
  }

  const before = listeners.reduce((sum, { asked }) => sum + asked, 0);
  const began = performance.now();
  let left = kBurst;
  await Promise.all(Array.from({ length: 16 }, async () => { while (left-- > 0) await seed.mint(node, mine); }));
  const minted = performance.now() - began;
  await untilHeard(listeners);
  const all = performance.now() - began;
  const questions = listeners.reduce((sum, { asked }) => sum + asked, 0) - before;

  // First calls to servers that a node does not know: a row each, by the hash of its token.
  let read = 0;
  const end = performance.now() + kReadSeconds * 1_000;
  const hashes = postgres.query("SELECT encode(hash, 'hex') FROM mcp_server LIMIT 500").split('\n');
  await Promise.all(listeners.map(async ({ session }, i) => {
    for (let turn = i; performance.now() < end; ++turn) {
      await session.query(`SELECT * FROM mcp_server WHERE hash = '\\x${hashes[turn % hashes.length]}'`);
      ++read;
    }
  }));
  rows.push([size, ms(middle(took)), ms(middle(heard)), ms(Math.max(...heard)), `${Math.round(kBurst / minted * 1000)} /s`, ms(all - minted),
    Math.round(questions / kBurst), `${Math.round(read / kReadSeconds)} /s`]);
}
console.log(aligned([['nodes', 'a change', 'heard by all after: median', 'worst', '16 changes at once', 'heard by all, after the last', 'questions a change', 'rows read'], ...rows]
  .map((row) => row.map(String))));
console.log(`${cpus().length} cores for PostgreSQL, the node and ${sizes.at(-1)} listeners together`);
for (const { session } of listeners) session.close();
await node.stop();
await postgres.stop();
upstream.close();
