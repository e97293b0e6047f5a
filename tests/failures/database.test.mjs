// The database is slow, its disk is full, or one node after the other is upgraded.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { mint } from '../attack/harness/desk.mjs';
import { startSandbox, startServe } from '../e2e/harness/demo.mjs';
import { isServed, mintOf, startCluster, tenant, until } from '../nodes/harness/cluster.mjs';
import { Load } from '../nodes/harness/load.mjs';
import { Wire } from '../nodes/harness/wire.mjs';

let cluster, a, b;
const ends = [];
const kept = { after: (end) => ends.push(end) };
after(async () => { for (const end of ends.reverse()) await end(); });
before(async () => {
  cluster = await startCluster(kept, { nodes: 2, wires: (i, { port }) => (i === 1 ? Wire.start(kept, port) : undefined) });
  [a, b] = cluster.nodes;
});

describe('a database', () => {
  test('that takes its time delays changes, and no call of a known server', async (t) => {
    const place = await tenant(cluster);
    const known = await mintOf(place, a.admin);
    assert.ok(await isServed(b.at(known.url)));
    b.wire.delay(40);
    try {
      const began = performance.now();
      const made = mintOf(place, b.admin);
      let calls = 0;
      let isOver = false;
      made.finally(() => { isOver = true; });
      for (; !isOver; ++calls) assert.ok(await isServed(b.at(known.url)));
      assert.ok(await isServed(a.at((await made).url)));
      t.diagnostic(`one change took ${Math.round(performance.now() - began)} ms, with ${calls} calls meanwhile`);
      assert.ok(calls > 5);
    } finally {
      b.wire.delay(0);
    }
    await b.untilReady();
  });

  // What the version after this one would do to the tables: a column and a table more, and the number one up. A real
  // one is tried when there is one (docs/decisions/0032-high-availability.md).
  test('with a schema one version on: who runs goes on, and who starts anew is refused', async (t) => {
    const place = await tenant(cluster);
    const known = await mintOf(place, a.admin);
    const load = new Load(a.admin, place, (url) => b.at(url));
    t.after(() => load.end());
    load.begin(3);
    const version = Number(cluster.postgres.sql(cluster.database, 'SELECT version FROM patchbay.schema_version'));
    cluster.postgres.sql(cluster.database, `BEGIN; ALTER TABLE patchbay.mcp_server ADD COLUMN of_later BIGINT NOT NULL DEFAULT 0;
      CREATE TABLE patchbay.of_later (id TEXT PRIMARY KEY); UPDATE patchbay.schema_version SET version = ${version + 1}; COMMIT`);
    try {
      await new Promise((done) => { setTimeout(done, 1_000); });
      for (const node of [a, b]) {
        assert.ok(await isServed(node.at(known.url)));
        const made = await mintOf(place, node.admin);
        for (const other of [a, b]) assert.ok(await isServed(other.at(made.url)));
        assert.equal((await node.ready()).status, 'ok');
      }
      await load.end();
      assert.deepEqual(load.failures, []);
      for (const node of [a, b]) await load.compare(node);
      await b.kill();
      await assert.rejects(b.start(), new RegExp(`version ${version + 1}.*newer|newer.*version ${version + 1}`, 's'));
    } finally {
      cluster.postgres.sql(cluster.database, `BEGIN; ALTER TABLE patchbay.mcp_server DROP COLUMN of_later;
        DROP TABLE patchbay.of_later; UPDATE patchbay.schema_version SET version = ${version}; COMMIT`);
    }
    await b.start();
    assert.ok(await isServed(b.at(known.url)));
  });

  test('on a file system that is full: what takes away holds, the rest is refused, and all is well with room again', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'patchbay-full-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'small', folder], { stdio: 'ignore' });
    } catch {
      t.diagnostic('not tried: no file system can be mounted here (not root)');
      rmdirSync(folder);
      return;
    }
    t.after(() => { execFileSync('umount', ['-l', folder]); rmdirSync(folder); });
    const { credentials } = await startSandbox(t);
    const serve = await startServe(t, folder);
    const mine = await mint(serve.admin, credentials, 'Mine');
    const servers = `/integrated-account/${mine.account.id}/mcp`;
    const doomed = await serve.admin.create(servers, { name: 'Doomed' });
    const filler = join(folder, 'filler');
    const fill = () => { try { writeFileSync(filler, Buffer.alloc(4 << 20), { flag: 'a' }); } catch { /* it is full */ } };
    for (let i = 0; i < 3; ++i) fill();
    assert.equal(statfsSync(folder).bavail, 0);
    const first = await until('a change is refused', async () => {
      const answer = await serve.admin.request('POST', servers, { name: 'No room' });
      return answer.status !== 201 && answer;
    });
    assert.equal(first.status, 503, first.text);
    assert.ok(await isServed(mine.url));
    const removed = await serve.admin.request('DELETE', `${servers}/${doomed.id}`);
    assert.equal(removed.status, 200, removed.text);
    assert.equal(await isServed(doomed.url), false);
    rmSync(filler);
    const made = await until('changes are taken again', async () => {
      const answer = await serve.admin.request('POST', servers, { name: 'Room' });
      return answer.status === 201 && answer.body;
    }, 15);
    assert.ok(await isServed(made.url));
    assert.equal(await isServed(doomed.url), false);
  });
});
