// What deploy/ha holds, run as it lies there and broken in every way that it is there for, under a load that goes on
// all the while: nothing that was acknowledged is lost, nothing reaches the API twice, and what was revoked stays so.
// tests/nodes/rehearse.sh gives it a network of its own; it takes some minutes.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Admin } from '../../e2e/harness/admin.mjs';
import { isServed, mintOf, tenant, until } from '../harness/cluster.mjs';
import { Load } from '../harness/load.mjs';
import { startSite } from './site.mjs';
import { calls, changes, Notes, Revocations } from './watch.mjs';

// max-unconfirmed, as it is unless said; and PATCHBAY_SERVE_WITHOUT_DATABASE of deploy/ha/patchbay.env.
const kUnconfirmed = 5;
const kWithout = 45;

let site, place, known, load, notes, revoked, pulse;
let kills = 0;
const cut = new Map();  // a node that is cut off from the database → until when it counts as such
const ends = [];
after(async () => {
  for (const end of ends.reverse()) await end();
  // What each program said, for whoever wants to know why.
  const logs = process.env.PATCHBAY_REHEARSAL_LOGS;
  if (logs) for (const { name, log } of site?.machines ?? []) cpSync(log, join(logs, name), { recursive: true });
});
before(async () => {
  site = await startSite({ after: (end) => ends.push(end) });
  place = await tenant(site);
  known = await mintOf(place, site.admin);
  for (const node of site.nodes) assert.ok(await isServed(node.at(known.url)));
  load = new Load(site.admin, place, (url) => url, { refusals: true });
  notes = new Notes((await mintOf(place, site.admin)).url);
  revoked = new Revocations(site, place, { watched: kWithout + 20,
    bound: (node) => ((cut.get(node.name) ?? 0) > performance.now() ? kWithout : kUnconfirmed) });
  pulse = { changes: changes(site.admin, place), calls: calls(known.url) };
  load.begin(2);
  for (const worker of [notes, pulse.changes, pulse.calls]) worker.begin(2);
  revoked.begin(3);
  // Not waited for: what hangs on a connection ends with the machines, which are switched off next.
  ends.push(() => { for (const it of [load, notes, revoked, pulse.changes, pulse.calls]) it.end().catch(() => {}); });
  await sleep(3_000);
});

// One thing breaks and is mended; what its users saw of it is told.
function rehearse(what, breaks) {
  test(what, async (t) => {
    await site.whole();
    const from = performance.now();
    await breaks(t);
    await site.whole();
    await sleep(1_000);
    const to = performance.now();
    for (const [name, it] of Object.entries(pulse)) {
      const { seconds, wrong, reasons } = it.between(from, to);
      t.diagnostic(`${name}: ${seconds.toFixed(1)} s at most without one, ${wrong} of ${wrong + it.good.filter((at) => at >= from && at <= to).length} not done`
        + `${wrong ? ` (${reasons.slice(0, 4).join('; ')})` : ''}`);
    }
    assert.ok(await isServed(known.url));
    assert.deepEqual(revoked.late, [], 'served after its bound');
  });
}
const primaryAgain = async (old) => {
  const found = await until('another is the primary', async () => {
    const primary = await site.primary();
    return primary && primary !== old && primary;
  }, 60);
  return found;
};

describe('the site', () => {
  rehearse('each server is killed (kill -9) and started again', async () => {
    for (const node of site.nodes) {
      await node.programs.patchbay.kill();
      kills += 1;
      await sleep(1_000);
      await node.startPatchbay();
      await until('it is ready', () => node.ready(), 30);
    }
  });

  rehearse('a server stands still for twelve seconds (SIGSTOP)', async () => {
    const [node] = site.nodes;
    node.programs.patchbay.signal('SIGSTOP');
    try { await sleep(12_000); } finally { node.programs.patchbay.signal('SIGCONT'); }
  });

  rehearse('a machine with a server and a member of etcd loses its power', async () => {
    const node = site.nodes[1];
    await node.switchOff();
    kills += 1;
    await sleep(8_000);
    await node.switchOn();
    node.startEtcd();
    await node.startPatchbay();
  });

  rehearse('the standby loses its power', async () => {
    const standby = await site.standby();
    await standby.switchOff();
    kills += 1;
    await sleep(20_000);
    await standby.switchOn();
    standby.startPatroni();
  });

  rehearse('the primary loses its power', async (t) => {
    const old = await site.primary();
    const from = performance.now();
    await old.switchOff();
    kills += 1;
    await primaryAgain(old);
    t.diagnostic(`another is the primary after ${((performance.now() - from) / 1000).toFixed(1)} s`);
    await sleep(10_000);
    await old.switchOn();
    old.startPatroni();
  });

  rehearse('PostgreSQL of the primary is killed (kill -9), Patroni lives', async (t) => {
    const old = await site.primary();
    const from = performance.now();
    process.kill(old.postmaster, 'SIGKILL');
    kills += 1;
    await primaryAgain(old);
    t.diagnostic(`another is the primary after ${((performance.now() - from) / 1000).toFixed(1)} s`);
  });

  // PostgreSQL gives up only when no log of changes fits any more, and keeps room for that; so it may go on and refuse.
  rehearse('the disk of the primary is full for twenty seconds', async (t) => {
    const old = await site.primary();
    const fills = setInterval(() => old.fillDisk(), 1_000);
    try {
      await sleep(20_000);
      t.diagnostic(`the primary is ${await site.primary() === old ? 'the same' : 'another'}`);
    } finally {
      clearInterval(fills);
      old.emptyDisk();
    }
  });

  rehearse('the primary is cut off from everybody', async (t) => {
    const old = await site.primary();
    const from = performance.now();
    old.cut();
    try {
      await primaryAgain(old);
      t.diagnostic(`another is the primary after ${((performance.now() - from) / 1000).toFixed(1)} s`);
      await sleep(15_000);
    } finally {
      old.join();
    }
  });

  rehearse('a server is cut off from everybody', async () => {
    const [node] = site.nodes;
    cut.set(node.name, Infinity);
    node.cut();
    try { await sleep(20_000); } finally { node.join(); }
    cut.set(node.name, performance.now() + kUnconfirmed * 1_000);
  });

  rehearse('a server is cut off from both databases, and its clients still reach it', async (t) => {
    const [node, other] = site.nodes;
    const doomed = await mintOf(place, site.admin);
    assert.ok(await isServed(node.at(doomed.url)));
    cut.set(node.name, Infinity);
    node.cutFrom(...site.databases);
    try {
      // Revoked by one that reaches the database; this one cannot hear of it, and has it in memory.
      const began = performance.now();
      await until('it is revoked', async () =>
        (await new Admin(other.url, site.admin.token).request('DELETE', `${place.servers}/${doomed.id}`)).status === 200, 10);
      const gone = performance.now();
      assert.equal(await isServed(other.at(doomed.url)), false);
      await until('the one that is cut off stops as well', async () => !await isServed(node.at(doomed.url)), kWithout + 5);
      t.diagnostic(`a revoked server was served for ${((performance.now() - gone) / 1000).toFixed(1)} s by the one that is cut off`);
      await sleep(Math.max(0, (kWithout + 10) * 1_000 - (performance.now() - began)));
      assert.equal(await isServed(node.at(doomed.url)), false);
    } finally {
      node.joinTo(...site.databases);
    }
    assert.equal(await isServed(node.at(doomed.url)), false);
    cut.set(node.name, performance.now() + kUnconfirmed * 1_000);
  });

  rehearse('etcd has no majority for half a minute', async () => {
    const stopped = site.nodes.slice(0, 2);
    for (const node of stopped) await node.programs.etcd.kill();
    await sleep(30_000);
    for (const node of stopped) node.startEtcd();
  });

  test('afterwards all that was acknowledged is there, once', async (t) => {
    await Promise.all([load.end(), notes.end(), revoked.end()]);
    await site.whole();
    for (const node of site.nodes) {
      node.admin = site.admin;
      await load.compare(node);
    }
    const { checked, uncertain, again } = await notes.check(site.psa);
    t.diagnostic(`${kills} kills; ${load.told()}; ${load.refused.length} changes refused, ${load.failures.length} not answered`);
    t.diagnostic(`${checked} writes to the API checked, none lost, none twice; ${again} asked again, of ${uncertain} nobody knows`);
    t.diagnostic(`${revoked.checked} revocations watched on each node, none served after its bound; the longest: `
      + `${[...revoked.longest].map(([node, seconds]) => `${node} ${seconds.toFixed(1)} s`).join(', ')}`);
    assert.ok(checked > 100 && revoked.checked > 50, 'there was a load');
  });
});
