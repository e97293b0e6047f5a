// What is done on one server holds on all: what is made is there at once, what is over is refused within
// moments, also to what runs and listens; and one write sent to two of them is done once.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventStream, kLook, listens, raw } from '../attack/harness/desk.mjs';
import { size } from '../attack/harness/size.mjs';
import { call, figures, isServed, kNote, mintOf, ping, said, startCluster, tenant, until } from './harness/cluster.mjs';

// What is told takes milliseconds; a machine that does other things as well may take its breath.
const kSlack = 1_000;
const kRounds = size(40, 1_000);
const kFewer = size(8, 200);

let cluster, a, b, c, home;
const ends = [];
after(async () => { for (const end of ends.reverse()) await end(); });
before(async () => {
  cluster = await startCluster({ after: (end) => ends.push(end) });
  [a, b, c] = cluster.nodes;
  home = await tenant(cluster);
});

describe('what is made', () => {
  test('a server that one has made is served by the others at the first call', async (t) => {
    const times = [];
    for (let round = 0; round < kRounds; ++round) {
      const maker = cluster.nodes[round % 3];
      const made = await mintOf(home, maker.admin);
      const others = cluster.nodes.filter((node) => node !== maker);
      const began = performance.now();
      const answers = await Promise.all(others.map((node) => ping(node.at(made.url))));
      times.push(performance.now() - began);
      for (const answer of answers) assert.equal(answer.status, 200, answer.text);
    }
    t.diagnostic(`two first calls: ${figures(times)}`);
  });

  test('an API token opens the others at the first request, and is refused by them when it is gone', async (t) => {
    const times = [];
    for (let round = 0; round < kFewer; ++round) {
      const made = await a.admin.create('/api-token', { name: `Round ${round}` });
      for (const node of [b, c]) await node.admin.as(made.token).get('/environment?limit=1');
      await a.admin.remove(`/api-token/${made.id}`);
      times.push(...await refusedBy([b, c], async (node) =>
        (await node.admin.as(made.token).request('GET', '/environment?limit=1')).status === 401));
    }
    t.diagnostic(figures(times));
  });
});

// How long each goes on after this moment.
async function refusedBy(nodes, refuses) {
  const began = performance.now();
  return Promise.all(nodes.map(async (node) => {
    await until(`${node.url} refuses`, () => refuses(node), 10);
    const took = performance.now() - began;
    assert.ok(took < kSlack, `${node.url} went on for ${took} ms`);
    return took;
  }));
}
const isRefused = (m) => async (node) => {
  const { status, text } = await ping(node.at(m.url), m.headers);
  assert.ok([200, 404, 401].includes(status), text);
  return status !== 200;
};

// What ends a server: `own`: it has a tenant of its own.
const ways = {
  'is deleted': { rounds: kRounds, stop: (m) => a.admin.remove(`${m.servers}/${m.id}`) },
  'has its URL rotated': { rounds: kFewer, stop: async (m) => {
    const answer = await a.admin.request('POST', `${m.servers}/${m.id}/rotate`);
    assert.equal(answer.status, 200, answer.text);
    m.rotated = answer.body.url;
  } },
  'is closed by its config': { rounds: kFewer, stop: (m) =>
    a.admin.change(`${m.servers}/${m.id}`, { config: { require_api_token_auth: true } }) },
  'is narrowed by its config': {
    rounds: kFewer,
    isRefused: (m) => async (node) => !said(await call(node.at(m.url), kLook, { id: 5012 })).id,
    stop: (m) => a.admin.change(`${m.servers}/${m.id}`, { config: { tags: ['sales'] } }) },
  'loses its account': { rounds: kFewer, own: true,
    stop: (m) => a.admin.remove(`/integrated-account/${m.account.id}`) },
  'loses its environment': { rounds: kFewer, own: true,
    stop: (m) => a.admin.remove(`/environment/${m.environment.id}`) },
  'loses its second factor': { rounds: kFewer, second: true, stop: (m) => a.admin.remove(`/api-token/${m.second.id}`) },
};
async function minted(way) {
  const place = way.own ? await tenant(cluster) : home;
  if (!way.second) return { ...place, ...await mintOf(place, a.admin) };
  const second = await a.admin.create('/api-token', { name: 'Second', environment_id: place.environment.id });
  const made = await mintOf(place, a.admin, { config: { require_api_token_auth: true } });
  return { ...place, ...made, second, headers: { authorization: `Bearer ${second.token}` } };
}

describe('refused by the others is a server that', () => {
  for (const [what, way] of Object.entries(ways)) {
    test(what, async (t) => {
      const times = [];
      for (let round = 0; round < way.rounds; ++round) {
        const m = await minted(way);
        const refuses = (way.isRefused ?? isRefused)(m);
        for (const node of [a, b, c]) assert.equal(await refuses(node), false, `${node.url} refuses at once`);
        await way.stop(m);
        times.push(...await refusedBy([b, c], refuses));
        assert.ok(await refuses(a));
        if (m.rotated) for (const node of [b, c]) assert.ok(await isServed(node.at(m.rotated)));
      }
      t.diagnostic(figures(times));
    });
  }

  test('expires, at its moment', async (t) => {
    const lasts = async () => ({ ...await mintOf(home, a.admin,
      { expires_at: new Date(Date.now() + 2_500).toISOString() }) });
    const servers = await Promise.all(Array.from({ length: kFewer }, lasts));
    for (const m of servers) for (const node of [b, c]) assert.ok(await isServed(node.at(m.url)));
    const times = await Promise.all(servers.flatMap((m) => [a, b, c].map(async (node) => {
      await until('it is refused', () => isRefused(m)(node), 10);
      return Date.now() - Date.parse(m.expires_at);
    })));
    for (const late of times) assert.ok(late >= 0 && late < kSlack, `${late} ms after its moment`);
    t.diagnostic(figures(times));
  });
});

describe('what waits on the others', () => {
  test('is not sent when its MCP server is over, however that came', async (t) => {
    const all = Object.entries(ways);
    const servers = [];
    for (const [, way] of all) servers.push(await minted({ ...way, own: true }));
    await cluster.psa.control('DELETE', 'requests');
    await cluster.psa.control('POST', 'faults', { path_prefix: '/company', delay_ms: 2_500, count: 100 });
    const running = servers.flatMap((m, at) => [b, c].map(async (node) => {
      const answer = await call(node.at(m.url), 'create_a_connect_wise_psa_ticket',
        { summary: `Stopped: ${all[at][0]}`, company: 'Acme Corp' }, m.headers);
      return { way: all[at][0], answer, at: performance.now(), m };
    }));
    await until('all look the name up', async () =>
      (await cluster.psa.control('GET', 'requests?limit=100')).total >= running.length);
    for (const [at, [, way]] of all.entries()) {
      await way.stop(servers[at]);
      servers[at].over = performance.now();
    }
    const times = [];
    for (const { way, answer, at, m } of await Promise.all(running)) {
      const { error } = said(answer);
      assert.match(error?.message ?? '', /taken back or changed/, `${way}: ${answer.text}`);
      assert.equal(error.was_applied, 'no');
      assert.ok(at - m.over < kSlack, `${way}: answered ${at - m.over} ms after the end`);
      times.push(at - m.over);
    }
    await sleep(2_600);  // what still waits would come now
    const { requests } = await cluster.psa.control('GET', 'requests?limit=1000');
    assert.deepEqual(requests.filter(({ method }) => method !== 'GET'), []);
    await cluster.psa.control('DELETE', 'faults');
    t.diagnostic(`answered after the end: ${figures(times)}`);
  });
});

describe('streams of the others end with their MCP server:', () => {
  for (const [name, open] of Object.entries({ 'of who listens for changes': listens, 'of 2024-11-05': eventStream })) {
    test(name, async (t) => {
      const times = [];
      for (let round = 0; round < size(2, 20); ++round) {
        for (const way of [ways['is deleted'], ways['loses its account'], ways['has its URL rotated']]) {
          const m = await minted(way);
          const streams = [b, c].map((node) => raw(node.at(m.url), open(node.at(m.url))).reads());
          for (const stream of streams) await stream.until((it) => /sessionId=|acknowledged/.test(it.answer), 5_000);
          const ended = streams.map(({ socket }) => new Promise((done) => {
            socket.on('close', () => done(performance.now()));
            socket.on('data', (bytes) => {
              if (bytes.toString('latin1').endsWith('0\r\n\r\n')) done(performance.now());
            });
          }));
          await way.stop(m);
          const began = performance.now();
          for (const at of await Promise.all(ended)) times.push(at - began);
          for (const { socket } of streams) socket.destroy();
        }
      }
      assert.ok(Math.max(...times) < kSlack, figures(times));
      t.diagnostic(figures(times));
    });
  }
});

describe('one write that two servers are sent at the same moment is done once,', () => {
  const note = (text, more) => ({ ticketId: 5012, internalAnalysisFlag: true, text, ...more });
  // One is told what was made; the other the same, or that it is being made.
  async function twice(t, rounds, arguments_) {
    const made = await mintOf(home, a.admin);
    const told = new Map();
    let same = 0;
    for (let round = 0; round < rounds; ++round) {
      const args = arguments_(round);
      const answers = (await Promise.all([b, c].map((node) => call(node.at(made.url), kNote, args)))).map(said);
      const done = answers.filter(({ id }) => id);
      assert.ok(done.length >= 1, JSON.stringify(answers));
      for (const { error } of answers.filter(({ id }) => !id)) {
        assert.ok(error, JSON.stringify(answers));
        assert.notEqual(error.was_applied, 'no', JSON.stringify(error));
      }
      assert.equal(new Set(done.map(({ id }) => id)).size, 1, JSON.stringify(answers));
      if (done.length === 2) same += 1;
      told.set(args.text, { id: done[0].id, args });
    }
    const records = await cluster.psa.all('/service/tickets/5012/notes');
    for (const [text, { id, args }] of told) {
      assert.deepEqual(records.filter((one) => one.text === text).map((one) => one.id), [id], text);
      // And whoever asks later is told the same.
      if (args.idempotency_key) assert.equal(said(await call(a.at(made.url), kNote, args)).id, id);
    }
    t.diagnostic(`${same} of ${rounds} times both were told the record`);
  }
  test('by its key', async (t) => {
    await twice(t, size(50, 500), (round) => note(`Keyed ${round}`, { idempotency_key: `nodes-${round}` }));
  });
  test('by its key, where the API takes its time', async (t) => {
    await cluster.psa.control('PATCH', 'config', { latency_ms: 150 });
    try {
      await twice(t, size(4, 100), (round) => note(`Slow ${round}`, { idempotency_key: `slow-${round}` }));
    } finally {
      await cluster.psa.control('PATCH', 'config', { latency_ms: 0 });
    }
  });
  test('without one, while the first is on its way', async (t) => {
    await cluster.psa.control('PATCH', 'config', { latency_ms: 150 });
    try {
      await twice(t, size(2, 50), (round) => note(`Plain ${round}`));
    } finally {
      await cluster.psa.control('PATCH', 'config', { latency_ms: 0 });
    }
  });
});
