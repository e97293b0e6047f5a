// A server that stood still while others went on: what it wakes up with may be over, and it knows that.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { head, raw } from '../attack/harness/desk.mjs';
import { size } from '../attack/harness/size.mjs';
import { call, isServed, kPing, mintOf, ping, said, startCluster, tenant, until } from './harness/cluster.mjs';

// How long it goes by what it has in memory; and longer than that.
const kUnconfirmed = 1;
const kLonger = 1_700;

let cluster, a, b, c;
const ends = [];
after(async () => { for (const end of ends.reverse()) await end(); });
before(async () => {
  cluster = await startCluster({ after: (end) => ends.push(end) },
    { args: ['--max-unconfirmed', String(kUnconfirmed)] });
  [a, b, c] = cluster.nodes;
});

// A call of which the last byte is not sent, or all but the answer is there.
const whole = (url, headers = '') => head(url, kPing.length, `Accept: application/json\r\n${headers}`) + kPing;
const statusOf = (it) => it.answer.match(/^HTTP\/1\.1 (\d+)/)?.[1];

describe('a server that wakes up', () => {
  test('refuses at its very first answer what was taken away meanwhile', async (t) => {
    let asked = 0;
    for (let round = 0; round < size(2, 20); ++round) {
      const place = await tenant(cluster);
      const doomed = await tenant(cluster);
      const second = await a.admin.create('/api-token', { name: 'Second', environment_id: place.environment.id });
      const guarded = { authorization: `Bearer ${second.token}` };
      const token = await a.admin.create('/api-token', { name: `Frozen ${round}` });
      const gone = {
        deleted: await mintOf(place, a.admin), rotated: await mintOf(place, a.admin),
        closed: await mintOf(place, a.admin), 'of an account': await mintOf(doomed, a.admin),
        guarded: await mintOf(place, a.admin, { config: { require_api_token_auth: true } }),
        expired: await mintOf(place, a.admin, { expires_at: new Date(Date.now() + 3_000).toISOString() }),
      };
      const stays = await mintOf(place, a.admin);
      for (const m of [...Object.values(gone), stays]) assert.ok(await isServed(b.at(m.url), guarded));
      await b.admin.as(token.token).get('/environment?limit=1');
      // What comes while it stands still waits in its sockets, some on connections that it knows already.
      const known = Object.values(gone).map((m) => raw(b.at(m.url), whole(b.at(m.url),
        `Authorization: ${guarded.authorization}\r\n`)).reads());
      for (const it of known) await it.until(statusOf);
      for (const it of known) { assert.equal(statusOf(it), '200'); it.answer = ''; }

      b.program.signal('SIGSTOP');
      try {
        await a.admin.remove(`${place.servers}/${gone.deleted.id}`);
        assert.equal((await a.admin.request('POST', `${place.servers}/${gone.rotated.id}/rotate`)).status, 200);
        await a.admin.change(`${place.servers}/${gone.closed.id}`, { config: { require_api_token_auth: true } });
        await a.admin.remove(`/integrated-account/${doomed.account.id}`);
        await a.admin.remove(`/api-token/${second.id}`);
        await a.admin.remove(`/api-token/${token.id}`);
        for (const [index, m] of Object.values(gone).entries()) {
          known[index].socket.write(whole(b.at(m.url)).replace('{host}', new URL(b.url).host));
        }
        const fresh = Object.values(gone).map((m) => raw(b.at(m.url), whole(b.at(m.url))).reads());
        const admin = b.admin.as(token.token).request('GET', '/environment?limit=1');
        const innocent = ping(b.at(stays.url));
        await sleep(Math.max(kLonger, Date.parse(gone.expired.expires_at) - Date.now() + 50));
        b.program.signal('SIGCONT');
        for (const it of [...known, ...fresh]) {
          await it.until(statusOf, 15_000);
          assert.match(statusOf(it), /^40[14]$/, it.answer.slice(0, 500));
          it.socket.destroy();
          asked += 1;
        }
        assert.equal((await admin).status, 401);
        assert.equal((await innocent).status, 200);
      } finally {
        b.program.signal('SIGCONT');
      }
      assert.ok(await isServed(b.at(gone.rotated.url)) === false && await isServed(b.at(stays.url)));
    }
    t.diagnostic(`${asked} first answers`);
  });

  test('sends nothing more of a call that ran, if its MCP server is gone', async () => {
    const place = await tenant(cluster);
    const gone = await mintOf(place, a.admin);
    await cluster.psa.control('DELETE', 'requests');
    await cluster.psa.control('POST', 'faults', { path_prefix: '/company', delay_ms: 1_000, count: 5 });
    const running = call(b.at(gone.url), 'create_a_connect_wise_psa_ticket',
      { summary: 'Held back', company: 'Acme Corp' });
    await until('it looks the name up', async () => (await cluster.psa.control('GET', 'requests?limit=100')).total > 0);
    b.program.signal('SIGSTOP');
    try {
      await a.admin.remove(`${place.servers}/${gone.id}`);
      await sleep(kLonger);  // by now what it waits for is there
    } finally {
      b.program.signal('SIGCONT');
    }
    const { error } = said(await running);
    assert.equal(error?.was_applied, 'no', JSON.stringify(error));
    await sleep(1_000);
    const { requests } = await cluster.psa.control('GET', 'requests?limit=100');
    assert.deepEqual(requests.filter(({ method }) => method !== 'GET'), []);
    await cluster.psa.control('DELETE', 'faults');
  });

  test('ends a call that ran in clear words or goes on with it, if its MCP server is still there', async () => {
    const stays = await mintOf(await tenant(cluster), a.admin);
    await cluster.psa.control('POST', 'faults', { path_prefix: '/company', delay_ms: 1_000, count: 5 });
    await cluster.psa.control('DELETE', 'requests');
    const running = call(b.at(stays.url), 'create_a_connect_wise_psa_ticket',
      { summary: 'Gone on with', company: 'Acme Corp' });
    await until('it looks the name up', async () => (await cluster.psa.control('GET', 'requests?limit=100')).total > 0);
    b.program.signal('SIGSTOP');
    try {
      await sleep(kLonger);
    } finally {
      b.program.signal('SIGCONT');
    }
    const answer = said(await running);
    await cluster.psa.control('DELETE', 'faults');
    assert.ok(answer.id || answer.error?.was_applied === 'no', JSON.stringify(answer));
    const records = await cluster.psa.all('/service/tickets', 'summary = "Gone on with"');
    assert.equal(records.length, answer.id ? 1 : 0);
  });

  test('does not hold up the others while it stands still in the middle of changes', async () => {
    const place = await tenant(cluster);
    const busy = Array.from({ length: 8 }, (_, i) => mintOf(place, b.admin, { name: `Busy ${i}` }));
    b.program.signal('SIGSTOP');
    try {
      // The database takes back what it holds.
      const answer = await c.admin.request('POST', place.servers, { name: 'Beside' });
      assert.ok([201, 503].includes(answer.status), answer.text);
      await until('the others can change something', async () =>
        (await a.admin.request('POST', place.servers, { name: 'Beside' })).status === 201, 15);
    } finally {
      b.program.signal('SIGCONT');
    }
    const done = await Promise.allSettled(busy);
    for (const one of done) {
      if (one.status === 'fulfilled') assert.ok(await isServed(c.at(one.value.url)));
      else assert.match(one.reason.message, / 503 /);
    }
  });
});
