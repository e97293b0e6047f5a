// Who uses the site all the while, and keeps what was acknowledged and when.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { call, kNote, kPing, mintOf, said } from '../harness/cluster.mjs';
import { post } from '../../e2e/harness/http.mjs';

class Worker {
  #stopped = false;
  begin(workers = 1) { this.working = Array.from({ length: workers }, (_, i) => this.#run(i)); return this; }
  async #run(i) { while (!this.#stopped) await this.round(i); }
  get stopped() { return this.#stopped; }
  async end() { this.#stopped = true; await Promise.all(this.working); }
}

// Asks for one thing again and again; when it was answered well, and what else came.
export class Pulse extends Worker {
  good = [];   // moments
  wrong = [];  // {at, reason}
  constructor(ask, pause = 50) { super(); this.ask = ask; this.pause = pause; }
  async round() {
    const reason = await this.ask().catch((error) => String(error.cause?.code ?? error.cause ?? error));
    const at = performance.now();
    if (reason) this.wrong.push({ at, reason }); else this.good.push(at);
    await sleep(this.pause);
  }
  // The longest time without a good answer, and how many were not good, from one moment to another.
  between(from, to) {
    const moments = [from, ...this.good.filter((at) => at >= from && at <= to), to];
    const gap = Math.max(...moments.slice(1).map((at, i) => at - moments[i]));
    const wrong = this.wrong.filter(({ at }) => at >= from && at <= to);
    return { seconds: gap / 1000, wrong: wrong.length, reasons: [...new Set(wrong.map(({ reason }) => reason.slice(0, 60)))] };
  }
}
export const changes = (admin, place) => new Pulse(async () => {
  const { status, text } = await admin.request('POST', place.servers, { name: 'Pulse' });
  return status === 201 ? undefined : `${status} ${text}`;
});
export const calls = (url) => new Pulse(async () => {
  const { status, text } = await post(url, kPing);
  return status === 200 ? undefined : `${status} ${text}`;
});

// Writes notes, each under a key of its own and again until it is answered; then the API is asked what it has.
export class Notes extends Worker {
  written = new Map();   // text → the id that was told
  uncertain = new Set(); // of which the server itself said that it does not know
  #made = 0;
  again = 0;
  constructor(url) { super(); this.url = url; }
  async round() {
    const text = `Rehearsed ${++this.#made}`;
    for (let first = true; ; first = false) {
      if (!first) this.again += 1;
      const answer = await call(this.url, kNote, { ticketId: 5012, internalAnalysisFlag: true, text, idempotency_key: text })
        .then(said, () => undefined);
      if (answer?.id) { this.written.set(text, answer.id); break; }
      if (answer?.error?.was_applied === 'unknown') { this.uncertain.add(text); break; }
      await sleep(200);
    }
    await sleep(30);
  }
  async check(psa) {
    const there = await psa.all('/service/tickets/5012/notes');
    const count = (text) => there.filter((note) => note.text === text).length;
    const lost = [...this.written].filter(([text, id]) => !there.some((note) => note.id === id && note.text === text));
    const twice = [...this.written.keys(), ...this.uncertain].filter((text) => count(text) > 1);
    assert.deepEqual({ lost, twice }, { lost: [], twice: [] });
    return { checked: this.written.size, uncertain: this.uncertain.size, again: this.again };
  }
}

// Makes servers, has every node serve them, revokes them, and asks every node again and again.
export class Revocations extends Worker {
  checked = 0;
  late = [];      // served after its bound: {node, after}
  longest = new Map();  // node → the longest time for which it went on, in seconds
  // `bound(node)`: seconds for which it may go on.
  constructor(site, place, { bound, watched }) { super(); Object.assign(this, { site, place, bound, watched }); }
  async round() {
    const { admin, nodes } = this.site;
    const made = await mintOf(this.place, admin).catch(() => undefined);
    if (!made) { await sleep(500); return; }
    const ask = (node) => fetch(node.at(made.url), { method: 'POST', body: kPing, signal: AbortSignal.timeout(60_000),
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' } })
      .then(async (answer) => { await answer.text(); return answer.status; }, () => 0);
    const soon = (node) => Promise.race([ask(node), sleep(3_000)]);
    await Promise.all(nodes.map(soon));
    const removed = await admin.request('DELETE', `${this.place.servers}/${made.id}`).catch(() => undefined);
    // "Later" holds on the node that was asked only, until the database is back.
    if (removed?.status !== 200 || removed.body.not_yet_on_disk) return;
    const gone = performance.now();
    await Promise.all(nodes.map(async (node) => {
      for (let clean = 0; clean < 5 && !this.stopped && performance.now() - gone < this.watched * 1000;) {
        const status = await ask(node);
        const after = (performance.now() - gone) / 1000;
        clean = status === 404 ? clean + 1 : 0;
        if (status === 200) {
          this.longest.set(node.name, Math.max(this.longest.get(node.name) ?? 0, after));
          if (after > this.bound(node)) this.late.push({ node: node.name, after });
        }
        await sleep(200);
      }
    }));
    this.checked += 1;
  }
}
