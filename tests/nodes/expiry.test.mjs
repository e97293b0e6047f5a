// Many MCP servers that are over in the same second: gone on all servers, from memory and from the database,
// while calls go on.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Innocent } from '../attack/harness/observer.mjs';
import { size } from '../attack/harness/size.mjs';
import { isServed, mintOf, ping, startCluster, tenant, until } from './harness/cluster.mjs';

const kServers = size(1_000, 10_000);
const kWorkers = 12;

let cluster;
const ends = [];
after(async () => { for (const end of ends.reverse()) await end(); });
before(async () => {
  cluster = await startCluster({ after: (end) => ends.push(end) });
});

// How many are made at once, and when the last one is.
async function mintMany(place, count, expires_at) {
  const made = [];
  let left = count;
  await Promise.all(Array.from({ length: kWorkers }, async (_, worker) => {
    const { admin } = cluster.nodes[worker % 3];
    while (left-- > 0) made.push(await mintOf(place, admin, expires_at ? { expires_at } : {}));
  }));
  return made;
}

describe('at the same moment', () => {
  test(`${kServers} MCP servers expire, and calls go on`, async (t) => {
    const place = await tenant(cluster);
    const stays = await mintOf(place, cluster.admin);
    const began = Date.now();
    await mintMany(place, 60);
    const each = (Date.now() - began) / 60;
    t.diagnostic(`minting takes ${each.toFixed(1)} ms, ${kWorkers} at a time on three servers`);
    const moment = Date.now() + Math.ceil(kServers * each * 1.7) + 3_000;
    const made = await mintMany(place, kServers, new Date(moment).toISOString());
    assert.ok(Date.now() < moment, 'minted in time');
    // Each server has some of them in memory.
    const sample = made.filter((_, i) => i % Math.ceil(made.length / 100) === 0);
    for (const node of cluster.nodes) {
      if (Date.now() < moment - 1_000) await Promise.all(sample.slice(0, 30).map((m) => ping(node.at(m.url))));
    }
    const innocents = cluster.nodes.map((node) => new Innocent({ url: node.at(stays.url) }, 20));
    const count = () => Number(cluster.postgres.sql(cluster.database,
      'SELECT count(*) FROM patchbay.mcp_server WHERE expires_at IS NOT NULL'));
    assert.equal(count(), kServers);
    await sleep(moment - Date.now());
    // By the clock, and not when their turn to be deleted comes.
    const served = await Promise.all(sample.flatMap((m) => cluster.nodes.map(async (node) => {
      const { status } = await ping(node.at(m.url));
      return status !== 404;
    })));
    assert.ok(!served.includes(true), `${served.filter(Boolean).length} were served after their moment`);
    await until('they are gone from the database', () => count() === 0, 15);
    t.diagnostic(`gone from the database ${Date.now() - moment} ms after their moment`);
    for (const innocent of innocents) await innocent.stop();
    const told = innocents.map(({ answers, slowest }) => `${answers}, slowest ${slowest} ms`);
    t.diagnostic(`calls of others: ${told.join('; ')}`);
    for (const node of cluster.nodes) {
      assert.ok(await isServed(node.at(stays.url)));
      const { result } = await node.admin.get(`${place.servers}?limit=1000`);
      assert.equal(result.filter((one) => one.expires_at).length, 0);
    }
  });
});
