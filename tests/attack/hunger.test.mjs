// Memory is refused now and then, wherever the process asks for it: some are told to come back, nobody waits for
// ever, and nothing is kept of it afterwards.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox, startServe, temporaryFolder } from '../e2e/harness/demo.mjs';
import { legacyCall, modernRequest, post } from '../e2e/harness/http.mjs';
import { run } from '../e2e/harness/process.mjs';
import { Receiver, tell } from '../e2e/harness/receiver.mjs';
import { eventStream, isAnswered, kLook, listens, mint, raw } from './harness/desk.mjs';
import { rested } from './harness/observer.mjs';
import { size } from './harness/size.mjs';

const kNote = 'create_a_connect_wise_psa_ticket_note';
const kList = 'list_all_connect_wise_psa_tickets';
const kPatience = 10_000;

// A library that refuses one request for memory of so many; without effect until it is told how many.
function newHunger(folder) {
  const library = join(folder, 'hunger.so'), file = join(folder, 'hunger');
  execFileSync('clang-19', ['-O1', '-shared', '-fPIC', '-o', library,
    new URL('harness/hunger.c', import.meta.url).pathname]);
  writeFileSync(file, Buffer.alloc(8));
  const descriptor = openSync(file, 'r+');
  return {
    env: { LD_PRELOAD: library, HUNGER: file },
    set ofSoMany(many) {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(many);
      writeSync(descriptor, bytes, 0, 4, 0);
    },
    get refused() { return readFileSync(file).readUInt32LE(4); },
  };
}

test('where memory is refused some wait and nothing is lost', async (t) => {
  const { psa, credentials } = await startSandbox(t);
  const receiver = await Receiver.start(t);
  const folder = temporaryFolder(t);
  const hunger = newHunger(temporaryFolder(t));
  const desk = await startServe(t, folder, { env: hunger.env });
  const one = await mint(desk.admin, credentials, 'One');
  await tell(desk.admin, receiver, ['mcp_server.created'], { environment_id: one.environment.id });
  await isAnswered(one);
  const before = await rested(desk);

  const outcomes = {};
  const servers = `/integrated-account/${one.account.id}/mcp`;
  const stream = async (text) => {
    const it = raw(one.url, text).reads();
    await it.until(({ answer, closed }) => closed || answer.length >= 12, 2 * kPatience);
    it.socket.destroy();
    return it.answer.slice(9, 12);
  };
  // A call whose answer comes by an event stream of 2024-11-05.
  const byStream = async () => {
    const it = raw(one.url, eventStream(one.url)).reads();
    const has = (what) => it.until(({ answer, closed }) => closed || what.test(answer), 2 * kPatience);
    await has(/data: \S+sessionId=\S+\r?\n/);
    const [, messages] = it.answer.match(/data: (\S+sessionId=\S+)/) ?? [];
    if (messages) {
      const { status } = await post(desk.url + messages, legacyCall(kList, { limit: 25 }));
      if (status === 202) await has(/"id":1/);
    }
    const answered = it.answer.includes('"id":1');
    it.socket.destroy();
    return answered ? 200 : 'ended';
  };
  const written = new Set(), minted = new Set();
  const { headers, body } = modernRequest('tools/list');
  const what = {
    look: () => post(one.url, legacyCall(kLook, { id: 5012 })),
    list: () => post(one.url, legacyCall(kList, { limit: 25 })),
    byStream,
    note: async (i) => {
      const answer = await post(one.url,
        legacyCall(kNote, { ticketId: 5012, internalAnalysisFlag: true, text: `Hungry ${i}` }));
      if (answer.body?.result && !answer.body.result.isError) written.add(`Hungry ${i}`);
      return answer;
    },
    report: () => post(one.url, legacyCall('connect_wise_psa_tickets_report', { groupBy: 'board' })),
    tools: () => post(one.url, body, headers),
    mint: async (i) => {
      const answer = await desk.admin.request('POST', servers, { name: `Hungry ${i}` });
      if (answer.status === 201) minted.add(answer.body.id);
      return answer;
    },
    servers: () => desk.admin.request('GET', servers),
    log: () => desk.admin.request('GET', '/log?limit=20'),
    metrics: () => desk.admin.request('GET', '/metrics'),
    events: () => stream(eventStream(one.url)),
    listen: () => stream(listens(one.url)),
  };
  for (const ofSoMany of [3_000, 300, 30]) {
    hunger.ofSoMany = ofSoMany;
    const until = Date.now() + size(2_500, 30_000);
    await Promise.all(Object.entries(what).map(async ([name, ask]) => {
      for (let i = 0; desk.program.alive && Date.now() < until; ++i) {
        const answer = await Promise.race([ask(`${ofSoMany} ${i}`).catch(() => 'closed'),
          sleep(kPatience, 'waits for ever', { ref: false })]);
        const outcome = `${name} ${answer.status ?? answer}`;
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      }
    }));
    hunger.ofSoMany = 0;
    assert.ok(desk.program.alive, desk.program.stderr.slice(-2_000));
  }
  t.diagnostic(`${hunger.refused} refused: ${JSON.stringify(outcomes)}`);
  assert.ok(hunger.refused > 1_000);
  assert.deepEqual(Object.keys(outcomes).filter((outcome) => outcome.endsWith('for ever')), []);
  // (What calls return is told within a 200, of a request that failed as well.)
  for (const name of Object.keys(what)) assert.ok(outcomes[`${name} 200`] || outcomes[`${name} 201`], name);

  // As before: it answers, writes, tells, and holds nothing.
  await isAnswered(one);
  await what.note('at last');
  assert.ok(written.has('Hungry at last'));
  const sent = await psa.all('/service/tickets/5012/notes');
  const texts = sent.map(({ text }) => text).filter((text) => text.startsWith('Hungry'));
  assert.equal(new Set(texts).size, texts.length, 'no note was written twice');
  assert.deepEqual([...written].filter((text) => !texts.includes(text)), [], 'what was told as written was');
  const { status, body: last } = await what.mint('at last');
  assert.equal(status, 201);
  await isAnswered(last);
  const untold = () => [...minted].filter((id) => !receiver.got.some(({ message }) => message?.data.mcp_server_id === id));
  for (let waited = 0; untold().length; waited += 250) {
    assert.ok(waited < 90_000, `each message comes: ${untold().length} of ${minted.size} did not`);
    await sleep(250);
  }
  assert.equal(await stream(eventStream(one.url)), '200');
  assert.equal(await stream(listens(one.url)), '200');
  assert.equal(await byStream(), 200);
  // How much the allocator keeps goes by what was asked for.
  await rested(desk, { ...before, megabytes: Infinity });

  assert.equal((await desk.program.stop()).code, 0);
  const verified = await run('audit', 'verify', '--json', '--data-dir', join(folder, 'data'),
    '--key-file', join(folder, 'patchbay.key'));
  assert.equal(verified.code, 0, verified.stdout);
});
