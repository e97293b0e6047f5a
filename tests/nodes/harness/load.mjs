// Clients who call, mint, rename, rotate and delete, each after the other; what each was told is kept, and held
// against what a server says of it later.
import assert from 'node:assert/strict';
import { legacyCall, post } from '../../e2e/harness/http.mjs';
import { kLook } from '../../attack/harness/desk.mjs';
import { until } from './cluster.mjs';

export class Load {
  failures = [];  // {what, began, ended, reason}
  refused = [];   // the same, of changes that were refused with 503 and clear words
  counts = {};
  #servers = [];  // {id, url, name, gone, unsure}: unsure of what was not answered
  #working = [];
  #stopped = false;
  #named = 0;

  // `at`: an MCP URL as it is called. `refusals`: changes may be refused.
  constructor(admin, { servers }, at, { refusals = false } = {}) {
    Object.assign(this, { admin, place: servers, at, refusals });
  }

  begin(workers) {
    for (let i = 0; i < workers; ++i) this.#working.push(this.#work());
  }
  async end() {
    this.#stopped = true;
    await Promise.all(this.#working);
  }
  told() { return Object.entries(this.counts).map(([what, count]) => `${count} ${what}`).join(', '); }

  // What came of it, or undefined.
  async #one(what, work, isDone) {
    const began = performance.now();
    const note = (list, reason) => { list.push({ what, began, ended: performance.now(), reason }); };
    const answer = await work().catch((error) => {
      note(this.failures, String(error.cause ?? error));
    });
    if (!answer) return undefined;
    if (isDone(answer)) {
      this.counts[what] = (this.counts[what] ?? 0) + 1;
      return answer;
    }
    const isClear = answer.status === 503 && answer.body?.statusCode === 503 && answer.body.message;
    note(this.refusals && what !== 'calls' && isClear ? this.refused : this.failures,
      `${answer.status} ${answer.text.slice(0, 300)}`);
    return undefined;
  }
  #change(what, method, path, body) {
    return this.#one(what, () => this.admin.request(method, path, body), ({ status }) => status < 300);
  }
  #call(url) {
    return this.#one('calls', () => post(this.at(url), legacyCall(kLook, { id: 5012 })), ({ status, text }) =>
      status === 200 && text.includes('5012') && !text.includes('"isError":true'));
  }

  async #work() {
    while (!this.#stopped) {
      const name = `Load ${++this.#named}`;
      const minted = await this.#change('mints', 'POST', this.place, { name });
      if (!minted) continue;
      const mine = { id: minted.body.id, url: minted.body.url, name: new Set([name]) };
      this.#servers.push(mine);
      const path = `${this.place}/${mine.id}`;
      await this.#call(mine.url);
      const next = `${name}, renamed`;
      if (await this.#change('renames', 'PATCH', path, { name: next })) mine.name = new Set([next]);
      else mine.name.add(next);
      await this.#call(mine.url);
      if (this.#named % 3 === 0) continue;
      const removed = await this.#change('deletes', 'DELETE', path);
      if (!removed) mine.unsure = true;
      else if (removed.body?.not_yet_on_disk) mine.later = true;
      else mine.gone = true;
    }
  }

  // Every change that was acknowledged is there, as this server tells it.
  async compare(node) {
    const there = new Map();
    const list = async () => {
      there.clear();
      let cursor = '';
      do {
        const page = await node.admin.get(`${this.place}?limit=100${cursor}`);
        for (const one of page.result) there.set(one.id, one);
        cursor = page.next_cursor ? `&next_cursor=${encodeURIComponent(page.next_cursor)}` : '';
      } while (cursor);
      return !this.#servers.some((one) => one.later && there.has(one.id));
    };
    await until('what was to be deleted later is gone', list, 15);
    for (const one of this.#servers) {
      const found = there.get(one.id);
      const { status } = await post(node.at(one.url), legacyCall('none', {}));
      if (one.gone || one.later) {
        assert.ok(!found && status === 404, `deleted, and there: ${one.id} ${status}`);
      } else if (!one.unsure) {
        assert.ok(found && status === 200, `made, and not there: ${one.id} ${status}`);
        assert.ok(one.name.has(found.name), `${found.name} and not ${[...one.name]}`);
      }
    }
  }
}
