// The audit log cannot miss a write, wherever the process dies; and shows what was done to it.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox, startServe, temporaryFolder } from '../e2e/harness/demo.mjs';
import { Admin } from '../e2e/harness/admin.mjs';
import { modernRequest, post } from '../e2e/harness/http.mjs';
import { Program, run } from '../e2e/harness/process.mjs';
import { alter, rows } from './harness/rows.mjs';
import { size } from './harness/size.mjs';

const kKills = size(300, 3_000);
const kAtOnce = 3;       // servers that are killed at the same time, each on its own data
const kWrites = 6;       // on their way at each kill
const kApart = 100_000;  // the hours of one place from those of the next
const kLatest = 90;      // milliseconds after the writes began
const kCreate = 'create_a_connect_wise_psa_ticket';

const ends = [];
after(async () => { for (const end of ends.reverse()) await end(); });
const kept = { after: (end) => ends.push(end) };
let sandbox, company;
before(async () => {
  sandbox = await startSandbox(kept);
  [{ id: company }] = await sandbox.psa.get('/company/companies', { conditions: 'name = "Acme Corp"' });
});

// A data folder with an account and a server whose environment keeps arguments.
async function makePlace(index) {
  const name = `Place ${index}`;
  const folder = temporaryFolder(kept);
  const serve = await startServe(kept, folder);
  const environment = (await serve.admin.get('/environment')).result[0];
  await serve.admin.change(`/environment/${environment.id}`, { audit: { arguments: 'values' } });
  const account = await serve.admin.create('/integrated-account', { integration: 'connectwise_psa',
    name, environment_id: environment.id, credentials: sandbox.credentials });
  const server = await serve.admin.create(`/integrated-account/${account.id}/mcp`, { name });
  const place = { index, hours: index * kApart, folder, environment, account, server, token: serve.token,
    path: new URL(server.url).pathname, ...serve };
  await serve.program.stop();
  return place;
}

// As startServe, and no more than is needed: it is done hundreds of times.
async function startAgain(place) {
  place.program = new Program(['serve', '--port', '0', '--data-dir', join(place.folder, 'data'),
    '--key-file', join(place.folder, 'patchbay.key'), '--allow-loopback-upstreams', '--loops', '1']);
  place.url = await place.program.until('address',
    () => place.program.stderr.match(/"message":"serving".*?"url":"([^"]+)"/)?.[1]);
  place.admin = new Admin(place.url, place.token);
}

async function call(place, name, args) {
  const { headers, body } = modernRequest('tools/call', { name, arguments: args });
  const answer = await post(place.url + place.path, body, headers);
  const events = [...answer.text.matchAll(/^data: (.*)$/gm)].map((line) => JSON.parse(line[1]));
  const message = answer.body ?? events.at(-1);
  return message.result && { ...JSON.parse(message.result.content[0].text), failed: message.result.isError };
}

// All events, oldest first.
async function eventsOf(place) {
  const answer = await place.admin.request('GET', '/log/export');
  assert.equal(answer.status, 200, answer.text);
  return answer.text.trim().split('\n').map((line) => JSON.parse(line)).reverse();
}

const verify = async (place, ...more) => {
  const { code, stdout, stderr } = await run('audit', 'verify', '--json', '--data-dir',
    join(place.folder, 'data'), '--key-file', join(place.folder, 'patchbay.key'), ...more);
  assert.ok(stdout, stderr);
  return { code, ...JSON.parse(stdout) };
};

// Each ticket is known by its planned hours, which the log keeps: those that the sandbox was sent, and how often.
const sent = new Map();
async function hear() {
  const { psa } = sandbox;
  const answer = await fetch(`${psa.url}/_sandbox/requests?limit=1000`, { headers: psa.headers });
  const { requests } = await answer.json();
  assert.ok(requests.length < 1_000, 'the sandbox may have forgotten some');
  await fetch(`${psa.url}/_sandbox/requests`, { method: 'DELETE', headers: psa.headers });
  for (const { method, body } of requests) {
    const hours = method === 'POST' && body && JSON.parse(body).budgetHours;
    if (hours) sent.set(hours, (sent.get(hours) ?? 0) + 1);
  }
}

// How many tickets the sandbox has made of them, by their hours.
async function madeTickets() {
  const made = new Map();
  for (let page = 1; ; ++page) {
    const some = await sandbox.psa.get('/service/tickets',
      { conditions: 'summary like "Kill %"', fields: 'id,budgetHours', pageSize: 1000, page });
    for (const { budgetHours } of some) made.set(budgetHours, (made.get(budgetHours) ?? 0) + 1);
    if (some.length < 1000) return made;
  }
}

describe('killed in the middle of writes', () => {
  test(`${kKills} times: what the API was sent has its event, and nothing was sent twice`, async (t) => {
    const places = await Promise.all(Array.from({ length: kAtOnce }, (_, i) => makePlace(i + 1)));
    const answered = new Map();  // hours → the ticket's id
    const killedOnce = async (place, again) => {
      await startAgain(place);
      const writes = Array.from({ length: kWrites }, (_, i) => {
        const hours = ++place.hours;
        return { hours, args: { company, summary: `Kill ${hours}`, budgetHours: hours,
          allow_duplicate: true, ...(i % 2 && { idempotency_key: `key ${hours}` }) } };
      });
      // Those with a key of before are asked for again, as a client does.
      const all = [...writes, ...again].map(async ({ hours, args }) => {
        const told = await call(place, kCreate, args).catch(() => undefined);
        if (told && !told.failed) answered.set(hours, String(told.id));
      });
      await sleep(Math.random() * kLatest);
      await place.program.stop('SIGKILL');
      await Promise.all(all);
      return writes.filter(({ args, hours }) => args.idempotency_key && !answered.has(hours)).slice(0, 2);
    };
    let kills = 0;
    await Promise.all(places.map(async (place) => {
      let again = [];
      while (kills < kKills) {
        const mine = ++kills;
        again = await killedOnce(place, again);
        if (mine % 10 === 0) await hear();
      }
    }));
    await sleep(200);
    await hear();
    // A create that the sandbox refuses would show nothing.
    const made = await madeTickets();
    assert.deepEqual([...sent.keys()].filter((hours) => !made.has(hours)), [], 'sent, and refused');
    // What came between hearing and forgetting was made all the same.
    for (const [hours, times] of made) sent.set(hours, Math.max(times, sent.get(hours) ?? 0));

    let unknown = 0;
    for (const place of places) {
      await startAgain(place);
      // What a repetition finds is an event of its own, which began nothing.
      const begun = (await eventsOf(place)).filter((event) => event.tool === kCreate && event.ended_number);
      const by = new Map();
      for (const event of begun) {
        const hours = event.arguments.budgetHours;
        by.set(hours, [...(by.get(hours) ?? []), event]);
      }
      const isOfPlace = (hours) => Math.floor(hours / kApart) === place.index;
      for (const [hours, times] of sent) {
        if (!isOfPlace(hours)) continue;
        assert.equal(times, 1, `${hours} was sent ${times} times`);
        assert.equal(by.get(hours)?.length, 1, `${hours} was sent, and has ${by.get(hours)?.length} events`);
        const [event] = by.get(hours);
        assert.match(event.outcome, /^(done|unknown)$/, `${hours}`);
        if (event.outcome !== 'unknown') continue;
        ++unknown;
        assert.match(event.why, /server ended/);
        assert.match(event.check, /\S/, 'it says what to do');
      }
      for (const [hours, [event]] of by) {
        assert.ok(event.outcome !== 'started', `${hours} is still open`);
        if (event.outcome === 'done') assert.ok(sent.has(hours), `${hours} is told as done, and was not sent`);
      }
      for (const [hours, id] of answered) {
        if (!isOfPlace(hours)) continue;
        assert.equal(by.get(hours)[0].outcome, 'done', `${hours} was answered`);
        assert.equal(by.get(hours)[0].record_id, id);
      }
      const live = await place.admin.get('/log/verify');
      assert.deepEqual(live.faults, []);
      await place.program.stop();
      const { code, faults } = await verify(place);
      assert.deepEqual({ code, faults }, { code: 0, faults: [] });
    }
    assert.ok(sent.size > kKills / 4, `only ${sent.size} writes came through`);
    assert.ok(unknown > 0, 'no kill met a write on its way');
    t.diagnostic(`${sent.size} writes sent, ${answered.size} answered, ${unknown} unknown`);
  });
});

describe('altered by who can write the database', () => {
  let place, database, ids;
  before(async () => {
    place = await makePlace(kAtOnce + 1);
    await startAgain(place);
    for (let i = 0; i < 5; ++i) {
      await call(place, kCreate, { company, summary: `Altered ${i}`, budgetHours: 4_000 + i,
        allow_duplicate: true });
    }
    await call(place, 'get_single_connect_wise_psa_ticket_by_id', { id: 5012 });
    await place.program.stop();
    database = join(place.folder, 'data', 'patchbay.db');
    ids = rows(database, `SELECT id FROM audit_event WHERE tool = '${kCreate}' ORDER BY number`)
      .map(({ id }) => id);
    assert.equal(ids.length, 5);
  });

  const alterations = {
    'who did it': (id) => `UPDATE audit_event SET server_id = 'mcp_another' WHERE id = '${id}'`,
    'when': (id) => `UPDATE audit_event SET at = at - 1 WHERE id = '${id}'`,
    'what was meant': (id) => `UPDATE audit_event SET begun = replace(begun, '4002', '1') WHERE id = '${id}'`,
    'the digest of it': (id) => `UPDATE audit_event SET digest = '' WHERE id = '${id}'`,
    'what came of it': (id) => `UPDATE audit_event SET outcome = 'failed' WHERE id = '${id}'`,
    'the record that it made': (id) => `UPDATE audit_event SET ended = '{}' WHERE id = '${id}'`,
  };
  for (const [what, sql] of Object.entries(alterations)) {
    test(`${what}: verify names the event`, async () => {
      const undo = alter(database, sql(ids[2]));
      try {
        const { code, faults } = await verify(place);
        assert.equal(code, 1);
        assert.equal(faults.length, 1);
        assert.equal(faults[0].event_id, ids[2]);
        assert.match(faults[0].message, new RegExp(ids[2]));
      } finally {
        undo();
      }
      assert.equal((await verify(place)).code, 0);
    });
  }

  const ofCalls = {
    'what a read was of': `UPDATE audit_calls SET events = CAST(replace(CAST(events AS TEXT), '5012', '5013') AS BLOB)`,
    'when a read was': 'UPDATE audit_calls SET first_at = first_at - 1, last_at = last_at - 1',
    'how many reads there were': 'UPDATE audit_calls SET number = number + 1, count = count + 1',
    'whose reads they were': `UPDATE audit_calls SET chain = 'env_another'`,
    'that there were any': 'DELETE FROM audit_calls',
  };
  for (const [what, sql] of Object.entries(ofCalls)) {
    test(`${what}: verify tells`, async () => {
      const [{ id, number }] = rows(database, 'SELECT id, number FROM audit_calls');
      const undo = alter(database, sql);
      try {
        const { code, faults } = await verify(place);
        assert.equal(code, 1);
        assert.equal(faults.length, 1);
        assert.equal(faults[0].chain, place.environment.id);
        const gone = /DELETE|chain =/.test(sql);
        assert.match(faults[0].message, gone ? new RegExp(`Link ${number} is missing`) : new RegExp(id));
      } finally {
        undo();
      }
      assert.equal((await verify(place)).code, 0);
    });
  }

  const removals = {
    'an event in the middle': () => `DELETE FROM audit_event WHERE id = '${ids[2]}'`,
    'the last events': () =>
      `DELETE FROM audit_event WHERE number > (SELECT number FROM audit_event WHERE id = '${ids[3]}')`,
    'the end of one': () => `UPDATE audit_event SET outcome = 'started', ended = '', ended_number = NULL,
      ended_link = '' WHERE id = '${ids[4]}'`,
    'the last ones, with what the chain says of its end': () => `
      UPDATE audit_chain SET (last_number, last_link) =
        (SELECT number, link FROM audit_event WHERE id = '${ids[4]}') WHERE id = '${place.environment.id}';
      DELETE FROM audit_event WHERE chain = '${place.environment.id}' AND number >
        (SELECT last_number FROM audit_chain WHERE id = '${place.environment.id}')`,
    'a whole chain': () => `DELETE FROM audit_event WHERE chain = '${place.environment.id}';
      DELETE FROM audit_chain WHERE id = '${place.environment.id}'`,
  };
  for (const [what, sql] of Object.entries(removals)) {
    test(`removed: ${what}`, async () => {
      const undo = alter(database, sql());
      try {
        const { code, faults } = await verify(place);
        assert.equal(code, 1);
        assert.ok(faults.length >= 1);
        assert.equal(faults[0].chain, place.environment.id);
      } finally {
        undo();
      }
    });
  }

  test('put back as a whole: the head that was noted elsewhere tells', async () => {
    const { heads } = await verify(place);
    const noted = heads.flatMap(({ chain, number, link }) => ['--head', `${chain}:${number}:${link}`]);
    const undo = alter(database, 'SELECT 1');  // a copy
    await startAgain(place);
    await call(place, kCreate, { company, summary: 'Forgotten', allow_duplicate: true });
    await place.program.stop();
    assert.equal((await verify(place, ...noted)).code, 0, 'it has only grown');
    const later = (await verify(place)).heads
      .flatMap(({ chain, number, link }) => ['--head', `${chain}:${number}:${link}`]);
    undo();
    assert.equal((await verify(place)).code, 0, 'nothing in it tells');
    const { code, faults } = await verify(place, ...later);
    assert.equal(code, 1);
    assert.match(faults[0].message, /older/);
  });
});
