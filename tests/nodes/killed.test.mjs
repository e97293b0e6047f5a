// Servers are killed and started again under load, behind nginx: what was in flight on one that was killed
// may fail, and nothing else; and what was acknowledged is there.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Admin } from '../e2e/harness/admin.mjs';
import { size } from '../attack/harness/size.mjs';
import { startCluster, startNginx, tenant } from './harness/cluster.mjs';
import { Load } from './harness/load.mjs';

let cluster, nginx;
const ends = [];
after(async () => { for (const end of ends.reverse()) await end(); });
before(async () => {
  const kept = { after: (end) => ends.push(end) };
  cluster = await startCluster(kept);
  nginx = await startNginx(kept, cluster.nodes);
});

describe('killed', () => {
  test('a server fails what it had in flight, and loses nothing that it said was done', async (t) => {
    const place = await tenant(cluster);
    const load = new Load(new Admin(nginx.url, cluster.admin.token), place, nginx.at);
    load.begin(6);
    const outages = [];
    for (let round = 0; round < size(3, 30); ++round) {
      const node = cluster.nodes[round % 3];
      await sleep(700);
      const outage = { from: performance.now() };
      await node.kill();
      outage.until = performance.now();
      outages.push(outage);
      await sleep(400);
      await node.start();
      await node.untilReady();
    }
    await sleep(500);
    await load.end();
    // Who was asked stands in no answer: any one that was going on at that moment may have been there.
    const wrong = load.failures.filter(({ began, ended }) =>
      !outages.some(({ from, until }) => began <= until && ended >= from));
    assert.deepEqual(wrong, []);
    // nginx hands each server a third.
    assert.ok(load.failures.length <= outages.length * 6, `${load.failures.length} failed`);
    for (const node of cluster.nodes) await load.compare(node);
    t.diagnostic(`${load.told()}; ${load.failures.length} in flight failed in ${outages.length} kills`);
  });
});
