// Streams that go on, and clients that go away.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { modernRequest } from '../e2e/harness/http.mjs';
import { startDemo } from '../e2e/harness/demo.mjs';

let demo;
before(async () => { demo = await startDemo(); });
after(() => demo.program.stop());

const sleep = (ms) => new Promise((done) => { setTimeout(done, ms); });
async function eventually(what, look) {
  for (let i = 0; i < 100; ++i) {
    if (await look()) return;
    await sleep(50);
  }
  assert.fail(`never: ${what}`);
}

// A POST by hand: the socket and all that came back, as text.
function post(url, body, headers = {}) {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  const text = JSON.stringify(body);
  const stream = { socket, text: '', closed: false };
  socket.setEncoding('utf8');
  socket.on('data', (chunk) => { stream.text += chunk; });
  socket.on('close', () => { stream.closed = true; });
  socket.on('error', () => {});
  const head = { host: `${hostname}:${port}`, 'content-type': 'application/json',
    accept: 'application/json, text/event-stream', 'content-length': Buffer.byteLength(text), ...headers };
  socket.write(`POST ${pathname} HTTP/1.1\r\n` +
    `${Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${text}`);
  return stream;
}

function listen(url, notifications = { toolsListChanged: true }) {
  const { headers, body } = modernRequest('subscriptions/listen', { notifications }, 'listener');
  return post(url, body, headers);
}

const sandbox = (method, path, body) => fetch(`${demo.sandbox_url}${path}`, {
  method, headers: { ...demo.psa.headers, 'content-type': 'application/json' },
  body: body && JSON.stringify(body),
});
// Of the API: looking is a request too.
async function inFlight() {
  const { in_flight: count } = await (await sandbox('GET', '/_sandbox/requests')).json();
  return count;
}

for (const era of ['modern', 'legacy']) {
  test(`a ${era} client that goes away mid-call ${era === 'modern' ? 'leaves no' : 'keeps its'} upstream request`,
    async () => {
      const idle = await inFlight();
      await sandbox('POST', '/_sandbox/faults', { hang: true, path_prefix: '/service/tickets' });
      const call = { name: 'get_single_connect_wise_psa_ticket_by_id', arguments: { id: 40592 } };
      const { headers, body } = modernRequest('tools/call', call);
      const stream = era === 'modern' ? post(demo.mcp_url, body, headers)
        : post(demo.mcp_url, { jsonrpc: '2.0', id: 77, method: 'tools/call', params: call });
      await eventually('the upstream is asked', async () => await inFlight() > idle);
      stream.socket.destroy();
      if (era === 'modern') {
        await eventually('the upstream request ends', async () => await inFlight() === idle);
      } else {
        await sleep(500);
        assert.equal(await inFlight(), idle + 1);
        // Until it says so itself.
        post(demo.mcp_url, { jsonrpc: '2.0', method: 'notifications/cancelled',
          params: { requestId: 77 } }, { connection: 'close' });
        await eventually('the upstream request ends', async () => await inFlight() === idle);
      }
      await sandbox('DELETE', '/_sandbox/faults');
    });
}

test('a call of many upstream requests tells how far it is', async () => {
  const call = { name: 'list_all_connect_wise_psa_sales_opportunities',
    arguments: { includeForecast: true, limit: 100 }, _meta: { progressToken: 'p' } };
  await sandbox('PATCH', '/_sandbox/config', { latency_ms: 30 });
  const stream = post(demo.mcp_url, { jsonrpc: '2.0', id: 5, method: 'tools/call', params: call });
  await eventually('the result', () => /"id":5,"result"/.test(stream.text));
  const done = [...stream.text.matchAll(/"progressToken":"p","progress":(\d+),"total":(\d+)/g)];
  assert.ok(done.length > 1, stream.text.slice(0, 2000));
  done.reduce((last, [, now]) => (assert.ok(Number(now) > last), Number(now)), -1);
  await sandbox('PATCH', '/_sandbox/config', { latency_ms: 0 });
  stream.socket.destroy();
});

test('a listener learns of a change of its server, and of its end', async () => {
  const server = await demo.admin.create(`/integrated-account/${demo.integrated_account_id}/mcp`,
    { name: 'Listened to', config: { methods: ['read'] } });
  const path = `/integrated-account/${demo.integrated_account_id}/mcp/${server.id}`;
  const stream = listen(server.url);
  await eventually('acknowledged', () => stream.text.includes('subscriptions/acknowledged'));
  await demo.admin.change(path, { config: { methods: ['read', 'write'] } });
  await eventually('told', () => stream.text.includes('notifications/tools/list_changed'));
  await demo.admin.request('DELETE', path);
  await eventually('ended with its result', () => /"id":"listener","result"/.test(stream.text));
  stream.socket.destroy();
});

test('2,000 idle listeners are held in bounded memory', async (t) => {
  const resident = () => Number(readFileSync(`/proc/${demo.program.pid}/status`, 'utf8')
    .match(/VmRSS:\s+(\d+) kB/)[1]);
  const before_ = resident();
  const streams = Array.from({ length: 2000 }, () => listen(demo.mcp_url));
  await eventually('all are acknowledged',
    () => streams.every(({ text }) => text.includes('subscriptions/acknowledged')));
  const each = (resident() - before_) / streams.length;
  t.diagnostic(`${each.toFixed(1)} KB for each of ${streams.length} listeners`);
  assert.ok(each < 20, `${each} KB a listener`);
  for (const { socket } of streams) socket.destroy();
});

test('a stopping server ends its listeners with a result', async () => {
  const own = await startDemo();
  const stream = listen(own.mcp_url);
  await eventually('acknowledged', () => stream.text.includes('subscriptions/acknowledged'));
  const { code, ms } = await own.program.stop();
  assert.equal(code, 0);
  assert.ok(ms < 5000, `${ms} ms`);
  assert.match(stream.text, /"id":"listener","result"/);
});
