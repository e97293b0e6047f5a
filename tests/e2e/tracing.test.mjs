// Traces: what a collector is told of a call, who decides whether it is, and that a collector which is
// slow, down or rude costs nothing but spans.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox, startServe, temporaryFolder } from './harness/demo.mjs';
import { legacyCall, modernRequest, post } from './harness/http.mjs';
import { Program, run } from './harness/process.mjs';

const kTrace = '0af7651916cd43dd8448eb211c80319c';
const kCaller = 'b7ad6b7169203331';
const traceparent = (flags = '01') => `00-${kTrace}-${kCaller}-${flags}`;
const kList = 'list_all_connect_wise_psa_tickets';

// Speaks OTLP/HTTP JSON: keeps what it takes. `answers`: statuses (or {status, headers}) to give first.
class Collector {
  requests = [];
  answers = [];
  arrivals = [];

  static async start(t, port = 0) {
    const collector = new Collector();
    collector.server = createServer((request, response) => {
      let body = '';
      request.on('data', (piece) => { body += piece; }).on('end', () => {
        collector.arrivals.push(performance.now());
        const { status = 200, headers = {} } = collector.answers.shift() ?? {};
        if (status === 200) collector.requests.push({ path: request.url, headers: request.headers, body: JSON.parse(body) });
        response.writeHead(status, { 'content-type': 'application/json', ...headers }).end('{}');
      });
    });
    await new Promise((done) => collector.server.listen(port, '127.0.0.1', done));
    collector.url = `http://127.0.0.1:${collector.server.address().port}`;
    t.after(() => collector.stop());
    return collector;
  }
  stop() { this.server.closeAllConnections(); return new Promise((done) => this.server.close(done)); }
  get spans() {
    return this.requests.flatMap(({ body }) => body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)));
  }
  // Waits until there are so many traces (spans without a parent of ours).
  async until(look, seconds = 20) {
    for (const end = performance.now() + seconds * 1000; performance.now() < end; await sleep(25)) {
      const found = look(this.spans);
      if (found) return found;
    }
    throw new Error(`not told within ${seconds} s: ${JSON.stringify(this.spans.map(({ name }) => name))}`);
  }
}

const attribute = (span, key) => {
  const { value } = span.attributes.find((each) => each.key === key) ?? {};
  return value && (value.stringValue ?? Number(value.intValue));
};
const isAdmin = (span) => span.kind === 2 && attribute(span, 'mcp.method.name') === undefined;
const calls = (spans) => spans.filter((span) => span.kind === 2 && !isAdmin(span));

// A server with a sandbox behind it, whose traces go to `collector`.
async function world(t, collector, args = [], env = {}) {
  const { psa, credentials } = await startSandbox(t);
  const server = await startServe(t, temporaryFolder(t), { args: ['--otlp-endpoint', collector.url, ...args], env });
  const account = await server.admin.create('/integrated-account', { integration: 'connectwise_psa', name: 'Umbrella Corp', credentials });
  const { url, id } = await server.admin.create(`/integrated-account/${account.id}/mcp`, { name: 'Hive', config: {} });
  return { ...server, psa, account, credentials, mcp: url, serverId: id, call: (name, params, headers) => post(url, legacyCall(name, params), headers) };
}
const metric = async (admin, name) => {
  const { text } = await admin.request('GET', '/metrics');
  return Number(text.match(new RegExp(`^${name} (\\d+)$`, 'm'))[1]);
};

describe('what is told', () => {
  test('a request of the admin API is a span by its route, with who asked and how it ended', async (t) => {
    const collector = await Collector.start(t);
    const { admin, account, token } = await world(t, collector);
    await fetch(`${admin.url}/integrated-account/${account.id}`, { headers: { authorization: `Bearer ${token}`, traceparent: traceparent(), tracestate: 'vendor=42' } });
    await admin.request('GET', '/integrated-account/acc_none');
    await fetch(`${admin.url}/environment`, { headers: { authorization: 'Bearer pba_hunter2' } });
    const root = await collector.until((spans) => spans.find(({ traceId, kind }) => traceId === kTrace && kind === 2));
    assert.equal(root.name, 'GET /integrated-account/:id');
    assert.equal(root.parentSpanId, kCaller);
    assert.equal(root.traceState, 'vendor=42');
    assert.equal(attribute(root, 'http.request.method'), 'GET');
    assert.equal(attribute(root, 'http.route'), '/integrated-account/:id');
    assert.equal(attribute(root, 'http.response.status_code'), 200);
    assert.match(attribute(root, 'patchbay.api_token.id'), /^tok_/);
    const below = collector.spans.filter(({ parentSpanId }) => parentSpanId === root.spanId).map(({ name }) => name);
    assert.deepEqual(below.toSorted(), ['authenticate', 'carry_out']);
    const statuses = await collector.until((spans) => {
      const found = spans.filter(isAdmin).map((span) => attribute(span, 'http.response.status_code'));
      return [200, 201, 401, 404].every((status) => found.includes(status)) && found;
    });
    assert.ok(statuses.length > 4, 'each');
    const text = JSON.stringify(collector.requests.map(({ body }) => body));
    for (const word of [token, 'hunter2', account.id, 'acc_none', 'Umbrella', 'Hive']) assert.ok(!text.includes(word), `a trace tells ${word}`);
  });

  test('the collector gets the headers that it wants, and nobody else hears of them', async (t) => {
    const folder = temporaryFolder(t);
    const file = join(folder, 'headers');
    writeFileSync(file, 'Authorization: Bearer hunter2\nx-scope: team-1\n', { mode: 0o600 });
    const collector = await Collector.start(t);
    const { call, program } = await world(t, collector, ['--otlp-headers-file', file, '--log-level', 'debug']);
    await call('list_all_connect_wise_psa_boards', { limit: 1 });
    await collector.until((spans) => calls(spans).length > 0);
    assert.equal(collector.requests[0].headers.authorization, 'Bearer hunter2');
    assert.equal(collector.requests[0].headers['x-scope'], 'team-1');
    assert.ok(!program.output.includes('hunter2'));

    const second = await Collector.start(t);
    const other = await world(t, second, [], { PATCHBAY_OTLP_HEADERS: 'x-api-key=hunter%2C3' });
    await other.call('list_all_connect_wise_psa_boards', { limit: 1 });
    await second.until((spans) => calls(spans).length > 0);
    assert.equal(second.requests[0].headers['x-api-key'], 'hunter,3');

    writeFileSync(file, 'hunter2\n');
    const keys = join(folder, 'patchbay.key');
    await run('key', 'new', keys);
    const refused = new Program(['serve', '--data-dir', join(folder, 'data'), '--key-file', keys, '--port', '0',
      '--otlp-endpoint', collector.url, '--otlp-headers-file', file]);
    const { code } = await refused.exited;
    assert.notEqual(code, 0);
    assert.match(refused.stderr, /number 1 has no ':'/);
    assert.ok(!refused.stderr.includes('hunter2'));
  });

  test('a call is a tree of spans: stages, requests, each within its parent', async (t) => {
    const collector = await Collector.start(t);
    const { call, psa, serverId, account, credentials, mcp } = await world(t, collector);
    const answer = await call('update_a_connect_wise_psa_ticket_by_id',
      { id: 5012, priority: 'Priority 1 - Critical', idempotency_key: 'once' }, { traceparent: traceparent(), tracestate: 'vendor=42' });
    assert.equal(answer.status, 200);
    const root = await collector.until((spans) => calls(spans).find(({ traceId }) => traceId === kTrace));
    const spans = collector.spans.filter(({ traceId }) => traceId === kTrace);

    assert.equal(root.parentSpanId, kCaller);
    assert.equal(root.name, 'tools/call update_a_connect_wise_psa_ticket_by_id');
    assert.equal(attribute(root, 'mcp.method.name'), 'tools/call');
    assert.equal(attribute(root, 'gen_ai.tool.name'), 'update_a_connect_wise_psa_ticket_by_id');
    assert.equal(attribute(root, 'patchbay.mcp_server.id'), serverId);
    assert.equal(attribute(root, 'patchbay.account.id'), account.id);

    const byId = new Map(spans.map((span) => [span.spanId, span]));
    assert.equal(byId.size, spans.length, 'ids differ');
    for (const span of spans) {
      assert.match(span.traceId, /^[0-9a-f]{32}$/);
      assert.match(span.spanId, /^[0-9a-f]{16}$/);
      assert.equal(span.traceState, 'vendor=42');
      assert.ok(BigInt(span.startTimeUnixNano) <= BigInt(span.endTimeUnixNano), span.name);
      if (span === root) continue;
      const parent = byId.get(span.parentSpanId);
      assert.ok(parent, `${span.name} hangs in the air`);
      assert.ok(BigInt(parent.startTimeUnixNano) <= BigInt(span.startTimeUnixNano), `${span.name} begins before ${parent.name}`);
      assert.ok(BigInt(span.endTimeUnixNano) <= BigInt(parent.endTimeUnixNano), `${span.name} ends after ${parent.name}`);
    }
    const now = BigInt(Date.now()) * 1_000_000n;
    assert.ok(now - BigInt(root.startTimeUnixNano) < 120_000_000_000n, 'times are of this day');

    const children = spans.filter(({ parentSpanId }) => parentSpanId === root.spanId).map(({ name }) => name);
    for (const stage of ['arguments', 'names', 'bind', 'journal', 'PATCH']) assert.ok(children.includes(stage), `${stage}: ${children}`);
    const names = spans.find(({ name }) => name === 'names');
    assert.ok(spans.some(({ name, parentSpanId }) => name === 'GET' && parentSpanId === names.spanId), 'look-ups stand under their stage');
    const sent = spans.filter(({ kind }) => kind === 3);
    for (const span of sent) assert.equal(attribute(span, 'http.response.status_code'), 200);

    // What the API was sent is the span of the request.
    const log = await (await fetch(`${psa.url}/_sandbox/requests?limit=100`, { headers: psa.headers })).json();
    assert.deepEqual(log.requests.filter(({ traceparent: one }) => one.includes(kTrace)).map((each) => each.traceparent).toSorted(),
      sent.map(({ spanId }) => `00-${kTrace}-${spanId}-01`).toSorted());

    const { headers, path, body } = collector.requests[0];
    assert.equal(path, '/v1/traces');
    assert.match(headers['content-type'], /^application\/json/);
    const resource = Object.fromEntries(body.resourceSpans[0].resource.attributes.map(({ key, value }) => [key, value.stringValue]));
    assert.equal(resource['service.name'], 'patchbay');
    assert.match(resource['service.version'], /^\d+\.\d+/);
    assert.ok(resource['service.instance.id'].length > 8);

    // No secret, no argument, no name of a customer.
    const text = JSON.stringify(collector.requests.map((each) => each.body));
    for (const word of [mcp.split('/').at(-1), credentials.private_key, credentials.public_key, 'Critical', 'Umbrella', 'Hive', 'once', new URL(credentials.site).host]) {
      assert.ok(!text.includes(word), `a trace tells ${word}`);
    }
  });

  test('shaping, refusals and composites have their spans', async (t) => {
    const collector = await Collector.start(t);
    const { call } = await world(t, collector);
    await call(kList, { limit: 2 });
    await call('get_single_connect_wise_psa_ticket_by_id', { id: 987654321 });
    await call(kList, { limit: 'many' });
    await call('nothing_like_that', {});
    const [list, missing, refused, unknown] = await collector.until((spans) => calls(spans).length >= 4 && calls(spans));
    const names = (root) => collector.spans.filter(({ parentSpanId }) => parentSpanId === root.spanId).map(({ name }) => name);
    assert.ok(names(list).includes('shape'));
    assert.equal(list.parentSpanId, undefined);
    assert.equal(list.status, undefined);
    assert.ok(names(missing).includes('explain'));
    assert.deepEqual(missing.status, { code: 2 });
    assert.equal(attribute(missing, 'error.type'), 'tool_error');
    const get = collector.spans.find(({ name, parentSpanId }) => name === 'GET' && parentSpanId === missing.spanId);
    assert.equal(attribute(get, 'error.type'), '404');
    assert.ok(!names(refused).includes('GET'));
    assert.equal(unknown.name, 'tools/call', 'what a caller makes up is no name of a span');
    assert.equal(attribute(unknown, 'error.type'), '-32602');
  });

  test('the log lines of a request carry its ids', async (t) => {
    const collector = await Collector.start(t);
    const { call, program } = await world(t, collector, ['--log-level', 'debug']);
    await call(kList, { limit: 1 }, { traceparent: traceparent() });
    await call(kList, { limit: 1 }, { traceparent: traceparent('00') });
    const root = await collector.until((spans) => calls(spans)[0]);
    const lines = program.stderr.split('\n').filter((line) => line.includes('"tools/call"')).map((line) => JSON.parse(line));
    assert.equal(lines.length, 2);
    assert.equal(lines[0].trace_id, kTrace);
    assert.equal(lines[0].span_id, root.spanId);
    assert.equal(lines[1].trace_id, kTrace);
    assert.equal(lines[1].span_id, undefined, 'it has no span of ours');
  });
});

describe('who decides', () => {
  test('the flag of who asks, and without one the ratio; which can be changed', async (t) => {
    const collector = await Collector.start(t);
    const folder = temporaryFolder(t);
    const file = join(folder, 'config.yaml');
    writeFileSync(file, 'trace_sample: 0\n');
    const { call, admin } = await world(t, collector, ['--config', file]);
    await call(kList, { limit: 1 });
    await call(kList, { limit: 1 }, { traceparent: traceparent('00') });
    await call(kList, { limit: 1 }, { traceparent: 'garbage' });
    await call(kList, { limit: 1 }, { traceparent: traceparent('01') });
    await collector.until((spans) => calls(spans).length > 0);
    writeFileSync(file, 'trace_sample: 1\n');
    assert.deepEqual((await admin.request('POST', '/reload')).body.changed, ['trace-sample']);
    await call(kList, { limit: 1 }, { traceparent: traceparent('00') });
    await call(kList, { limit: 1 }, { traceparent: 'garbage' });
    await call(kList, { limit: 1 });
    const roots = await collector.until((spans) => calls(spans).length >= 3 && calls(spans));
    assert.equal(roots.length, 3);
    assert.equal(roots[0].traceId, kTrace);
    for (const root of roots.slice(1)) {
      assert.notEqual(root.traceId, kTrace);
      assert.equal(root.parentSpanId, undefined);
    }
  });

  test('a modern client says it in _meta, which counts before the header', async (t) => {
    const collector = await Collector.start(t);
    const { mcp } = await world(t, collector);
    const { headers, body } = modernRequest('tools/call', { name: kList, arguments: { limit: 1 } });
    body.params._meta.traceparent = traceparent();
    await post(mcp, body, { ...headers, traceparent: '00-11111111111111111111111111111111-1111111111111111-01' });
    const root = await collector.until((spans) => calls(spans)[0]);
    assert.equal(root.traceId, kTrace);
    assert.equal(root.parentSpanId, kCaller);
  });

  test('a tracestate that is too long goes no further', async (t) => {
    const collector = await Collector.start(t);
    const { call } = await world(t, collector);
    await call(kList, { limit: 1 }, { traceparent: traceparent(), tracestate: `a=${'x'.repeat(600)}` });
    const root = await collector.until((spans) => calls(spans)[0]);
    assert.equal(root.traceState, undefined);
  });
});

describe('a collector in trouble', () => {
  test('is tried again, as late as it says, and nothing is lost', async (t) => {
    const collector = await Collector.start(t);
    collector.answers = [{ status: 503, headers: { 'retry-after': '2' } }, { status: 429 }];
    const { call, admin, program } = await world(t, collector);
    await call(kList, { limit: 1 }, { traceparent: traceparent() });
    await collector.until((spans) => calls(spans)[0]);
    const [first, second] = collector.arrivals;
    assert.ok(second - first >= 1_900, `it came again after ${second - first} ms`);
    assert.equal(await metric(admin, 'patchbay_trace_spans_dropped_total'), 0);
    assert.equal(await metric(admin, 'patchbay_trace_spans_exported_total'), collector.spans.length);
    assert.equal(program.stderr.match(/does not take them/g).length, 1, 'told once');
  });

  test('that refuses for good is not asked again, and the spans are counted', async (t) => {
    const collector = await Collector.start(t);
    collector.answers = [{ status: 400 }];
    const { call, admin } = await world(t, collector);
    await call(kList, { limit: 1 }, { traceparent: traceparent() });
    for (let i = 0; i < 200 && await metric(admin, 'patchbay_trace_spans_dropped_total') === 0; ++i) await sleep(50);
    assert.ok(await metric(admin, 'patchbay_trace_spans_dropped_total') > 3);
    assert.equal(collector.arrivals.length, 1);
  });

  test('that is down loses what does not fit, calls go on, and what fits comes when it is back', async (t) => {
    const collector = await Collector.start(t);
    const { call, admin } = await world(t, collector);
    await collector.stop();
    const rounds = 8;
    for (let round = 0; round < rounds; ++round) {
      const answers = await Promise.all(Array.from({ length: 100 }, () => call('list_all_connect_wise_psa_priorities', { limit: 1 })));
      assert.ok(answers.every(({ status }) => status === 200));
    }
    const dropped = await metric(admin, 'patchbay_trace_spans_dropped_total');
    assert.ok(dropped > 0, 'the queue is bounded');
    const back = await Collector.start(t, Number(new URL(collector.url).port));
    await call(kList, { limit: 1 });
    await back.until((spans) => calls(spans).length > 50, 60);
  });

  test('a server that stops tells what it has', async (t) => {
    const collector = await Collector.start(t);
    const { call, program } = await world(t, collector);
    await call(kList, { limit: 1 }, { traceparent: traceparent() });
    await program.stop();
    assert.ok(calls(collector.spans).some(({ traceId }) => traceId === kTrace));
  });
});

test('without a collector nothing is recorded, and the context is passed on as it came', async (t) => {
  const { psa, credentials } = await startSandbox(t);
  const { admin } = await startServe(t, temporaryFolder(t));
  const account = await admin.create('/integrated-account', { integration: 'connectwise_psa', name: 'PSA', credentials });
  const { url } = await admin.create(`/integrated-account/${account.id}/mcp`, { name: 'x', config: {} });
  assert.equal((await post(url, legacyCall(kList, { limit: 1 }), { traceparent: traceparent() })).status, 200);
  assert.equal(await metric(admin, 'patchbay_trace_spans_exported_total'), 0);
  const { requests } = await (await fetch(`${psa.url}/_sandbox/requests?limit=1`, { headers: psa.headers })).json();
  assert.equal(requests[0].traceparent, traceparent());
});
