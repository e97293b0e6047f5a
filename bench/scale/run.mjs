// What grows with the number of MCP servers, on both databases, as one table. Fails only when something
// cannot be measured. See run.sh.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { aligned } from '../lib/table.mjs';
import { calls, creating, expiring, following, median, memoryAfterCalls, pages } from './measures.mjs';
import { Node, binary } from './node.mjs';
import { startPostgres } from './postgres.mjs';
import { Seed, many } from './seed.mjs';

const kDying = 10_000;
const kChanges = 1000;
const kAll = [100, 1000, 10_000, 100_000, 1_000_000];
const { values: options } = parseArgs({ options: {
  servers: { type: 'string', default: '100,1000,10000,100000' },
  databases: { type: 'string', default: 'sqlite,postgresql' },
} });
const sizes = options.servers.split(',').map(Number).sort((a, b) => a - b);
const databases = options.databases.split(',');
if (!sizes.every((size) => Number.isInteger(size) && size >= 4)) throw new Error('--servers takes numbers from 4 on');

const say = (text) => process.stderr.write(`${text}\n`);
const load = () => Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]);
const number = (n) => n.toLocaleString('en');
const ms = (n) => `${n.toFixed(n < 10 ? 2 : n < 100 ? 1 : 0)} ms`;
const mega = (n) => `${(n / 1e6).toFixed(0)} MB`;

const directory = mkdtempSync(join(tmpdir(), 'patchbay-scale-'));
chmodSync(directory, 0o711);  // the database's user passes
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));

// Accounts are proved before they are stored; nothing else of an API is called.
const upstream = createServer((_, response) => {
  const text = '{"version":"v2026.4.1","isCloud":true}';
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length }).end(text);
});
await new Promise((listening) => upstream.listen(0, '127.0.0.1', listening));
const stub = `http://127.0.0.1:${upstream.address().port}`;

const kPagesInUse = 'SELECT (page_count - freelist_count) * page_size '
  + 'FROM pragma_page_count, pragma_freelist_count, pragma_page_size';
const kExpiring = 'SELECT count(*) FROM mcp_server WHERE expires_at IS NOT NULL';

// Where an instance keeps its rows: {name, room, url, rows(sql), bytes(), hurry(), steady(), stop()}. Between hurry
// and steady commits do not wait for the disk; no node runs when they are called.
async function sqlite(room) {
  const data = join(room, 'a');
  const file = join(data, 'patchbay.db');
  const kInMemory = '/dev/shm';
  const quick = existsSync(kInMemory) ? mkdtempSync(join(kInMemory, 'patchbay-scale-')) : undefined;
  const remove = () => quick && rmSync(quick, { recursive: true, force: true });
  process.on('exit', remove);
  const rows = (sql) => Number(execFileSync('sqlite3', ['-cmd', '.timeout 5000', file, sql]));
  return { name: 'SQLite', room, url: '',
    rows,
    bytes: () => rows(kPagesInUse),
    hurry: () => { if (quick) { renameAcross(data, join(quick, 'a')); symlinkSync(join(quick, 'a'), data); } },
    steady: () => { if (quick) { rmSync(data); renameAcross(join(quick, 'a'), data); } },
    stop: remove };
}
function renameAcross(from, to) {
  cpSync(from, to, { recursive: true });
  rmSync(from, { recursive: true });
}
async function postgresql(room) {
  const server = await startPostgres(join(room, 'postgres'));
  return { name: 'PostgreSQL', room, url: server.url, empty: server.empty,
    rows: (sql) => Number(server.query(sql)),
    bytes: () => Number(server.query('SELECT pg_database_size(current_database())')),
    hurry: () => server.restart(false), steady: () => server.restart(true),
    stop: server.stop };
}
const remove = (node, { account, id }) => node.admin('DELETE', `/integrated-account/${account}/mcp/${id}`);
const kOpen = { sqlite, postgresql };

const columns = [];
const broken = [];
// What was measured is told, whatever comes of the rest: it takes an hour.
for (const database of databases) {
  await measure(database, columns).catch((error) => {
    say(error.stack);
    broken.push(`${kOpen[database].name}: ${error.message}`);
  });
}
upstream.close();
upstream.closeAllConnections();
const rows = [...new Set(columns.flatMap(Object.keys))];
console.log(`\n${aligned([rows, ...columns.map((column) => rows.map((row) => String(column[row] ?? '')))])}\n`);
for (const size of kAll.filter((each) => !sizes.includes(each))) {
  console.log(`Not measured: ${number(size)} MCP servers (--servers ${size}).`);
}
for (const why of broken) console.log(`Broken off: ${why}`);
process.exitCode = broken.length ? 1 : 0;

// Puts a row of the table for each size into `out`; one instance, which grows.
async function measure(database, out) {
  const key = join(directory, `${database}.key`);
  const kept = await kOpen[database](folder(database));
  // A million commits one after the other take PostgreSQL more than an hour: what it is to hold is minted on
  // SQLite and moved, as an operator would.
  const minted = kept.url ? await sqlite(folder(`${database}-minted`)) : kept;
  const seed = new Seed(stub);
  let token;
  const node = async (name = 'a', { room, url } = kept) => {
    const started = await Node.start({ data: join(room, name), key, database: url, token });
    token ??= started.token;
    return started;
  };
  // `work` on a node that waits for no disk. The data folder is there from the first start on.
  const hurried = async (work, where = kept) => {
    await where.hurry();
    const quick = await node('a', where);
    try { return await work(quick); } finally { await quick.stop(); await where.steady(); }
  };
  await (await node('a', minted)).stop();
  const empty = minted === kept ? kept.bytes() : await moved();
  let left = [];  // of the last size's changes
  for (const size of sizes) {
    say(`${kept.name}, ${number(size)} MCP servers; load of the machine ${load()}`);
    const row = { 'MCP servers': number(size), database: kept.name };
    out.push(row);
    await hurried(async (quick) => {
      if (minted === kept) await many(left.length, (i) => remove(quick, left[i]));
      const grown = await seed.grow(quick, size, say);
      say(`  ${number(grown.minted)} minted in ${grown.seconds.toFixed(1)} s, `
        + `${(grown.minted / grown.seconds).toFixed(0)} a second`);
    }, minted);
    if (minted !== kept) await moved();
    // Of few, what tables take anyway hides it.
    if (size >= 10_000) row['bytes a server on disk'] = number(Math.round((kept.bytes() - empty) / size));

    say('  start-up');
    const starts = [];
    let a;
    for (let i = 0; i < 5; ++i) {
      a = await node();
      starts.push(a.started);
      if (i < 4) await a.stop();
    }
    row['start-up'] = ms(median(starts));
    row['memory after start'] = mega(await a.memoryAtRest());
    const called = await calls(a, seed.servers);
    row['first `tools/list`'] = ms(called.firstList);
    row['first `ping`'] = ms(called.firstPing);
    row['later `tools/list`'] = ms(called.laterList);
    row['later `ping`'] = ms(called.laterPing);
    row['memory after 1,000 were called'] = mega(await memoryAfterCalls(a, seed.servers));
    const paged = await pages(a, seed.large);
    row['first page'] = ms(paged.first);
    row['last page'] = ms(paged.last);
    say('  creating');
    await a.stop();
    a = await node();
    await a.answers(seed.servers[0].token, 'ping');
    const made = await creating(a, seed, seed.servers.slice(1, 300));
    row['creating one'] = ms(made.one);
    row['16 at once'] = `${made.perSecond.toFixed(0)} /s`;
    row['first `ping` while 16 are created'] = made.firstPing ? ms(made.firstPing) : '';
    await a.stop();

    left = [];
    let gone;
    // A machine that has other work may mint more slowly than it began: then once more, with more time.
    for (let patience = 1; !gone; patience *= 3) {
      say('  minting 10,000 that expire');
      const dying = [];
      let at;
      await hurried(async (quick) => {
        const begun = performance.now();
        await many(kChanges, async () => left.push((await seed.mint(quick)).server));
        const each = (performance.now() - begun) / kChanges;
        // Long enough to mint them, and to call each once.
        at = Math.ceil((Date.now() + patience * 1.5 * kDying * each) / 1000 + patience * 15) * 1000;
        const until = new Date(at).toISOString();
        await many(kDying, async () => dying.push((await seed.mint(quick, seed.large, until)).server));
      });
      a = await node();
      say('  expiring');
      gone = await expiring(a, seed.servers[0], { dying, at }, () => kept.rows(kExpiring));
      if (gone) break;
      if (patience > 9) throw new Error('what is to expire does so before it was called, also with nine times the time');
      say('  they expired before each was called');
      await a.stop();
    }
    row['10,000 expire: last answer after'] = `${gone.none.toFixed(2)} s`;
    row['rows gone after'] = `${gone.deleted.toFixed(1)} s`;
    row['worst `ping` meanwhile'] = `${ms(gone.worst)} (before: ${ms(gone.usual)})`;

    if (kept.url) {
      say('  two nodes');
      const b = await node('b');
      const heard = await following(a, b, left);
      say(`    medians: ${Object.entries(heard.each).map(([kind, each]) => `${kind} ${ms(each)}`).join(', ')}`);
      row['change heard: median'] = ms(heard.median);
      row['worst of 1,000'] = ms(heard.worst);
      await b.stop();
      left = left.filter((_, i) => i % 3 !== 2);  // a third were deleted
    }
    await a.stop();
    row.load = load().toFixed(1);
    say(`  ${JSON.stringify(row)}`);
  }
  await kept.stop();
  if (minted !== kept) await minted.stop();

  // All that is minted so far, into a database that has nothing else: how many bytes it takes.
  async function moved() {
    await kept.hurry();
    kept.empty();
    const begun = performance.now();
    execFileSync(binary, ['store', 'migrate', '--from', join(minted.room, 'a'), '--to', kept.url],
      { stdio: ['ignore', 'ignore', 'inherit'] });
    say(`  moved in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    await kept.steady();
    return kept.bytes();
  }
}

// A new one, which the database's user passes.
function folder(name) {
  const made = join(directory, name);
  mkdirSync(made);
  chmodSync(made, 0o711);
  return made;
}

