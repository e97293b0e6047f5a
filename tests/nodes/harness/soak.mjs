// A load such as real clients bring, for long: nine reads to a write, listeners that hear nothing, MCP servers that are
// made and expire; and what the processes hold meanwhile.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { descriptors, held, kLook, listens, raw } from '../../attack/harness/desk.mjs';
import { modernRequest, post } from '../../e2e/harness/http.mjs';
import { kNote, mintOf } from './cluster.mjs';

const kReads = [
  ['tools/call', { name: kLook, arguments: { id: 5012 } }],
  ['tools/call', { name: 'list_all_connect_wise_psa_tickets', arguments: { limit: 5 } }],
  ['tools/call', { name: 'list_all_connect_wise_psa_companies', arguments: { limit: 5 } }],
  ['tools/list', {}],
];
const percentile = (times, part) => [...times].sort((a, b) => a - b)[Math.floor(times.length * part)] ?? 0;

export class Soak {
  counts = { reads: 0, writes: 0, minted: 0, expired: 0 };
  errors = [];
  #times = [];
  #stopped = false;
  #working = [];
  #listeners = [];
  #written = 0;

  // `places`: tenants; `url`: of one of their MCP servers, as it is called; `turn`: one after the other.
  constructor({ nodes, places, admin, at }) { Object.assign(this, { nodes, places, admin, at }); }

  async begin({ workers, listeners, mintsPerSecond }) {
    const servers = await Promise.all(this.places.map((place) => mintOf(place, this.admin)));
    for (let i = 0; i < listeners; ++i) {
      const node = this.nodes[i % this.nodes.length];
      const url = servers[i % servers.length].url;
      this.#listeners.push(raw(url.replace(new URL(url).origin, node.url), listens(url)).reads());
      if (i % 50 === 49) await this.#listeners.at(-1).until(({ answer }) => answer.includes('acknowledged'), 30_000);
    }
    for (const each of this.#listeners) await each.until(({ answer }) => answer.includes('acknowledged'), 30_000);
    for (let i = 0; i < workers; ++i) this.#working.push(this.#work(i, servers[i % servers.length].url));
    this.#working.push(this.#mint(1_000 / mintsPerSecond));
  }
  async end() {
    this.#stopped = true;
    await Promise.all(this.#working);
    for (const { socket } of this.#listeners) socket.destroy();
  }
  get lost() { return this.#listeners.filter(({ closed }) => closed).length; }

  async #work(i, url) {
    for (let turn = i; !this.#stopped; ++turn) {
      const writes = turn % 10 === 9;
      const [method, params] = writes ? ['tools/call', { name: kNote, arguments: { ticketId: 5012, internalAnalysisFlag: true,
        text: `Soak ${i} ${++this.#written}`, allow_duplicate: true } }] : kReads[turn % kReads.length];
      const { headers, body } = modernRequest(method, params);
      const began = performance.now();
      const answer = await post(this.at(url), body, headers).catch((error) => ({ status: 0, text: String(error.cause ?? error) }));
      this.#times.push(performance.now() - began);
      if (answer.status !== 200 || answer.text.includes('"isError":true')) this.errors.push(`${method}: ${answer.status} ${answer.text.slice(0, 300)}`);
      else this.counts[writes ? 'writes' : 'reads'] += 1;
    }
  }
  // Each is used once while it lives, and refused when it does not.
  async #mint(pause) {
    const over = [];
    for (let i = 0; !this.#stopped; ++i) {
      const place = this.places[i % this.places.length];
      // Later than what a server is given at least by as long as a request may take where all are busy.
      const expires = Date.now() + 2_500 + (i % 4) * 500;
      try {
        const made = await mintOf(place, this.admin, { expires_at: new Date(expires).toISOString() });
        const { headers, body } = modernRequest('tools/list');
        const used = await post(this.at(made.url), body, headers);
        if (used.status !== 200 && Date.now() < expires) this.errors.push(`a new server: ${used.status} ${used.text.slice(0, 200)}`);
        this.counts.minted += 1;
        over.push({ url: made.url, expires });
        while (over[0]?.expires < Date.now()) {
          const gone = await post(this.at(over.shift().url), body, headers);
          if (gone.status !== 404) this.errors.push(`an expired server: ${gone.status}`);
          this.counts.expired += 1;
        }
      } catch (error) {
        this.errors.push(String(error.message).slice(0, 300));
      }
      await sleep(pause);
    }
  }

  // What went on since the last time, and what each process holds now.
  figures() {
    const times = this.#times;
    this.#times = [];
    return { calls: times.length, p50: percentile(times, 0.5), p99: percentile(times, 0.99),
      megabytes: this.nodes.map((node) => Math.round(held(node))), descriptors: this.nodes.map(descriptors) };
  }
}

// Of several figures(): memory and descriptors of the last third are those of the second, give or take what heaps and
// connections to the API take of themselves.
export function assertFlat(figures, { megabytes = 24, part = 0.1, descriptors: files = 48 } = {}) {
  const third = Math.floor(figures.length / 3);
  const [second, last] = [figures.slice(third, 2 * third), figures.slice(-third)];
  const most = (these, what, i) => Math.max(...these.map((each) => each[what][i]));
  for (let i = 0; i < figures[0].megabytes.length; ++i) {
    const [before, now] = [most(second, 'megabytes', i), most(last, 'megabytes', i)];
    assert.ok(now <= before * (1 + part) + megabytes, `node ${i}: ${before} MB, then ${now} MB`);
    const [open, more] = [most(second, 'descriptors', i), most(last, 'descriptors', i)];
    assert.ok(more <= open + files, `node ${i}: ${open} descriptors, then ${more}`);
  }
}
