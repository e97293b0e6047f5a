// A server under attack, what it holds and tells, and connections that behave badly.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startServe, temporaryFolder } from '../../e2e/harness/demo.mjs';
import { legacyCall, modernRequest, post } from '../../e2e/harness/http.mjs';

export const kMegabyte = 1024 * 1024;
export const kList = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
export const kLook = 'get_single_connect_wise_psa_ticket_by_id';

// An environment of its own, an account in it and a server of that: {environment, account, id, url}.
export async function mint(admin, credentials, name, config = {}) {
  const environment = await admin.create('/environment', { name });
  const account = await admin.create('/integrated-account', { integration: 'connectwise_psa', name,
    environment_id: environment.id, credentials });
  return { environment, account, ...await admin.create(`/integrated-account/${account.id}/mcp`, { name, config }) };
}

// `patchbay serve` with two tenants who know nothing of each other.
export async function startDesk(kept, credentials, ...args) {
  const serve = await startServe(kept, temporaryFolder(kept), { args });
  return { ...serve, one: await mint(serve.admin, credentials, 'One'),
    other: await mint(serve.admin, credentials, 'Other') };
}

// Of a line of /proc/<pid>/status, as it stands: kilobytes, or a number.
export const status = (serve, what) =>
  Number(readFileSync(`/proc/${serve.program.pid}/status`, 'utf8').match(new RegExp(`${what}:\\s+(\\d+)`))[1]);
// Megabytes.
export const held = (serve) => status(serve, 'VmRSS') / 1024;
export const threads = (serve) => status(serve, 'Threads');
// A process that nobody may look into shows its number of descriptors, from Linux 6.2 on, and to root all.
export function descriptors(serve) {
  const folder = `/proc/${serve.program.pid}/fd`;
  return statSync(folder).size || readdirSync(folder).length;
}

// Log lines of an event.
export const told = (serve, event) => serve.program.stderr.split('\n')
  .filter((line) => line.includes(`"event":"${event}"`)).map((line) => JSON.parse(line));
export async function metric(serve, event) {
  const { text } = await serve.admin.request('GET', '/metrics');
  return Number(text.match(new RegExp(`patchbay_security_events_total\\{event="${event}"\\} (\\d+)`))[1]);
}

const connections = new Set();
// A connection that sends and does not read, unless it is told to. `from`: an address of this machine.
export function raw(url, text, { from } = {}) {
  const { hostname, port, host } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname, localAddress: from });
  const it = { socket, answer: '', closed: false };
  connections.add(socket);
  socket.on('error', () => {}).on('close', () => { it.closed = true; connections.delete(socket); });
  it.reads = () => { socket.on('data', (bytes) => { it.answer += bytes.toString('latin1'); }).resume(); return it; };
  it.until = async (look, milliseconds = 30_000) => {
    for (let waited = 0; !look(it); waited += 20) {
      assert.ok(waited < milliseconds, `${look}: ${it.answer.slice(0, 300)}`);
      await sleep(20);
    }
    return it;
  };
  socket.pause();
  socket.write(text.replace('{host}', host));
  return it;
}
// What an attack leaves when it fails half-way is not the next one's.
export function hangUp() {
  for (const socket of connections) socket.destroy();
}
export const head = (url, length, extra = '') => `POST ${new URL(url).pathname} HTTP/1.1\r\nHost: {host}\r\n`
  + `Content-Type: application/json\r\nContent-Length: ${length}\r\n${extra}\r\n`;
// A whole request, from what modernRequest() gives.
export function whole(url, { headers, body }) {
  const text = JSON.stringify(body);
  const lines = { accept: 'application/json, text/event-stream', ...headers };
  const extra = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return head(url, Buffer.byteLength(text), extra) + text;
}
export const listens = (url) =>
  whole(url, modernRequest('subscriptions/listen', { notifications: { toolsListChanged: true } }));
export const eventStream = (url) => `GET ${new URL(url).pathname}/sse HTTP/1.1\r\nHost: {host}\r\n\r\n`;

export async function isAnswered(mcp) {
  const answer = await post(mcp.url, legacyCall(kLook, { id: 5012 }));
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.text, /5012/);
}
