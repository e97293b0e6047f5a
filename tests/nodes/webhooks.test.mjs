// Several servers on one database: each message is delivered by one of them, also when one is killed with
// messages in its hands.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Receiver, tell } from '../e2e/harness/receiver.mjs';
import { mintOf, startCluster, tenant, until } from './harness/cluster.mjs';

const kMessages = 60;

let cluster;
const ends = [];
const kept = { after: (end) => ends.push(end) };
after(async () => { for (const end of ends.reverse()) await end(); });
before(async () => { cluster = await startCluster(kept, { nodes: 2 }); });

const waiting = () => Number(cluster.postgres.sql(cluster.database,
  "SELECT count(*) FROM patchbay.webhook_delivery WHERE state = 'pending'"));

test('each is told of once, whichever node it happened on', async (t) => {
  const receiver = await Receiver.start(t);
  const place = await tenant(cluster);
  await tell(cluster.admin, receiver, ['mcp_server.created', 'mcp_server.expired'], { environment_id: place.environment.id });
  const made = await Promise.all(Array.from({ length: kMessages },
    (_, i) => mintOf(place, cluster.nodes[i % 2].admin, { expires_at: new Date(Date.now() + 8_000).toISOString() })));
  await receiver.until('all', () => receiver.of('mcp_server.created').length >= kMessages, 30);
  await receiver.until('all that expired', () => receiver.of('mcp_server.expired').length >= kMessages, 30);
  await until('nothing waits', () => waiting() === 0);
  await sleep(1_000);
  for (const type of ['mcp_server.created', 'mcp_server.expired']) {
    const told = receiver.of(type);
    assert.deepEqual(told.map(({ message }) => message.data.mcp_server_id).sort(), made.map(({ id }) => id).sort());
    assert.equal(new Set(told.map(({ id }) => id)).size, kMessages);
  }
});

test('of an expiry that two look for at the same moment, one tells', async (t) => {
  const receiver = await Receiver.start(t);
  const place = await tenant(cluster);
  await tell(cluster.admin, receiver, ['mcp_server.expiring'], { environment_id: place.environment.id });
  const made = await Promise.all(Array.from({ length: 20 },
    (_, i) => mintOf(place, cluster.nodes[i % 2].admin, { expires_at: new Date(Date.now() + 60_000).toISOString() })));
  await receiver.until('all', () => receiver.got.length >= made.length);
  await sleep(2_000);
  assert.deepEqual(receiver.of('mcp_server.expiring').map(({ message }) => message.data.mcp_server_id).sort(),
    made.map(({ id }) => id).sort());
});

test('what a node had in its hands when it was killed is delivered by the other, under the same id', async (t) => {
  const receiver = await Receiver.start(t);
  const place = await tenant(cluster);
  await tell(cluster.admin, receiver, ['mcp_server.created'], { environment_id: place.environment.id });
  receiver.answer = () => null;
  const [a, b] = cluster.nodes;
  const made = await mintOf(place, a.admin);
  const first = await receiver.until('the first attempt', () => receiver.got[0]);
  await a.kill();
  receiver.answer = () => 200;
  // Its claim lasts a minute.
  const again = await receiver.until('the other one', () => receiver.got[1], 80);
  assert.equal(again.id, first.id);
  assert.equal(again.message.data.mcp_server_id, made.id);
  await until('nothing waits', () => waiting() === 0);
  assert.equal(receiver.got.length, 2);
  assert.ok((await b.ready()).status);
});
