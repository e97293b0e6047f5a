// One URL brings as many as it can, of what each costs little: streams that are open, names that have to be
// looked up. There is a bound, it is told, and the others do not feel it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../e2e/harness/demo.mjs';
import { legacyCall, post } from '../e2e/harness/http.mjs';
import { eventStream, isAnswered, kLook, listens, mint, raw, startDesk, told } from './harness/desk.mjs';
import { attacksOn } from './harness/observer.mjs';
import { size } from './harness/size.mjs';

const ends = [];
const kept = { after: (end) => ends.unshift(end) };
after(async () => { for (const end of ends) await end(); });
let sandbox, desk;
before(async () => {
  sandbox = await startSandbox(kept);
  // No bound of connections stands before that of streams, on however many cores.
  desk = await startDesk(kept, sandbox.credentials, '--loops', '2', '--max-connections', '20000');
  // The innocent tenant's API is another, so that requests can be counted.
  desk.other = await mint(desk.admin, (await startSandbox(kept)).credentials, 'Elsewhere');
});
const attack = attacksOn(() => desk);

const kOfOneUrl = 5_000;  // half of the streams that there may be
// Opens so many at once that the machine keeps up, from several addresses, and waits for all to be answered.
async function open(url, count, request) {
  const streams = [];
  while (streams.length < count) {
    streams.push(raw(url, request, { from: `127.0.0.${2 + streams.length % 8}` }).reads());
    if (streams.length % 200 === 0) await streams.at(-100).until((it) => it.answer, 30_000);
  }
  if (count) await streams.at(-1).until(() => streams.every((it) => it.answer.includes('\r\n\r\n')), 60_000);
  return streams;
}
const isOpen = ({ answer, closed }) => !closed && /^HTTP\/1.1 200 [^]*text\/event-stream/.test(answer);

describe('event streams', () => {
  test('of one URL, of both kinds together, are half of what there may be; another has its own', attack(async () => {
    const { one, other } = desk;
    const streams = await open(one.url, kOfOneUrl / 2, listens(one.url));
    streams.push(...await open(one.url, kOfOneUrl / 2, eventStream(one.url)));
    assert.deepEqual(streams.filter((it) => !isOpen(it)).map((it) => it.answer), []);

    const refused = await open(one.url, 20, eventStream(one.url));
    for (const { answer } of refused) {
      assert.match(answer, /^HTTP\/1.1 503 [^]*Retry-After: \d+\r\n[^]*"Too many open event streams\."/);
    }
    refused.push(...await open(one.url, 20, listens(one.url)));
    for (const it of refused.slice(20)) {
      await it.until(({ answer }) => answer.endsWith('}'));
      assert.match(it.answer, /^HTTP\/1.1 503 [^]*Retry-After: \d+\r\n[^]*"Too many listeners are open\."/);
    }
    for (const what of ['event streams', 'listeners']) {
      assert.ok(told(desk, 'limit_hit').some((line) => line.what === what && line.source === one.id), what);
    }
    const others = [...await open(other.url, 100, eventStream(other.url)),
      ...await open(other.url, 100, listens(other.url))];
    assert.equal(others.filter(isOpen).length, 200);
    await isAnswered(other);
    await isAnswered(one);  // calls are no streams

    // What goes makes room, beside what others have meanwhile.
    for (const it of streams.splice(0, 300)) it.socket.destroy();
    const again = [];
    for (let i = 0; i < 50 && !again.some(isOpen); ++i) {
      await sleep(100);
      again.push(...await open(one.url, 1, eventStream(one.url)));
    }
    assert.ok(again.some(isOpen));
    for (const it of [...streams, ...refused, ...others, ...again]) it.socket.destroy();
  }));
});

describe('look-ups of names', () => {
  const kCalls = 600;
  const kWaves = size(1, 3);
  // An address is asked for by itself, so that each of them is a request (a name is found among all names).
  test('that nothing has: few are on their way, few wait, others come back', attack(async (t, round) => {
    const { psa } = sandbox;
    t.after(() => psa.control('PATCH', 'config', { latency_ms: 0 }));
    await psa.control('PATCH', 'config', { latency_ms: 40 });
    const requests = () => psa.control('GET', 'requests?limit=0');
    await psa.control('DELETE', 'requests');
    let most = 0, running = true;
    const watching = (async () => {
      for (; running; await sleep(10)) most = Math.max(most, (await requests()).in_flight);
    })();
    const answers = [];
    for (let wave = 0; wave < kWaves; ++wave) {
      answers.push(...await Promise.all(Array.from({ length: kCalls }, (_, i) => post(desk.one.url,
        legacyCall('list_all_connect_wise_psa_tickets', { contact: `nobody${i}.${wave}.${round}@nowhere.example` })))));
    }
    running = false;
    await watching;

    const said = {};
    for (const { status, text } of answers) {
      assert.equal(status, 200, text);
      const [what] = text.match(/does not exist|rate_limited/) ?? [text];
      said[what] = (said[what] ?? 0) + 1;
    }
    t.diagnostic(`${JSON.stringify(said)}, at most ${most} requests at once`);
    // account-concurrency: 4; 256 more of one URL wait. Others come in as these go, and are few while an answer takes long.
    assert.ok(said.rate_limited > 0, JSON.stringify(said));
    assert.equal(said.rate_limited + said['does not exist'], kCalls * kWaves, JSON.stringify(said));
    assert.ok(most >= 1 && most <= 4, `${most} at once`);
    // An address that is asked for is asked once, and never by who is refused.
    const { total } = await requests();
    assert.ok(total <= said['does not exist'] + 50, `${total} requests`);
    await isAnswered(desk.one);  // as soon as the crowd is gone
  }));

  test('of one URL leave turns to another of the same account', attack(async (t, round) => {
    const { psa } = sandbox;
    const neighbour = await desk.admin.create(`/integrated-account/${desk.one.account.id}/mcp`,
      { name: `Neighbour ${round}`, config: {} });
    t.after(() => desk.admin.remove(`/integrated-account/${desk.one.account.id}/mcp/${neighbour.id}`));
    t.after(() => psa.control('PATCH', 'config', { latency_ms: 0 }));
    await psa.control('PATCH', 'config', { latency_ms: 100 });
    const crowd = Promise.all(Array.from({ length: kCalls }, (_, i) => post(desk.one.url,
      legacyCall('list_all_connect_wise_psa_tickets', { contact: `no${i}.${round}@nowhere.example` }))));
    await sleep(500);
    // One at a time, each waits for one turn of the crowd's: with the crowd before it, it would wait for 256.
    for (let i = 0; i < 5; ++i) {
      const { text } = await post(neighbour.url, legacyCall(kLook, { id: 5012 }));
      assert.ok(!text.includes('rate_limited'), text);
      assert.match(text, /5012/);
    }
    assert.ok((await psa.control('GET', 'requests?limit=0')).in_flight > 0, 'the crowd is still there');
    await crowd;
  }));
});
