// Everything at once and for long: when it is over nothing is held any more, and while it went on an innocent
// tenant was answered each time.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startSandbox } from '../e2e/harness/demo.mjs';
import { post } from '../e2e/harness/http.mjs';
import { eventStream, kList, mint, raw, startDesk } from './harness/desk.mjs';
import { bear } from './harness/load.mjs';
import { Innocent, rested } from './harness/observer.mjs';
import { kPartSeconds, kParts, kWarmUpSeconds } from './harness/size.mjs';

const ends = [];
const kept = { after: (end) => ends.unshift(end) };
after(async () => { for (const end of ends) await end(); });
let world, start;
before(async () => {
  const [sandbox, broken, calm] = await Promise.all([startSandbox(kept), startSandbox(kept), startSandbox(kept)]);
  // A hanging API is let go of soon, so that more of them are seen. Each loop keeps connections and memory of
  // its own, so that the bounds are for two, on however many cores.
  const desk = await startDesk(kept, sandbox.credentials, '--upstream-timeout', '2', '--loops', '2');
  const made = (name, { credentials }, config) => mint(desk.admin, credentials, name, config);
  desk.other = await made('Innocent', calm);
  world = { desk, sandbox, broken, mine: desk.one, failing: await made('Failing', broken),
    asks: await made('Asks', sandbox, { confirm_writes: true }),
    guarded: await made('Guarded', sandbox, { require_api_token_auth: true }) };
  start = await rested(desk);
});

// Nobody comes any more: neither faults nor records of the load are left for the next part.
async function rest(before, bounds) {
  await world.broken.psa.control('DELETE', 'faults');
  const now = await rested(world.desk, before, bounds);
  for (const { psa } of [world.sandbox, world.broken]) await psa.control('POST', 'reset');
  return now;
}

describe('a mixed load', () => {
  test('leaves nothing behind, and an innocent tenant is always answered', async (t) => {
    const { desk } = world;
    const innocent = new Innocent(desk.other);
    await bear(world, kWarmUpSeconds);
    // What heaps, caches and pools take stays with them.
    start.megabytes = (await rest()).megabytes;
    t.diagnostic(`after ${kWarmUpSeconds} s: ${JSON.stringify(start)}`);
    for (let part = 0; part < kParts; ++part) {
      const done = await bear(world, kPartSeconds);
      for (const [what, often] of Object.entries(done)) assert.ok(often >= 1, what);
      t.diagnostic(`${JSON.stringify(await rest(start))}: ${Object.values(done).join(' ')}`);
    }
    await innocent.stop();
    t.diagnostic(`the innocent tenant: ${innocent.answers} answers, the slowest after ${innocent.slowest} ms`);
    assert.ok(innocent.answers > 10);
    assert.ok(desk.program.alive);
    assert.deepEqual(desk.program.stderr.split('\n').filter((line) => line.includes('"level":"error"')), []);
  });

  // What the test above would say of a leak.
  test('that leaves something behind is told', async () => {
    const { desk, mine } = world;
    const open = Array.from({ length: 80 }, () => raw(mine.url, eventStream(mine.url)).reads());
    for (const it of open) await it.until(({ answer }) => answer.includes('sessionId='));
    await assert.rejects(rested(desk, start, { seconds: 0.5 }), /not given back .* \d\d+ more descriptors/);
    const [unread] = open;
    unread.socket.pause();
    const messages = desk.url + unread.answer.match(/data: (\S+)/)[1];
    for (let i = 0, last = 202; i < 1_000 && last === 202; ++i) last = (await post(messages, kList)).status;
    await assert.rejects(rested(desk, start, { seconds: 0.5 }), /patchbay_bytes_in_flight is \d{6}/);
    await assert.rejects(rested(desk, { ...start, megabytes: 0, threads: 0 }, { seconds: 0.5 }),
      /more threads.*more megabytes/);
    for (const it of open) it.socket.destroy();
    await rested(desk, start);
  });
});
