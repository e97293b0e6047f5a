// An upstream that takes eight seconds: what the official clients, a proxy and the bridge make of a
// call to it. All calls run at the same time, each on an account of its own.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client';
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { startDemo } from '../e2e/harness/demo.mjs';
import { legacyCall } from '../e2e/harness/http.mjs';
import { freePort } from '../e2e/harness/port.mjs';
import { binary } from '../e2e/harness/process.mjs';

const kLatency = 8_000;
// A client's deadline, and the idle limit of the proxy (nginx's default, a minute, would take a test of
// more than a minute): both shorter than the call, and longer than the five seconds between two signs.
const kDeadline = 6_500;
const kIdleLimit = 6;
const kTool = 'list_all_connect_wise_psa_boards';
const kSelf = { name: 'patchbay-clients', version: '1.0.0' };

const v1 = (transport) => ({ make: () => new ClientV1(kSelf), transport,
  call: (client, params, options) => client.callTool(params, undefined, options) });
const v2 = (mode, transport) => ({ make: () => new ClientV2(kSelf, { versionNegotiation: { mode } }), transport,
  call: (client, params, options) => client.callTool(params, options) });
const http = (Transport) => (url) => new Transport(new URL(url));
const bridge = (Transport) => (url) => new Transport({ command: binary, args: ['stdio', url] });
const pinned = { pin: '2026-07-28' };
const ways = {
  'SDK v1': v1(http(HttpV1)),
  'SDK v2, legacy': v2('legacy', http(HttpV2)),
  'SDK v2, 2026-07-28': v2(pinned, http(HttpV2)),
  'SDK v1, the event stream of 2024-11-05': v1((url) => new SSEClientTransport(new URL(`${url}/sse`))),
  'SDK v1 through the bridge': v1(bridge(StdioV1)),
  'SDK v2, 2026-07-28, through the bridge': v2(pinned, bridge(StdioV2)),
};

let demo;
let proxy;
const clients = [];
const calls = new Map();  // what runs, by its name: a promise of {result, failure, progress, ms}

// nginx as it comes, but for its idle limit.
async function startProxy(upstream) {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-nginx-'));
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
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass ${upstream}; proxy_read_timeout ${kIdleLimit}s; }
  }
}
`);
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'nginx', '-p', folder, '-c', join(folder, 'nginx.conf')],
    { stdio: 'ignore', env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` } });
  const url = `http://127.0.0.1:${port}`;
  for (let i = 0; ; ++i) {
    if (await fetch(`${url}/healthz`).then(({ ok }) => ok, () => false)) break;
    assert.ok(i < 100 && child.exitCode === null, 'nginx does not start: is nginx-light installed?');
    await sleep(50);
  }
  return { url, stop() { child.kill('SIGKILL'); rmSync(folder, { recursive: true, force: true }); } };
}

// The MCP URL of an account that nobody else uses: nobody waits for anybody's turn.
async function freshUrl() {
  const account = await demo.admin.create('/integrated-account',
    { integration: 'connectwise_psa', name: 'PSA', tenant_id: 'slow', credentials: demo.credentials });
  return (await demo.admin.create(`/integrated-account/${account.id}/mcp`, { name: 'slow', config: {} })).url;
}
const behindProxy = (url) => url.replace(new URL(url).origin, proxy.url);

// What becomes of a call, and when.
async function outcome(run) {
  const progress = [];
  const began = performance.now();
  const told = await run((one) => progress.push({ ...one, ms: performance.now() - began })).then(
    (result) => ({ result }), (failure) => ({ failure }));
  return { ...told, progress, ms: performance.now() - began };
}

before(async () => {
  demo = await startDemo();
  proxy = await startProxy(new URL(demo.mcp_url).origin);
  const prepared = [];  // connected while the upstream is fast
  for (const [name, way] of Object.entries(ways)) {
    const client = way.make();
    await client.connect(way.transport(await freshUrl()));
    clients.push(client);
    prepared.push([name, (onprogress) => way.call(client, { name: kTool, arguments: { limit: 1 } },
      { onprogress, timeout: kDeadline, resetTimeoutOnProgress: true })]);
  }
  for (const [name, options] of [
    ['without progress', { timeout: kDeadline }],
    ['without progress, and time', { timeout: 60_000 }]]) {
    const client = ways['SDK v1'].make();
    await client.connect(new HttpV1(new URL(behindProxy(await freshUrl()))));
    clients.push(client);
    prepared.push([name, () => client.callTool({ name: kTool, arguments: { limit: 1 } }, undefined, options)]);
  }
  const url = behindProxy(await freshUrl());
  prepared.push(['JSON alone', async () => {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(legacyCall(kTool, { limit: 1 })),
      headers: { 'content-type': 'application/json', accept: 'application/json' } });
    return { status: response.status };
  }]);
  await demo.psa.control('PATCH', 'config', { latency_ms: kLatency });
  for (const [name, run] of prepared) calls.set(name, outcome(run));
});
after(async () => {
  await Promise.all(clients.map((client) => client.close()));
  proxy?.stop();
  await demo.program.stop();
});

for (const name of Object.keys(ways)) {
  test(`${name}: a call outlives its deadline, since progress renews it`, async () => {
    const { result, failure, progress, ms } = await calls.get(name);
    assert.ifError(failure);
    assert.equal(JSON.parse(result.content[0].text).result_count, 1);
    assert.ok(ms > kDeadline, `${ms} ms`);
    assert.ok(progress.length >= 2, JSON.stringify(progress));
    progress.reduce((last, { progress: now }) => (assert.ok(now > last), now), -1);
    for (const { message } of progress) assert.equal(message, 'Waiting for the API.');
  });
}

describe('behind nginx', () => {
  test('a client that reads event streams has its answer beyond the idle limit', async () => {
    const { result, failure, ms } = await calls.get('without progress, and time');
    assert.ifError(failure);
    assert.equal(JSON.parse(result.content[0].text).result_count, 1);
    assert.ok(ms > kIdleLimit * 1000, `${ms} ms`);
  });

  test('the limit is real: who takes JSON alone gets its 504', async () => {
    const { result } = await calls.get('JSON alone');
    assert.equal(result.status, 504);
  });

  test('the deadline is real: without progress the client gives up, and so does the call', async () => {
    const { failure, ms } = await calls.get('without progress');
    assert.match(String(failure), /timed out/i);
    assert.ok(ms < kLatency, `${ms} ms`);
  });

  test('what was given up (by the client, and by nginx) was left at the upstream, and nothing else', async () => {
    await Promise.all(calls.values());
    const { requests } = await demo.psa.control('GET', 'requests');
    const states = requests.filter(({ path }) => path.endsWith('/service/boards')).map(({ state }) => state);
    assert.deepEqual(states.sort(), ['cancelled', 'cancelled', ...Array(calls.size - 2).fill('done')]);
  });
});
