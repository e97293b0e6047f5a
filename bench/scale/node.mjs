// A Patchbay node to measure: started on a data folder or a shared database, asked on connections that
// stay open.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join, resolve } from 'node:path';
import { mcpRequest } from '../lib/load.mjs';
import { memory, processorTime, start, stop } from '../lib/processes.mjs';

const root = new URL('../..', import.meta.url).pathname;
export const binary = resolve(root, process.env.PATCHBAY_BIN ?? 'build/release/patchbay');

// The newest revision of MCP has these no more.
const kEarlier = new Set(['ping', 'initialize']);

export class Node {
  #agent = new Agent({ keepAlive: true, maxSockets: 64 });

  // `token`: of the admin API; without it, the one that the first start of an instance writes.
  static async start({ data, key, database = '', token }) {
    if (!existsSync(binary)) throw new Error(`there is no ${binary}: run \`make build\``);
    if (!existsSync(key)) execFileSync(binary, ['key', 'new', key]);
    const before = performance.now();
    // Lifetimes of seconds, or the expiries would have to be waited for.
    const { child, value: url } = await start('0-1023', binary, ['serve', '--port', '0', '--data-dir', data,
      '--key-file', key, '--allow-loopback-upstreams', '--least-lifetime', '1'], {
      env: database ? { PATCHBAY_DATABASE: database } : {},
      ready: (output) => output.match(/"message":"serving".*?"url":"([^"]+)"/)?.[1], seconds: 600 });
    const started = performance.now() - before;
    token ??= readFileSync(join(data, 'first-api-token'), 'utf8').trim();
    return Object.assign(new Node(), { child, url, token, started });
  }

  stop() {
    this.#agent.destroy();
    return stop(this.child);
  }

  // {status, text, ms}
  #send({ url, method, headers, body }) {
    return new Promise((done, failed) => {
      const before = performance.now();
      const sent = request(url, { method, agent: this.#agent, headers: { ...headers,
        ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }) } }, (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('error', failed);
        answer.on('end', () => done({ status: answer.statusCode, text: Buffer.concat(parts).toString(),
          ms: performance.now() - before }));
      });
      sent.on('error', failed);
      sent.end(body);
    });
  }

  // The answer's value, with how long it took; throws unless the request was taken.
  async admin(method, path, body) {
    const { status, text, ms } = await this.#send({ url: this.url + path, method,
      headers: { authorization: `Bearer ${this.token}`, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body) });
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text.slice(0, 500)}`);
    return { value: JSON.parse(text), ms };
  }

  // `server` is its token: {status, text, ms}
  call(server, method, params = {}) {
    const url = `${this.url}/mcp/${server}`;
    if (!kEarlier.has(method)) return this.#send(mcpRequest(url, method, params));
    return this.#send({ url, method: 'POST', headers: { 'content-type': 'application/json',
      accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) });
  }

  async answers(server, method) {
    const answer = await this.call(server, method);
    if (answer.status !== 200 || !JSON.parse(answer.text).result) {
      throw new Error(`${method}: ${answer.status} ${answer.text.slice(0, 500)}`);
    }
    return answer;
  }

  // Resident bytes, once nothing is done any more (a start looks over all rows in the background).
  async memoryAtRest() {
    for (let used = -1; ;) {
      const now = processorTime(this.child);
      if (now - used < 0.03) return memory(this.child);
      used = now;
      await new Promise((over) => setTimeout(over, 700));
    }
  }
}
