// The database goes away and comes back: what is known is served for as long as was said, what is over is
// refused all the same, changes are refused in clear words, and nothing that was acknowledged is lost.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { size } from '../attack/harness/size.mjs';
import { call, figures, isServed, mintOf, ping, said, startCluster, tenant, until } from './harness/cluster.mjs';
import { Load } from './harness/load.mjs';
import { Wire } from './harness/wire.mjs';

// The second goes by what it knows for three seconds, the third not at all; the others for a minute.
const kUnconfirmed = 1;
const bounds = (seconds) => ['--max-unconfirmed', String(kUnconfirmed), '--serve-without-database', String(seconds)];
const kShort = 3;
// A call that could be answered from memory is not held up for longer than that.
const kPatience = 5_000;

let cluster, a, short, none, wired;
const ends = [];
after(async () => { for (const end of ends.reverse()) await end(); });
before(async () => {
  const kept = { after: (end) => ends.push(end) };
  cluster = await startCluster(kept, { nodes: 4, args: [bounds(60), bounds(kShort), bounds(0), bounds(60)],
    wires: (i, { port }) => (i === 3 ? Wire.start(kept, port) : undefined) });
  [a, short, none, wired] = cluster.nodes;
});

// Also after a test that failed.
afterEach(async () => {
  wired.wire.mend();
  await cluster.postgres.start();
});

// Asks again and again; each answer as [milliseconds since, status].
function watch(t, url) {
  const began = performance.now();
  const it = { answers: [], slowest: 0, stop: async () => { it.stopped = true; await it.asking; } };
  it.asking = (async () => {
    while (!it.stopped) {
      const asked = performance.now();
      const { status, headers } = await ping(url);
      if (performance.now() - asked > it.slowest) {
        it.slowest = performance.now() - asked;
        it.slowestAt = asked - began;
      }
      it.answers.push({ asked: asked - began, status, retryAfter: headers.get('retry-after') });
      await sleep(20);
    }
  })();
  t.after(it.stop);
  return it;
}
// Ready is who hears changes; whoever was refused a connection may wait for some seconds before another attempt.
async function recovered() {
  await Promise.all(cluster.nodes.map((node) => node.untilReady(30)));
  await Promise.all(cluster.nodes.map((node) => until('it asks the database', async () =>
    (await node.admin.request('GET', '/environment?limit=1')).status === 200, 15)));
}
const telling = (node, words) => node.program.stderr.split('\n').filter((line) => line.includes(words));

describe('without its database', () => {
  test('what is known is served and what expires is not, changes are refused, and all comes back', async (t) => {
    const place = await tenant(cluster);
    const known = await mintOf(place, a.admin);
    const load = new Load(a.admin, place, (url) => wired.at(url), { refusals: true });
    for (const node of [a, wired]) assert.ok(await isServed(node.at(known.url)));
    t.after(() => load.end());
    load.begin(4);
    await sleep(500);
    for (let round = 0; round < size(1, 10); ++round) {
      const before = telling(a, 'are not heard').length;
      const ending = await mintOf(place, a.admin, { expires_at: new Date(Date.now() + 2_500).toISOString() });
      const deleted = await mintOf(place, a.admin);
      for (const node of [a, wired]) {
        assert.ok(await isServed(node.at(ending.url)));
        assert.ok(await isServed(node.at(deleted.url)));
      }
      const watched = [a, wired].map((node) => watch(t, node.at(known.url)));
      await cluster.postgres.stop();
      const [refused, , renamed] = await Promise.all([
        a.admin.request('POST', place.servers, { name: 'Refused' }),
        a.admin.request('POST', '/environment', { name: `Refused ${round}` }),
        a.admin.request('PATCH', `${place.servers}/${known.id}`, { name: 'Refused' })]);
      for (const answer of [refused, renamed]) {
        assert.equal(answer.status, 503, answer.text);
        assert.match(answer.headers.get('content-type'), /json/);
        assert.match(answer.body.message, /database/i);
      }
      const removed = await a.admin.request('DELETE', `${place.servers}/${deleted.id}`);
      t.diagnostic(`a delete meanwhile: ${removed.status} ${removed.text.slice(0, 200)}`);
      // What takes away holds at once, on the server that was asked.
      assert.equal(removed.status, 200, removed.text);
      assert.equal(removed.body.not_yet_on_disk, true);
      assert.equal(await isServed(a.at(deleted.url)), false);
      await until('it is over', () => Date.now() >= Date.parse(ending.expires_at), 10);
      for (const node of [a, wired]) {
        assert.equal(await isServed(node.at(ending.url)), false);
        const ready = await until('it says so', async () => {
          const told = await node.ready();
          return told.status !== 'ok' && told;
        }, 10);
        assert.deepEqual([ready.status, ready.database_silent_seconds >= 1], ['degraded', true]);
        assert.equal((await fetch(`${node.url}/readyz`)).status, 200);
      }
      assert.ok(telling(a, 'are not heard').length > before);
      await sleep(size(500, 3_000));
      for (const node of [a, wired]) assert.equal(await isServed(node.at(ending.url)), false);
      await cluster.postgres.start();
      const began = performance.now();
      await recovered();
      t.diagnostic(`all ready ${Math.round(performance.now() - began)} ms after the start of the database`);
      for (const one of watched) {
        await one.stop();
        assert.deepEqual(one.answers.filter(({ status }) => status !== 200), []);
        t.diagnostic(`${one.answers.length} calls of a known server, slowest ${Math.round(one.slowest)} ms, asked `
          + `${Math.round(one.slowestAt)} ms after the database went`);
      }
      for (const one of watched) assert.ok(one.slowest < kPatience, 'no call of a known server waits for long');
      await until('what was deleted is gone everywhere', async () =>
        !(await Promise.all([a, wired].map((node) => isServed(node.at(deleted.url))))).includes(true), 15);
    }
    await sleep(500);
    await load.end();
    // Who cannot be known without the database may be refused with 503, but is never told anything else.
    assert.deepEqual(load.failures.filter(({ reason }) => !reason.startsWith('503 ')), []);
    assert.ok(load.refused.length > 0);
    for (const node of [a, wired]) await load.compare(node);
    t.diagnostic(`${load.told()}; ${load.refused.length} changes refused`);
  });

  test('and with it again, all hear of what is taken away by the first that reaches it', async (t) => {
    const times = [];
    for (let round = 0; round < size(2, 20); ++round) {
      await recovered();
      const place = await tenant(cluster);
      const known = await mintOf(place, a.admin);
      for (const node of [short, wired]) assert.ok(await isServed(node.at(known.url)));
      await cluster.postgres.stop();
      await sleep(1_500);
      await cluster.postgres.start();
      await until('it is deleted', async () => {
        const answer = await a.admin.request('DELETE', `${place.servers}/${known.id}`);
        return answer.status === 200;
      }, 15);
      const began = performance.now();
      for (const node of [short, wired]) {
        await until('the others refuse it', async () => !await isServed(node.at(known.url)), 10);
        times.push(performance.now() - began);
      }
    }
    t.diagnostic(`refused: ${figures(times)}`);
  });

  test('a server that may go on for three seconds, and one that may not, stop then and come back', async (t) => {
    await recovered();
    const known = await mintOf(await tenant(cluster), a.admin);
    for (const node of cluster.nodes) assert.ok(await isServed(node.at(known.url)));
    const watched = { short: watch(t, short.at(known.url)), none: watch(t, none.at(known.url)),
      a: watch(t, a.at(known.url)) };
    const gone = performance.now();
    await cluster.postgres.stop();
    await until('the one refuses', async () => (await ping(none.at(known.url))).status === 503, kUnconfirmed + 2);
    await until('the other refuses', async () => (await ping(short.at(known.url))).status === 503, kShort + 3);
    const stopped = performance.now() - gone;
    assert.ok(stopped >= (kShort - 1) * 1000, `stopped serving after ${stopped} ms`);
    for (const node of [short, none]) {
      const call = await ping(node.at(known.url));
      assert.equal(call.status, 503, call.text);
      assert.ok(Number(call.headers.get('retry-after')) >= 1, 'when to come back');
      const admin = await node.admin.request('GET', '/environment?limit=1');
      assert.equal(admin.status, 503, admin.text);
      assert.ok(Number(admin.headers.get('retry-after')) >= 1, 'when to come back, of the admin API');
      assert.equal(admin.body.statusCode, 503);
      await until('it says so', async () => (await node.ready()).status === 'unavailable', 3);
      assert.equal((await fetch(`${node.url}/readyz`)).status, 503);
    }
    assert.equal((await ping(a.at(known.url))).status, 200);
    await cluster.postgres.start();
    const began = performance.now();
    await Promise.all([short, none].map((node) =>
      until('it serves again', () => isServed(node.at(known.url)), 15)));
    t.diagnostic(`served again ${Math.round(performance.now() - began)} ms after the start of the database`);
    await recovered();
    for (const [who, one] of Object.entries(watched)) {
      await one.stop();
      const statuses = new Set(one.answers.map(({ status }) => status));
      statuses.delete(200);
      assert.deepEqual([...statuses], who === 'a' ? [] : [503], who);
      const refused = one.answers.filter(({ status }) => status === 503);
      assert.ok(refused.every(({ retryAfter }) => Number(retryAfter) >= 1));
    }
    const late = watched.short.answers.filter(({ asked, status }) =>
      status === 503 && asked < (kShort - 1) * 1000);
    assert.deepEqual(late, [], 'it goes on for as long as was said');
  });

  // A network that swallows everything: nobody refuses, nobody answers.
  test('which says nothing at all, a server goes on all the same', async (t) => {
    await recovered();
    const place = await tenant(cluster);
    const known = await mintOf(place, a.admin);
    assert.ok(await isServed(wired.at(known.url)));
    wired.wire.failAll('silent');
    // What runs already goes on, and is what it would have been.
    await cluster.psa.control('POST', 'faults', { path_prefix: '/service', delay_ms: 3_000, count: 1 });
    const running = call(wired.at(known.url), 'get_single_connect_wise_psa_ticket_by_id', { id: 5012 });
    const times = [];
    try {
      const end = performance.now() + size(6_000, 30_000);
      while (performance.now() < end) {
        const began = performance.now();
        const { status, text } = await ping(wired.at(known.url));
        times.push(performance.now() - began);
        assert.equal(status, 200, text);
        await sleep(50);
      }
      assert.equal((await wired.ready()).status, 'degraded');
      const read = said(await running);
      assert.equal(read.id, 5012, JSON.stringify(read));
      // But no write, which nobody would know of if it was cut off.
      const made = said(await call(wired.at(known.url), 'create_a_connect_wise_psa_ticket',
        { summary: 'In silence', company: 'Acme Corp' }));
      assert.equal(made.error?.status, 503, JSON.stringify(made));
      assert.equal(made.error.was_applied, 'no');
      const refused = await wired.admin.request('POST', place.servers, { name: 'Refused' });
      assert.equal(refused.status, 503, refused.text);
    } finally {
      wired.wire.mend();
    }
    t.diagnostic(`calls meanwhile: ${figures(times)}`);
    assert.ok(Math.max(...times) < kPatience, 'nobody waits for it for long');
    await wired.untilReady(40);
    const made = await mintOf(place, a.admin);
    await until('what another node makes is served', () => isServed(wired.at(made.url)), 15);
  });
});
