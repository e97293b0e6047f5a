// The database has a standby that every commit waits for. The first dies under load and the other takes over: no
// change that was acknowledged is lost, what was revoked stays revoked, and nobody has to be told the new address.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isServed, mintOf, startCluster, tenant, until } from './harness/cluster.mjs';
import { Load } from './harness/load.mjs';

test('the standby takes over under load', async (t) => {
  const cluster = await startCluster(t, { nodes: 2, standby: true });
  const [a, b] = cluster.nodes;
  const place = await tenant(cluster);
  const known = await mintOf(place, a.admin);
  const revoked = await mintOf(place, a.admin);
  for (const node of [a, b]) {
    for (const { url } of [known, revoked]) assert.ok(await isServed(node.at(url)));
  }

  const loads = [a, b].map((node) => new Load(node.admin, place, (url) => node.at(url), { refusals: true }));
  t.after(() => Promise.all(loads.map((load) => load.end())));
  for (const load of loads) load.begin(4);
  await sleep(1_000);
  assert.equal((await a.admin.request('DELETE', `${place.servers}/${revoked.id}`)).status, 200);

  await cluster.postgres.stop();
  const died = performance.now();
  // What is known is served meanwhile; what was revoked just before is not, on either.
  for (const node of [a, b]) {
    assert.ok(await isServed(node.at(known.url)));
    assert.equal(await isServed(node.at(revoked.url)), false);
  }
  await sleep(500);
  cluster.standby.promote();
  const first = await until('changes are taken again', async () => {
    const { status, body } = await a.admin.request('POST', place.servers, { name: 'After' });
    return status === 201 ? body : undefined;
  }, 40);
  t.diagnostic(`changes again ${((performance.now() - died) / 1000).toFixed(1)} s after the first died`);
  await Promise.all([a, b].map((node) => node.untilReady(40)));
  // Ready is who may serve what it knows: a node that tries the database again in a moment is that already.
  await until('a change on one is heard by the other again', () => isServed(b.at(first.url)), 15);
  await sleep(1_000);
  for (const load of loads) await load.end();

  for (const load of loads) {
    t.diagnostic(`${load.told()}; ${load.refused.length} changes refused`);
    await load.compare(a);
    // Whoever waits for a commit when the database dies is told that it is not known.
    for (const { what, began, ended, reason } of load.failures) {
      assert.ok(what !== 'calls' && began < died + 40_000 && ended > died, `${what}: ${reason}`);
    }
  }
  for (const node of [a, b]) assert.equal(await isServed(node.at(revoked.url)), false);
});
