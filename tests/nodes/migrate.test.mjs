// An installation moves from PostgreSQL to a file and back, and the process that moves it is killed on the way,
// again and again.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../e2e/harness/demo.mjs';
import { binary, Program } from '../e2e/harness/process.mjs';
import { size } from '../attack/harness/size.mjs';
import { startCluster, tenant, until } from './harness/cluster.mjs';

const kServers = size(6000, 60000);

let cluster, folder, keyFile, source;

async function run(args, env = {}) {
  const program = new Program(args, { env });
  program.stdin.end();
  const { code } = await program.exited;
  return { code, stdout: program.stdout, stderr: program.stderr };
}
const migrate = (from, to) => ['store', 'migrate', '--from', from, '--to', to];
const ends = [];
after(async () => { for (const end of ends.reverse()) await end(); });

// What the database holds, without the revision, which goes on; times of servers stand in none of it.
async function rowsOf(place) {
  const file = join(folder, `backup${Math.random()}`);
  const env = place.startsWith('/') ? {} : { PATCHBAY_DATABASE: place };
  const args = place.startsWith('/') ? ['--data-dir', place] : [];
  const made = await run(['store', 'backup', ...args, file], env);
  assert.equal(made.code, 0, made.stderr);
  return readFileSync(file, 'utf8').split('\n')
    .filter((line) => line.startsWith('[') && !line.startsWith('["revision"'));
}

// Kills it at random moments, until some rows were seen to be there and not all, and goes on until it is let through.
async function migrateWithKills(from, to, isRefused) {
  let [kills, between, longest] = [0, 0, 300];
  for (; kills < size(40, 200) && between < size(3, 30); ++kills, longest += 100) {
    const program = new Program(migrate(from, to));
    await Promise.race([program.exited, sleep(Math.random() * longest)]);
    if (!program.alive) {
      assert.equal((await program.exited).code, 0, program.stderr);
      break;
    }
    await program.stop('SIGKILL');
    if (await isRefused()) between += 1;
  }
  const done = await run(migrate(from, to));
  assert.equal(done.code, 0, done.stderr);
  assert.match(done.stdout, /found them the same/);
  assert.ok(between > 0, 'it was never killed between two rows');
  return `${kills} kills, ${between} of them between two rows`;
}

before(async () => {
  cluster = await startCluster({ after: (end) => ends.push(end) }, { nodes: 1 });
  folder = temporaryFolder({ after: (end) => ends.push(end) });
  keyFile = cluster.nodes[0].args[1];
  const { account, environment } = await tenant(cluster);
  await cluster.nodes[0].program.stop();
  source = cluster.postgres.url(cluster.database);
  cluster.postgres.sql(cluster.database, `INSERT INTO patchbay.mcp_server
    (id, account_id, environment_id, name, config, hash, created_by, created_at, updated_at, version)
    SELECT 'mcp_' || md5(n::text), '${account.id}', '${environment.id}', 'Büro ' || n, '{}',
      sha256(n::text::bytea), 'c', n, n, 0 FROM generate_series(1, ${kServers}) n`);
});

describe('an installation that moves', () => {
  let file, expected;

  // Nothing but the move itself opens what is not whole. False: nothing is there yet.
  async function isRefused(flags, env = {}) {
    const checked = await run(['store', 'check', '--key-file', keyFile, ...flags], env);
    if (!/not complete/.test(checked.stderr)) return false;
    assert.equal(checked.code, 1);
    assert.match(checked.stderr, /store migrate/);
    const served = await run(['serve', '--port', '0', '--key-file', keyFile, ...flags], env);
    assert.equal(served.code, 1);
    assert.match(served.stderr, /not complete/);
    return true;
  }

  test('gets there from PostgreSQL to a file, however often it is killed', async (t) => {
    expected = await rowsOf(source);
    file = join(folder, 'moved');
    const kills = await migrateWithKills(source, file, () => isRefused(['--data-dir', file]));
    assert.deepEqual(await rowsOf(file), expected);
    t.diagnostic(kills);
  });

  test('gets there from the file to PostgreSQL, however often it is killed', async (t) => {
    const database = cluster.postgres.createDatabase();
    const target = cluster.postgres.url(database);
    const kills = await migrateWithKills(file, target,
      () => isRefused(['--data-dir', join(folder, 'node')], { PATCHBAY_DATABASE: target }));
    assert.deepEqual(await rowsOf(target), expected);
    t.diagnostic(kills);
    const node = cluster.nodes[0];
    node.env = { PATCHBAY_DATABASE: target };
    await node.start();
    await node.untilReady();
    // Rows that nobody signed are told one by one, the first thousand of them.
    const checked = await run(['store', 'check', '--json', '--key-file', keyFile, '--data-dir', node.data], node.env);
    assert.equal(checked.code, 1, checked.stderr);
    const told = JSON.parse(checked.stdout);
    assert.equal(told.count, kServers);
    assert.equal(told.faults.length, 1000);
  });

  test('names a row that something altered in the new database, and does not let it be served', async () => {
    let database, target;
    for (let attempt = 0; ; ++attempt) {
      database = cluster.postgres.createDatabase();
      target = cluster.postgres.url(database);
      const program = new Program(migrate(file, target));
      const count = (table) => {
        try { return Number(cluster.postgres.sql(database, `SELECT count(*) FROM patchbay.${table}`)); } catch { return 0; }
      };
      await until('some rows are there', () => count('mcp_server') > 0);
      await program.stop('SIGKILL');
      if (count('incomplete_copy') > 0) break;
      assert.ok(attempt < 5, 'it always ends before it can be killed');
    }
    cluster.postgres.sql(database, `UPDATE patchbay.mcp_server SET name = 'mine'
      WHERE id = (SELECT min(id) FROM patchbay.mcp_server)`);
    const again = await run(migrate(file, target));
    assert.equal(again.code, 1);
    const id = cluster.postgres.sql(database, "SELECT id FROM patchbay.mcp_server WHERE name = 'mine'");
    assert.match(again.stderr, new RegExp(`differ in 1 row: mcp_server ${id} is another`));
    assert.ok(await isRefused(['--data-dir', join(folder, 'node')], { PATCHBAY_DATABASE: target }));
  });

  test('tells a person how far it is', async () => {
    const to = join(folder, 'watched');
    const shown = spawnSync('script', ['-qec', `'${binary}' store migrate --from '${file}' --to '${to}'`, '/dev/null'],
      { encoding: 'utf8' });
    assert.equal(shown.status, 0, shown.stdout);
    assert.match(shown.stdout, new RegExp(`copied: ${expected.length} of ${expected.length} rows \\(100 %\\)`));
    assert.match(shown.stdout, new RegExp(`compared: ${expected.length} of ${expected.length} rows \\(100 %\\)`));
  });
});
