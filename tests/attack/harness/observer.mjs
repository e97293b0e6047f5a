// What an attacked process must come back to when nobody asks anything of it any more, and whether an
// innocent tenant is answered all the while.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { legacyCall, post } from '../../e2e/harness/http.mjs';
import { descriptors, hangUp, held, kLook, threads } from './desk.mjs';
import { kRounds } from './size.mjs';

// More than there was at rest before. Freed memory stays with the allocator, in as many heaps as there
// are threads that took it, and so goes up a little whenever another thread had the largest request.
// Connections to an API are kept for half a minute and more: four for each account that called it, in
// each loop.
const kMore = { megabytes: 32, descriptors: 48 };

// Of the metrics, those that go up and down, without their limits. Connections are kept by clients, and
// counted with the descriptors.
async function gauges({ admin }) {
  const { text } = await admin.request('GET', '/metrics');
  const names = [...text.matchAll(/^# TYPE (\w+) gauge$/gm)].map(([, name]) => name);
  assert.ok(names.includes('patchbay_bytes_in_flight'), text);
  return Object.fromEntries(names.filter((name) => !name.endsWith('_limit') && name !== 'patchbay_connections')
    .map((name) => [name, Number(text.match(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'm'))[1])]));
}
async function state(serve) {
  return { gauges: await gauges(serve), megabytes: Math.round(held(serve)), descriptors: descriptors(serve),
    threads: threads(serve) };
}

// What of a state is not as it should be at rest, `before` having been one.
function kept(now, before, more) {
  const wrong = Object.entries(now.gauges).filter(([, value]) => value !== 0)
    .map(([name, value]) => `${name} is ${value}`);
  for (const [what, some] of Object.entries(before ? { threads: 0, ...more } : {})) {
    if (now[what] - before[what] > some) wrong.push(`${now[what] - before[what]} more ${what}`);
  }
  return wrong;
}

// The state at rest; refused if what was taken is not given back within that time. (Clients and the
// process keep connections for some seconds, in case that there is more to ask.)
export async function rested(serve, before, { seconds = 40, more = kMore } = {}) {
  for (let waited = 0; ; waited += 0.25) {
    const now = await state(serve);
    const wrong = kept(now, before, more);
    if (!wrong.length) return now;
    assert.ok(waited < seconds, `not given back within ${seconds} s: ${wrong.join(', ')}`);
    await sleep(250);
  }
}

// Asks one thing again and again until it is stopped, and must be answered each time.
export class Innocent {
  answers = 0;
  slowest = 0;
  #stopped = false;
  #asking;

  constructor({ url }, pause = 100) {
    this.#asking = this.#ask(url, pause);
    this.#asking.catch(() => {});  // told by stop()
  }

  async #ask(url, pause) {
    for (; !this.#stopped; await sleep(pause)) {
      const began = performance.now();
      const answer = await Promise.race([post(url, legacyCall(kLook, { id: 5012 })),
        sleep(15_000, undefined, { ref: false })]);
      assert.ok(answer, `an innocent tenant's ${this.answers + 1}th call was not answered`);
      assert.equal(answer.status, 200, answer.text);
      const text = answer.text.match(/^data: (\{"jsonrpc.*"result".*)$/m)?.[1] ?? answer.text;
      assert.equal(JSON.parse(JSON.parse(text).result.content[0].text).id, 5012, answer.text);
      this.answers += 1;
      this.slowest = Math.max(this.slowest, Math.round(performance.now() - began));
    }
  }

  async stop() {
    this.#stopped = true;
    await this.#asking;
  }
}

// For attacks on a server that goes on and has an innocent tenant, `other`: test(…, attack((t, round) => …)).
// In the long form each is repeated, and leaves nothing behind once it has been there.
export function attacksOn(desk) {
  return (body) => async (t) => {
    let before = kRounds > 1 && await rested(desk());
    for (let round = 0; round < kRounds; ++round) {
      const innocent = new Innocent(desk().other);
      try {
        await body(t, round);
      } catch (failure) {
        hangUp();
        await innocent.stop().catch(() => {});
        throw failure;
      }
      await innocent.stop();
      if (!before) continue;
      // The first time fills heaps and caches.
      const now = await rested(desk(), round ? before : { ...before, megabytes: Infinity });
      if (!round) before.megabytes = now.megabytes;
    }
  };
}
