// The configuration read again while the server works: what holds at once, what waits for a restart,
// and that nobody who is connected notices.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as tlsConnect } from 'node:tls';
import { startDemo, startSandbox, startServe, temporaryFolder } from './harness/demo.mjs';
import { legacyCall, post } from './harness/http.mjs';
import { run } from './harness/process.mjs';

// A server with a configuration file that the test writes.
async function serve(t, settings = {}, args = []) {
  const folder = temporaryFolder(t);
  const file = join(folder, 'config.yaml');
  const write = (lines) => writeFileSync(file,
    Object.entries(lines).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`).join(''));
  write(settings);
  const server = await startServe(t, folder, { args: ['--config', file, ...args] });
  const told = (message) => server.program.stderr.split('\n').filter((line) => line.includes(message))
    .map((line) => JSON.parse(line));
  return { ...server, folder, file, write, told };
}

const kRead = 'The configuration was read again.';
const kFault = 'The configuration has a fault; nothing was changed.';

describe('what is told', () => {
  test('every setting stands in one of three lists, and the page says which hold at once', async (t) => {
    const { admin, write, program, told } = await serve(t, { log_level: 'info' });
    const before = await admin.request('POST', '/reload');
    assert.equal(before.status, 200, before.text);
    const help = (await run('serve', '--help')).stdout;
    const flags = [...new Set([...help.matchAll(/^ *--([a-z-]+)/gm)].map(([, name]) => name))]
      .filter((name) => !['help', 'config'].includes(name));
    assert.ok(flags.length > 20);
    assert.deepEqual(before.body.unchanged.toSorted(), [...flags, 'key', 'otlp-headers'].toSorted());
    assert.deepEqual(before.body.changed, []);

    write({ log_level: 'debug', address: '127.0.0.2', loops: 1 });
    const after = (await admin.request('POST', '/reload')).body;
    assert.deepEqual(after.changed, ['log-level']);
    assert.deepEqual(after.needs_restart, ['address', 'loops']);
    assert.equal(after.unchanged.length, flags.length + 2 - 3);

    write({ log_level: 'info', address: '127.0.0.2' });
    program.signal('SIGHUP');
    await program.until('a second reading', () => told(kRead).some((line) => line.asked_by === 'SIGHUP'));
    const line = told(kRead).find(({ asked_by }) => asked_by === 'SIGHUP');
    assert.equal(line.changed, 'log-level');
    assert.equal(line.needs_restart, 'address');
  });

  test('the page lists what holds at once, and what does not', async (t) => {
    const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
    const section = page.slice(page.indexOf('## Reading the configuration again'));
    const listed = (heading) => [...section.match(new RegExp(`\\| ${heading} \\|([^\\n]*)\\|`))[1]
      .matchAll(/`([a-z-]+)`/g)].map(([, name]) => name).toSorted();
    const folder = temporaryFolder(t);
    writeFileSync(join(folder, 'cert.pem'), 'none');
    const others = { 'public-url': 'https://a.example', 'data-dir': join(folder, 'b'),
      database: 'postgresql://db.example/x', 'key-file': null, integrations: folder, port: null,
      'tls-cert': null, 'tls-key': null, 'upstream-ca-file': null, address: '127.0.0.3',
      'allowed-origins': ['https://a.example'], 'allowed-hosts': ['a.example'],
      'allow-private-upstreams': true, 'allow-loopback-upstreams': null, 'upstream-timeout': 7,
      'repeat-window': 7, 'account-concurrency': 7, 'max-body-bytes': 7777, 'max-header-bytes': 7777,
      'max-connections': 77, 'max-bytes-in-flight': 77777777, 'server-memory': 7777777,
      'max-unconfirmed': 7, 'serve-without-database': 7, 'shutdown-grace': 7, loops: 1,
      'conformance-fixtures': true, 'least-lifetime': 7, 'log-level': 'warning',
      'otlp-endpoint': 'http://127.0.0.1:4318', 'otlp-headers-file': join(folder, 'headers'), 'otlp-headers': 'x-key=7',
      'trace-sample': 0.5, 'trusted-proxies': ['10.0.0.1'], 'expiry-notice': 7777 };
    const { admin, write } = await serve(t);
    write(Object.fromEntries(Object.entries(others).filter(([, value]) => value !== null)
      .map(([name, value]) => [name.replaceAll('-', '_'), value])));
    const { body } = await admin.request('POST', '/reload');
    const known = [...body.changed, ...body.unchanged, ...body.needs_restart];
    assert.deepEqual(known.filter((name) => !(name in others) && name !== 'key'), [], 'a setting that this test does not change');
    // Those that the harness gives as flags, and files, are told apart in tests of their own.
    const atOnce = ['tls-cert', 'tls-key', 'upstream-ca-file'];
    const later = ['key', 'key-file', 'port', 'allow-loopback-upstreams', 'data-dir'];
    assert.deepEqual([...body.changed, ...atOnce].toSorted(), listed('at once'));
    assert.deepEqual([...new Set([...body.needs_restart, ...later])].toSorted(), listed('at the next start'));
  });

  test('a faulty file changes nothing, and all its faults are told', async (t) => {
    const { admin, write, program, told } = await serve(t, { max_body_bytes: 4096 });
    write({ max_body_bytes: 1024, port: 'many', log_level: 'loud', tls_key: '/nowhere' });
    const refused = await admin.refused(409, 'POST', '/reload');
    for (const fault of ['port takes', 'log_level takes', 'one is missing']) {
      assert.ok(refused.message.includes(fault), refused.message);
    }
    program.signal('SIGHUP');
    await program.until('faults', () => told(kFault).length === 6);
    assert.deepEqual(told(kRead), []);
    const body = JSON.stringify({ name: 'x'.repeat(2000) });
    const answer = await admin.request('POST', '/environment', JSON.parse(body));
    assert.notEqual(answer.status, 413, 'the old bound holds');
  });

  test('it is for admin tokens of the whole instance', async (t) => {
    const { admin } = await serve(t);
    const environment = await admin.create('/environment', { name: 'one' });
    const inside = await admin.create('/api-token', { name: 'inside', environment_id: environment.id });
    const reader = await admin.create('/api-token', { name: 'reader', scope: 'read' });
    await admin.as(inside.token).refused(403, 'POST', '/reload');
    await admin.as(reader.token).refused(403, 'POST', '/reload');
    await admin.as('').refused(401, 'POST', '/reload');
  });

  test('a demo has no configuration, and says so', async (t) => {
    const { admin } = await startDemo(t);
    const { status, body } = await admin.request('POST', '/reload');
    assert.ok(status >= 400 && status < 600);
    assert.match(body.message, /without a configuration/);
  });
});

describe('what holds at once', () => {
  test('bounds, hosts and log level, on connections that are open', async (t) => {
    const { url, admin, write, program } = await serve(t);
    const large = { name: 'x'.repeat(5000) };
    assert.notEqual((await admin.request('POST', '/environment', large)).status, 413);
    write({ max_body_bytes: 2048, log_level: 'error', allowed_hosts: ['mcp.example.com'] });
    assert.equal((await admin.request('POST', '/reload')).status, 200);
    assert.equal((await admin.request('POST', '/environment', large)).status, 413);
    // fetch may not say another Host; a name of this machine is always allowed.
    const answers = await new Promise((resolve) => {
      const socket = execFileSync('curl', ['-s', '-o', '/dev/null', '-w', '%{http_code}', '-H',
        'Host: other.example', `${url}/healthz`]);
      resolve(socket.toString());
    });
    assert.equal(answers, '403');
    const lines = program.stderr.length;
    write({});
    assert.equal((await admin.request('POST', '/reload')).status, 200);
    assert.notEqual((await admin.request('POST', '/environment', large)).status, 413);
    assert.ok(program.stderr.length > lines, 'it tells of itself again');
  });

  test('requests at once to an account, also those that wait already', async (t) => {
    const { psa, credentials } = await startSandbox(t);
    const { admin, write } = await serve(t, { account_concurrency: 1 });
    const account = await admin.create('/integrated-account',
      { integration: 'connectwise_psa', name: 'PSA', credentials });
    const { url } = await admin.create(`/integrated-account/${account.id}/mcp`, { name: 'x', config: {} });
    // Plain JSON however long it takes.
    const call = (id) => post(url, legacyCall('list_all_connect_wise_psa_tickets', { limit: 1 + id }, id),
      { accept: 'application/json' });
    await fetch(`${psa.url}/_sandbox/config`, { method: 'PATCH',
      headers: { ...psa.headers, 'content-type': 'application/json' }, body: '{"latency_ms":600}' });
    // How many were at the API at once, at most, until `over`.
    const most = async (over) => {
      let ended = false;
      over.then(() => { ended = true; });
      let seen = 0;
      while (!ended) {
        const { in_flight } = await (await fetch(`${psa.url}/_sandbox/requests?limit=1`, { headers: psa.headers })).json();
        seen = Math.max(seen, in_flight);
      }
      return seen;
    };
    const calls = Array.from({ length: 8 }, (_, id) => call(id));
    assert.equal(await most(Promise.race(calls)), 1);
    write({ account_concurrency: 8 });
    assert.equal((await admin.request('POST', '/reload')).status, 200);
    calls.push(call(9));  // who comes opens the door for those who wait
    const all = Promise.all(calls);
    const seen = await most(all);
    assert.ok(seen > 3 && seen <= 8, `${seen} at once`);
    for (const { status, body } of await all) {
      assert.equal(status, 200);
      assert.ok(!body.result.isError);
    }
  });
});

// ---- certificates ------------------------------------------------------------------------------

function issue(folder, name) {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1',
    '-nodes', '-days', '2', '-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.pem`),
    '-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'], { stdio: 'ignore' });
}
const install = (folder, name) => {
  for (const kind of ['pem', 'key']) {
    writeFileSync(join(folder, `server.${kind}`), readFileSync(join(folder, `${name}.${kind}`)));
  }
};

// Who presents itself to a new client.
const shown = (url) => new Promise((resolve, reject) => {
  const { hostname, port } = new URL(url);
  const socket = tlsConnect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
    resolve(socket.getPeerCertificate().subject.CN);
    socket.end();
  });
  socket.on('error', reject);
});

// {status, text, port}: the local port tells connections apart.
const ask = (agent, url, { method = 'POST', body, token, headers = {}, onData } = {}) =>
  new Promise((resolve, reject) => {
    const request = httpsRequest(url, { agent, method, headers: {
      'content-type': 'application/json', accept: 'application/json, text/event-stream',
      ...(token && { authorization: `Bearer ${token}` }), ...headers } }, (response) => {
      let text = '';
      const port = request.socket.localPort;
      response.setEncoding('utf8').on('data', (piece) => { text += piece; onData?.(piece); });
      response.on('end', () => resolve({ status: response.statusCode, text, port }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body && JSON.stringify(body));
    if (onData) resolve({ end: () => request.destroy(), ended: new Promise((done) => request.on('close', done)) });
  });

test('certificates are swapped under load, and no connection, call or stream is lost', async (t) => {
  const { psa, credentials } = await startSandbox(t);
  const folder = temporaryFolder(t);
  for (const name of ['one', 'two', 'three']) issue(folder, name);
  install(folder, 'one');
  const tls = { tls_cert: join(folder, 'server.pem'), tls_key: join(folder, 'server.key') };
  const { url, token, write } = await serve(t, tls);
  const agent = (sockets) => new Agent({ keepAlive: true, maxSockets: sockets, rejectUnauthorized: false });
  const admin = agent(1);
  t.after(() => admin.destroy());
  const create = async (path, body) => {
    const answer = await ask(admin, url + path, { body, token });
    assert.equal(answer.status, 201, answer.text);
    return JSON.parse(answer.text);
  };
  const reload = async () => {
    const answer = await ask(admin, `${url}/reload`, { token });
    return { status: answer.status, ...JSON.parse(answer.text) };
  };
  const account = await create('/integrated-account', { integration: 'connectwise_psa', name: 'PSA', credentials });
  const server = await create(`/integrated-account/${account.id}/mcp`, { name: 'x', config: {} });
  assert.equal(await shown(url), 'one');

  // A stream that goes on, of a client of the old transport.
  let heard = '';
  const listener = agent(1);
  const stream = await ask(listener, `${server.url}/sse`, { method: 'GET',
    headers: { accept: 'text/event-stream' }, onData: (piece) => { heard += piece; } });
  let streamEnded = false;
  stream.ended.then(() => { streamEnded = true; });
  while (!heard.includes('event: endpoint')) await sleep(10);

  // Clients that call all the time, each on a connection of its own, which stays.
  let over = false;
  const clients = Array.from({ length: 4 }, async (_, client) => {
    const own = agent(1);
    const ports = new Set();
    let calls = 0;
    while (!over) {
      const answer = await ask(own, server.url,
        { body: legacyCall('list_all_connect_wise_psa_priorities', { limit: 1 + client }, ++calls) });
      assert.equal(answer.status, 200, answer.text);
      assert.ok(!JSON.parse(answer.text).result.isError, answer.text);
      ports.add(answer.port);
    }
    own.destroy();
    return { ports, calls };
  });

  // A call that takes longer than all of it.
  await fetch(`${psa.url}/_sandbox/faults`, { method: 'POST',
    headers: { ...psa.headers, 'content-type': 'application/json' },
    body: JSON.stringify({ path_prefix: '/service/tickets', delay_ms: 1500 }) });
  const long = agent(1);
  const slow = ask(long, server.url, { body: legacyCall('list_all_connect_wise_psa_tickets', { limit: 2 }, 'slow') });
  await sleep(50);

  for (const name of ['two', 'three', 'one']) {
    install(folder, name);
    // All at once: one of them finds the change, and the others find it done.
    const outcomes = await Promise.all([...Array(3)].map(() => ask(agent(1), `${url}/reload`, { token })));
    const changed = outcomes.map(({ text }) => JSON.parse(text).changed);
    assert.deepEqual(changed.filter((each) => each.length > 0), [['tls-cert', 'tls-key']]);
    assert.equal(await shown(url), name);
  }
  // Half a renewal is a fault, and the certificate stays.
  writeFileSync(join(folder, 'server.key'), readFileSync(join(folder, 'two.key')));
  assert.equal((await reload()).status, 409);
  assert.equal(await shown(url), 'one');
  // HTTPS is not given up at run time.
  install(folder, 'one');
  write({});
  assert.deepEqual((await reload()).needs_restart, ['tls-cert', 'tls-key']);
  assert.equal(await shown(url), 'one');

  const answer = await slow;
  assert.equal(answer.status, 200);
  over = true;
  for (const { ports, calls } of await Promise.all(clients)) {
    assert.equal(ports.size, 1, 'one connection for all of it');
    assert.ok(calls > 3);
  }
  assert.equal(streamEnded, false, 'the stream goes on');
  stream.end();
  for (const one of [listener, long]) one.destroy();
});
