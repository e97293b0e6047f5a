// What one node is told of a server's pauses, addresses, quotas and rotations holds on the others.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { kLook } from '../attack/harness/desk.mjs';
import { call, isServed, kNote, mintOf, ping, said, startCluster, tenant, until } from './harness/cluster.mjs';

const kSlack = 1_000;
let cluster, a, b, c, home;
const ends = [];
after(async () => { for (const end of ends.reverse()) await end(); });
before(async () => {
  cluster = await startCluster({ after: (end) => ends.push(end) });
  [a, b, c] = cluster.nodes;
  home = await tenant(cluster);
});
const at = (m) => `${home.servers}/${m.id}`;
const status = async (node, m) => (await ping(node.at(m.url))).status;
async function within(what, look) {
  const began = performance.now();
  await until(what, look, 10);
  const took = performance.now() - began;
  assert.ok(took < kSlack, `${what}: ${took} ms`);
}

test('a pause, and its end', async () => {
  const m = await mintOf(home, a.admin);
  for (const node of [b, c]) assert.equal(await status(node, m), 200);
  await a.admin.change(at(m), { config: { paused: true } });
  for (const node of [b, c]) await within('paused there', async () => await status(node, m) === 403);
  await b.admin.change(at(m), { config: { paused: null } });
  for (const node of [a, c]) await within('open there', async () => await status(node, m) === 200);
});

test('a list of addresses', async () => {
  const m = await mintOf(home, a.admin);
  assert.equal(await status(b, m), 200);
  await a.admin.change(at(m), { config: { ip_allow: ['192.0.2.0/24'] } });
  for (const node of [b, c]) await within('closed there', async () => await status(node, m) === 404);
});

test('both tokens of an overlap, until its moment, also on a node that starts in between', async () => {
  const m = await mintOf(home, a.admin);
  assert.ok(await isServed(b.at(m.url)));
  const rotated = (await a.admin.request('POST', `${at(m)}/rotate`, { overlap_seconds: 6 })).body;
  const end = Date.parse(rotated.previous_token_expires_at);
  for (const node of [a, b, c]) {
    assert.ok(await isServed(node.at(m.url)));
    assert.ok(await isServed(node.at(rotated.url)));
  }
  await c.kill();
  await c.start();
  assert.ok(await isServed(c.at(m.url)));
  for (const node of [a, b, c]) {
    let last = 0;
    for (let asked = Date.now(); await isServed(node.at(m.url)); asked = Date.now()) {
      last = asked;
      await sleep(20);
    }
    assert.ok(last < end, `${node.url} open ${last - end} ms after its end`);
    assert.ok(await isServed(node.at(rotated.url)));
  }
  assert.ok(Date.now() >= end);
  const again = await mintOf(home, a.admin);
  await a.admin.request('POST', `${at(again)}/rotate`, { overlap_seconds: 600 });
  for (const node of [a, b, c]) assert.ok(await isServed(node.at(again.url)));
  await b.admin.remove(at(again));
  for (const node of [a, c]) await within('gone there', async () => await status(node, again) === 404);
});

test('a quota, which all of them together do not exceed', async () => {
  const m = await mintOf(home, a.admin, { config: { quota: { calls_per_day: 60 } } });
  const looks = (count) => Promise.all(Array.from({ length: count }, (_, i) =>
    call(cluster.nodes[i % 3].at(m.url), kLook, { id: 5012 })));
  const through = (answers) => answers.filter((answer) => said(answer).id).length;
  let passed = through(await looks(30));
  assert.equal(passed, 30);
  await b.kill();
  await b.start();
  passed += through(await looks(150));
  assert.ok(passed <= 60, `${passed} of 60`);
  // What a node has set aside and lost: a twentieth.
  assert.ok(passed >= 50, `${passed} of 60`);
});

test('what a server is used for, of all of them together', async () => {
  const m = await mintOf(home, a.admin);
  for (const node of [a, b, c]) await call(node.at(m.url), kLook, { id: 5012 });
  await until('all are counted', async () => (await a.admin.get(at(m))).calls_today === 3, 10);
  assert.equal((await c.admin.get(at(m))).errors_today, 0);
});

test('a session of the dashboard: on all of them at once, and gone from all with its end', async () => {
  const asks = (node, cookie, method, path, body) => fetch(node.url + path, { method, headers: {
    ...(cookie && { cookie }), 'x-patchbay-session': '1', 'content-type': 'application/json' },
    body: body && JSON.stringify(body) });
  const { id, token } = await a.admin.create('/api-token', { name: 'Person' });
  const signIn = async (node) => {
    const answer = await asks(node, undefined, 'POST', '/session', { token });
    assert.equal(answer.status, 201, await answer.text());
    return answer.headers.getSetCookie()[0].split(';')[0];
  };
  const opens = async (node, cookie) => (await asks(node, cookie, 'GET', '/environment')).status;
  const [first, second] = [await signIn(a), await signIn(b)];
  for (const node of [a, b, c]) for (const cookie of [first, second]) assert.equal(await opens(node, cookie), 200);
  // Signed out on one: no other node lets it in, not even for the moment that news take.
  assert.equal((await asks(b, first, 'DELETE', '/session')).status, 200);
  for (const node of [a, b, c]) assert.equal(await opens(node, first), 401);
  assert.equal(await opens(a, second), 200);
  const third = await signIn(c);
  assert.equal((await asks(c, third, 'DELETE', '/session?everywhere=true')).status, 200);
  for (const node of [a, b, c]) for (const cookie of [second, third]) assert.equal(await opens(node, cookie), 401);
  const last = await signIn(c);
  await a.admin.remove(`/api-token/${id}`);
  for (const node of [b, c]) await within('gone with its token', async () => await opens(node, last) === 401);
});

test('activity and the overview, of all of them together', async () => {
  const own = await tenant(cluster);
  const { token } = await a.admin.create('/api-token', { name: 'Own', environment_id: own.environment.id });
  const m = await mintOf(own, a.admin);
  for (const node of [a, b, c]) {
    await call(node.at(m.url), kLook, { id: 5012 });
    await call(node.at(m.url), kLook, { id: 99_999_999 });
  }
  await call(b.at(m.url), kNote, { ticketId: 5012, internalAnalysisFlag: true, text: 'Seen from everywhere' });
  const of = `environment_id=${own.environment.id}`;
  for (const node of [a, b, c]) {
    await until('all calls are told', async () => (await node.admin.get(`/activity?${of}`)).totals.calls === 7, 10);
    const { totals, tools, servers, buckets, complete } = await node.admin.get(`/activity?${of}`);
    assert.deepEqual([totals.errors, totals.writes, complete], [3, 1, true]);
    assert.deepEqual(tools.map(({ tool, calls }) => [tool, calls]), [[kLook, 6], [kNote, 1]]);
    assert.deepEqual(servers.map(({ name, calls }) => [name, calls]), [['Server', 7]]);
    assert.equal(buckets.reduce((sum, { calls }) => sum + calls, 0), 7);
    assert.equal((await node.admin.get(`/activity?${of}&outcome=failed&tool=${kLook}`)).totals.calls, 3);
    const overview = await node.admin.as(token).get('/overview');
    assert.deepEqual([overview.today.calls, overview.today.errors, overview.today.writes], [7, 3, 1]);
    assert.deepEqual(overview.changes_today.map(({ tool }) => tool), [kNote]);
    assert.equal(overview.accounts.active, 1);
    assert.equal(overview.store, 'ok');
  }
});
