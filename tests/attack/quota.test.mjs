// A quota is never exceeded: by many at once, over a crash, by doors that are not calls.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox, startServe, temporaryFolder } from '../e2e/harness/demo.mjs';
import { legacyCall, modernRequest, post } from '../e2e/harness/http.mjs';
import { kList, kLook, mint } from './harness/desk.mjs';

const kNote = 'create_a_connect_wise_psa_ticket_note';
let sandbox, folder, desk, here;
const ends = [];
const kept = { after: (end) => ends.push(end) };
after(async () => { for (const end of ends.reverse()) await end(); });
before(async () => {
  sandbox = await startSandbox(kept);
  folder = temporaryFolder(kept);
  desk = await startServe(kept, folder);
  here = await mint(desk.admin, sandbox.credentials, 'Quota');
});

const servers = () => `/integrated-account/${here.account.id}/mcp`;
const minted = (quota, more = {}) =>
  desk.admin.create(servers(), { name: 'Bounded', config: { quota, ...more } });
const said = ({ body, text }) => {
  const message = body ?? JSON.parse(text.match(/^data: (.*)$/m)[1]);
  return JSON.parse(message.result.content[0].text);
};
const look = (m) => post(m.url, legacyCall(kLook, { id: 5012 }));
const note = (m, text, more = {}) => post(m.url, legacyCall(kNote,
  { ticketId: 5012, internalAnalysisFlag: true, text, allow_duplicate: true, ...more }));
const passed = (answers) => answers.filter((answer) => !said(answer).error).length;
const sandboxed = (method, path) => fetch(sandbox.psa.url + path, { method, headers: sandbox.psa.headers });
const heard = async (method) => (await (await sandboxed('GET', '/_sandbox/requests?limit=1000')).json())
  .requests.filter((one) => one.method === method).length;

test('200 calls at once are no more than the quota, to the call', async () => {
  for (const quota of [1, 20, 90]) {
    const m = await minted({ calls_per_day: quota });
    await sandboxed('DELETE', '/_sandbox/requests');
    const answers = await Promise.all(Array.from({ length: 200 }, () => look(m)));
    assert.equal(passed(answers), quota);
    assert.equal(await heard('GET'), quota);
    for (const answer of answers) {
      const { error } = said(answer);
      if (!error) continue;
      assert.equal(error.code, 'rate_limited');
      assert.equal(error.status, 429);
      assert.match(error.message, new RegExp(`${quota} ${quota === 1 ? 'call' : 'calls'} per day`));
      assert.equal(answer.headers.get('ratelimit-remaining'), '0');
      assert.equal(answer.headers.get('ratelimit-limit'), String(quota));
      assert.ok(error.retry_after_seconds > 0 && error.retry_after_seconds <= 86_400);
      assert.equal(answer.headers.get('retry-after'), String(error.retry_after_seconds));
      assert.equal(answer.body.result.isError, true);
      assert.equal(answer.body.result._meta['dev.patchbay/rate-limit'].retry_after_seconds,
        error.retry_after_seconds);
    }
  }
});

test('in a batch, by both transports and by both tokens it is the same quota', async () => {
  const m = await minted({ calls_per_day: 4 });
  const batch = await post(m.url, [1, 2, 3].map((id) => legacyCall(kLook, { id: 5012 }, id)));
  assert.equal(batch.body.filter(({ result }) => !JSON.parse(result.content[0].text).error).length, 3);
  const rotated = (await desk.admin.request('POST', `${servers()}/${m.id}/rotate`, { overlap_seconds: 60 })).body;
  assert.equal(passed([await look(m)]), 1);
  assert.equal(passed([await look(m), await look(rotated)]), 0);
  const { headers, body } = modernRequest('tools/call', { name: kLook, arguments: { id: 5012 } });
  assert.equal(passed([await post(rotated.url, body, headers)]), 0);
});

test('writes have their own, of which nothing is sent beyond it; what is only shown is none', async () => {
  const m = await minted({ writes_per_day: 5 });
  await sandboxed('DELETE', '/_sandbox/requests');
  assert.equal(passed(await Promise.all(Array.from({ length: 3 }, (_, i) => note(m, `Shown ${i}`, { dry_run: true })))), 3);
  const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => note(m, `Written ${i}`)));
  assert.equal(passed(answers), 5);
  assert.equal(await heard('POST'), 5);
  for (const answer of answers.filter((one) => said(one).error)) {
    assert.match(said(answer).error.message, /5 writes per day/);
    assert.equal(said(answer).error.was_applied, 'no');
  }
  assert.equal(passed([await look(m)]), 1);
});

test('a wrong argument is a call, an unknown tool and a listing are none', async () => {
  const m = await minted({ calls_per_day: 2 });
  await post(m.url, legacyCall('no_such_tool', {}));
  await post(m.url, kList);
  assert.ok(said(await post(m.url, legacyCall(kLook, { id: 5012, nonsense: true }))).error);
  assert.equal(passed([await look(m), await look(m)]), 1);
});

test('neither kill -9 nor a start gives a fresh day', async () => {
  const m = await minted({ calls_per_day: 60 });
  let through = 0;
  for (let round = 0; round < 3; ++round) {
    const calls = Array.from({ length: 15 }, () => look(m).catch(() => undefined));
    await Promise.race([Promise.all(calls), sleep(60)]);
    await desk.program.stop('SIGKILL');
    through += passed((await Promise.all(calls)).filter((answer) => answer?.status === 200));
    desk = await startServe(kept, folder);
    m.url = `${desk.url}/mcp/${m.token}`;
  }
  const rest = await Promise.all(Array.from({ length: 100 }, () => look(m)));
  through += passed(rest);
  assert.ok(through <= 60, `${through} of 60`);
  assert.equal(passed([await look(m)]), 0);
});

test('a lower quota holds at once', async () => {
  const m = await minted({ calls_per_day: 1_000 });
  for (let i = 0; i < 5; ++i) assert.equal(passed([await look(m)]), 1);
  await desk.admin.change(`${servers()}/${m.id}`, { config: { quota: { calls_per_day: 5 } } });
  assert.equal(passed([await look(m)]), 0);
  await desk.admin.change(`${servers()}/${m.id}`, { config: { quota: null } });
  assert.equal(passed([await look(m)]), 1);
});

describe('what a server is used for', () => {
  const record = async (m) => desk.admin.get(`${servers()}/${m.id}`);
  const until = async (m, look) => {
    for (let waited = 0; ; waited += 200) {
      const now = await record(m);
      if (look(now)) return now;
      assert.ok(waited < 10_000, JSON.stringify(now));
      await sleep(200);
    }
  };
  test('is told within seconds, survives a restart and changes nothing of it', async () => {
    const m = await minted({ calls_per_day: 3 });
    assert.deepEqual([m.last_used_at, m.calls_today, m.errors_today], [null, 0, 0]);
    const began = Date.now();
    for (let i = 0; i < 5; ++i) await look(m);
    const used = await until(m, ({ calls_today }) => calls_today === 5);
    assert.equal(used.errors_today, 2);
    assert.ok(Math.abs(Date.parse(used.last_used_at) - began) < 10_000, used.last_used_at);
    assert.equal(used.updated_at, m.updated_at);
    await look(m);
    await desk.program.stop('SIGTERM');
    desk = await startServe(kept, folder);
    assert.equal((await record(m)).calls_today, 6);
    const listed = (await desk.admin.get(`${servers()}?limit=1000`)).result.find(({ id }) => id === m.id);
    assert.equal(listed.calls_today, 6);
  });
  test('is not told by who may not come in', async () => {
    const m = await minted({ calls_per_day: 3 }, { ip_allow: ['192.0.2.1'] });
    for (let i = 0; i < 3; ++i) await look(m);
    await sleep(2_500);
    assert.equal((await record(m)).last_used_at, null);
  });
});
