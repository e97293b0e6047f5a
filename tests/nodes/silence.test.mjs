// The connection on which a server hears of changes fails while the database answers, and the other way round:
// what is taken away elsewhere is refused within the bound.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { size } from '../attack/harness/size.mjs';
import { figures, isServed, mintOf, startCluster, tenant, until } from './harness/cluster.mjs';
import { Wire } from './harness/wire.mjs';

const kUnconfirmed = 2;
const kWithout = 3;
// The bound, and what a busy machine takes to ask.
const kBound = (kUnconfirmed + 1) * 1000;

let cluster, a, b, c, place;
const ends = [];
after(async () => { for (const end of ends.reverse()) await end(); });
before(async () => {
  const kept = { after: (end) => ends.push(end) };
  cluster = await startCluster(kept, {
    args: ['--max-unconfirmed', String(kUnconfirmed), '--serve-without-database', String(kWithout)],
    wires: (i, { port }) => (i > 0 ? Wire.start(kept, port) : undefined) });
  [a, b, c] = cluster.nodes;
  place = await tenant(cluster);
});

// Made and taken away by the one whose connections are well; how long the others served it after that.
async function takenAway(seconds) {
  const made = await mintOf(place, a.admin);
  for (const node of [b, c]) assert.ok(await isServed(node.at(made.url)));
  await a.admin.remove(`${place.servers}/${made.id}`);
  const began = performance.now();
  return Promise.all([b, c].map(async (node) => {
    await until('it is refused', async () => !await isServed(node.at(made.url)), seconds);
    return performance.now() - began;
  }));
}
async function forAWhile(fails) {
  const times = [];
  const end = performance.now() + size((kUnconfirmed + 1) * 1000, 30_000);
  while (performance.now() < end) {
    await fails();
    times.push(...await takenAway(kBound / 1000));
    await sleep(100);
  }
  return times;
}

async function allWell() {
  await Promise.all(cluster.nodes.map((node) => node.untilReady()));
  for (const { wire } of [b, c]) await until('changes are heard', () => wire.listens);
}

describe('refused within the bound is what was taken away, where', () => {
  test('the connection for changes is ended again and again', async (t) => {
    // Each connection of a server, as the database sees it, in short intervals.
    const times = await forAWhile(() => cluster.postgres.sql(cluster.database, `SELECT count(pg_terminate_backend(pid))
      FROM pg_stat_activity WHERE application_name = 'patchbay' AND datname = current_database() AND state = 'idle'`));
    t.diagnostic(figures(times));
  });
  test('the connection for changes cannot be made any more', async (t) => {
    for (const { wire } of [b, c]) wire.failListening('cut');
    const times = await forAWhile(() => {});
    for (const { wire } of [b, c]) wire.mend();
    t.diagnostic(figures(times));
  });
  test('the connection for changes falls silent, and so does each new one', async (t) => {
    for (const { wire } of [b, c]) wire.failListening('silent');
    const times = await forAWhile(() => {});
    for (const { wire } of [b, c]) wire.mend();
    t.diagnostic(figures(times));
  });
  for (const how of ['cut', 'silent']) {
    test(`changes are heard, and what they are cannot be asked (${how})`, async (t) => {
      await allWell();
      const made = await mintOf(place, a.admin);
      const stays = await mintOf(place, a.admin);
      for (const node of [b, c]) for (const m of [made, stays]) assert.ok(await isServed(node.at(m.url)));
      for (const { wire } of [b, c]) wire.failOthers(how);
      try {
        await a.admin.remove(`${place.servers}/${made.id}`);
        const began = performance.now();
        // Nobody can tell them what was changed: they go on as without a database, and no longer.
        const times = await Promise.all([b, c].map(async (node) => {
          for (let last = 0; ;) {
            const asked = performance.now() - began;
            if (!await isServed(node.at(made.url))) return last;
            last = asked;
            assert.ok(last < kWithout * 1000 + kBound, `${node.url} still serves it after ${last} ms`);
            await sleep(50);
          }
        }));
        t.diagnostic(`served for: ${figures(times)}; refused after ${Math.round(performance.now() - began)} ms`);
      } finally {
        for (const { wire } of [b, c]) wire.mend();
      }
      for (const node of [b, c]) {
        await until('it serves the others again', () => isServed(node.at(stays.url)), 15);
        assert.equal(await isServed(node.at(made.url)), false);
        await node.untilReady();
      }
    });
    test(`changes are heard, and what they are can only be asked later (${how})`, async (t) => {
      await allWell();
      const made = await mintOf(place, a.admin);
      for (const node of [b, c]) assert.ok(await isServed(node.at(made.url)));
      for (const { wire } of [b, c]) wire.failOthers(how);
      try {
        await a.admin.remove(`${place.servers}/${made.id}`);
        await sleep(300);
      } finally {
        for (const { wire } of [b, c]) wire.mend();
      }
      const began = performance.now();
      const times = await Promise.all([b, c].map(async (node) => {
        await until('it is refused', async () => !await isServed(node.at(made.url)), kBound / 1000 + 2);
        return performance.now() - began;
      }));
      t.diagnostic(`once it can be asked: ${figures(times)}`);
    });
  }
});
