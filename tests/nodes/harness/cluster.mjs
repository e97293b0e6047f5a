// Three servers on one database, nginx in front of them, and the sandbox as the API that they call.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Admin } from '../../e2e/harness/admin.mjs';
import { startSandbox, temporaryFolder } from '../../e2e/harness/demo.mjs';
import { modernRequest, post } from '../../e2e/harness/http.mjs';
import { freePort } from '../../e2e/harness/port.mjs';
import { Program, run } from '../../e2e/harness/process.mjs';
import { Postgres } from './postgres.mjs';

export const kNote = 'create_a_connect_wise_psa_ticket_note';
export const kPing = '{"jsonrpc":"2.0","id":1,"method":"ping"}';

export class Node {
  constructor(folder, port, { args = [], env = {} }) { Object.assign(this, { folder, port, args, env }); }
  get url() { return `http://127.0.0.1:${this.port}`; }
  get data() { return join(this.folder, 'data'); }

  start() {
    mkdirSync(this.folder, { recursive: true });
    this.program = new Program(['serve', '--port', String(this.port), '--data-dir', this.data,
      '--allow-loopback-upstreams', '--least-lifetime', '1', '--loops', '2', ...this.args], { env: this.env });
    return this.program.until('address', () => this.program.stderr.includes('"message":"serving"'));
  }
  async kill() {
    if (this.program?.alive) await this.program.stop('SIGKILL');
  }
  // An MCP URL, by this node.
  at(url) { return url.replace(new URL(url).origin, this.url); }
  // What opens everything, where this node was the first or no token was used yet.
  firstToken() {
    const file = join(this.data, 'first-api-token');
    return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
  }
  async ready() {
    const answer = await fetch(`${this.url}/readyz`);
    return { status: answer.status, ...await answer.json() };
  }
  async untilReady(seconds = 20) {
    await until(`${this.url} is ready`, async () => (await this.ready()).status === 'ok', seconds);
  }
}

// `args`: of all nodes, or one list each; `wires`: by its number, the wire of a node to the database, if it has one;
// `standby`: the database has one, which is named first in its URL.
export async function startCluster(t, { args = [], nodes = 3, wires = () => undefined, standby = false } = {}) {
  const postgres = await Postgres.start(t);
  const second = standby ? await postgres.standby(t) : undefined;
  const database = postgres.createDatabase();
  const folder = temporaryFolder(t);
  const keyFile = await newKey(folder);
  const { psa, credentials } = await startSandbox(t);
  const cluster = { postgres, standby: second, database, psa, credentials, nodes: [] };
  for (let i = 0; i < nodes; ++i) {
    const wire = await wires(i, postgres);
    const node = new Node(join(folder, `node${i}`), await freePort(), {
      args: ['--key-file', keyFile, ...(Array.isArray(args[0]) ? args[i] : args)],
      env: { PATCHBAY_DATABASE: postgres.url(database, second ? { ports: [second.port, postgres.port] }
        : wire && { port: wire.port }) } });
    node.wire = wire;
    t.after(() => node.kill());
    cluster.nodes.push(node);
  }
  await cluster.nodes[0].start();
  await Promise.all(cluster.nodes.slice(1).map((node) => node.start()));
  const token = cluster.nodes[0].firstToken();
  for (const node of cluster.nodes) node.admin = new Admin(node.url, token);
  cluster.admin = cluster.nodes[0].admin;
  return cluster;
}

export async function newKey(folder) {
  const file = join(folder, 'patchbay.key');
  assert.equal((await run('key', 'new', file)).code, 0);
  return file;
}

// As it comes: whom it cannot connect to it passes by, and what it has sent it does not send again.
export async function startNginx(t, nodes) {
  const folder = temporaryFolder(t);
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((what) => `  ${what}_temp_path ${folder}/${what};`).join('\n');
  writeFileSync(join(folder, 'nginx.conf'), `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events {}
http {
  access_log off;
${temporary}
  upstream nodes {
${nodes.map((node) => `    server 127.0.0.1:${node.port} max_fails=1 fail_timeout=1s;`).join('\n')}
  }
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://nodes; proxy_buffering off; }
  }
}
`);
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'nginx', '-p', folder, '-c', join(folder, 'nginx.conf')],
    { stdio: 'ignore', env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` } });
  t.after(() => child.kill('SIGKILL'));
  const url = `http://127.0.0.1:${port}`;
  await until('nginx answers (is nginx-light installed?)',
    () => fetch(`${url}/healthz`).then(({ ok }) => ok, () => false));
  return { url, at: (mcp) => mcp.replace(new URL(mcp).origin, url) };
}

// Of a cluster: an environment of its own, an account in it, and a second factor.
let named = 0;
export async function tenant({ admin, credentials }) {
  const name = `Tenant ${++named}`;
  const environment = await admin.create('/environment', { name });
  const account = await admin.create('/integrated-account', { integration: 'connectwise_psa', name,
    environment_id: environment.id, credentials });
  return { name, environment, account, servers: `/integrated-account/${account.id}/mcp` };
}
export const mintOf = ({ servers }, admin, more = {}) => admin.create(servers, { name: 'Server', ...more });

export const ping = (url, headers = {}) => post(url, kPing, headers);
export const isServed = async (url, headers) => (await ping(url, headers)).status === 200;

export const call = (url, name, args, headers = {}) => {
  const request = modernRequest('tools/call', { name, arguments: args });
  return post(url, request.body, { ...request.headers, ...headers });
};
// What a call hands to the model, or the error of the request itself; also where it came as an event.
export function said(answer) {
  const events = [...answer.text.matchAll(/^data: (.*)$/gm)].map((line) => JSON.parse(line[1]));
  const message = answer.body ?? events.at(-1);
  return message?.result ? JSON.parse(message.result.content[0].text) : { error: message?.error ?? answer.status };
}

export async function until(what, look, seconds = 20) {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found) return found;
    assert.ok(performance.now() < end, `not within ${seconds} s: ${what}`);
    await sleep(10);
  }
}

// Of milliseconds.
export function figures(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const [median, worst] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)].map((ms) => ms.toFixed(1));
  return `median ${median} ms, worst ${worst} ms of ${sorted.length}`;
}
