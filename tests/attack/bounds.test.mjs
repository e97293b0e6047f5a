// No caller can use up the process: what waits or is held is bounded, in bytes and in number, and
// whoever takes all that it can leaves some for the others.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../e2e/harness/demo.mjs';
import { legacyCall, post, sendBytes } from '../e2e/harness/http.mjs';
import { eventStream, head, held, isAnswered, kList, kMegabyte, metric, raw, startDesk, status, told }
  from './harness/desk.mjs';
import { attacksOn } from './harness/observer.mjs';

const ends = [];
const kept = { after: (end) => ends.unshift(end) };
after(async () => { for (const end of ends) await end(); });
let sandbox, desk;
before(async () => {
  sandbox = await startSandbox(kept);
  desk = await start();
});

const sandboxRequest = (method, path, body) => fetch(sandbox.psa.url + path, { method,
  headers: { ...sandbox.psa.headers, 'content-type': 'application/json' },
  body: body && JSON.stringify(body) });
const sandboxFault = (settings) => sandboxRequest('POST', '/_sandbox/faults', settings);

// A server of its own: what one attack leaves behind is no other's.
const start = (...args) => startDesk(kept, sandbox.credentials, ...args);
const attack = attacksOn(() => desk);

describe('what waits to be written', () => {
  test('an event stream that nobody reads takes no more requests, and little memory', attack(async () => {
    const stream = raw(desk.one.url, eventStream(desk.one.url));
    let first = '', messages;
    stream.socket.on('data', (bytes) => {
      first += bytes;
      if (!messages && first.includes('sessionId=')) stream.socket.pause();
    }).resume();
    await stream.until(() => first.includes('sessionId='));
    messages = desk.url + first.match(/data: (\S+)/)[1];
    const before = held(desk);
    const statuses = {};
    // What the kernel holds for the reader comes first: some megabytes.
    for (let i = 0; i < 5_000 && !(statuses[503] >= 200); ++i) {
      const answer = await post(messages, kList);
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      if (answer.status === 503) assert.ok(answer.headers.get('retry-after'));
    }
    assert.equal(statuses[503], 200, JSON.stringify(statuses));
    assert.ok(held(desk) - before < 60, `${held(desk) - before} MB more`);
    assert.ok(told(desk, 'limit_hit').some((line) => line.what === 'unread answers'));
    // Who reads again is served again.
    stream.socket.resume();
    let last = 503;
    for (let i = 0; i < 100 && last === 503; ++i) {
      await sleep(50);
      last = (await post(messages, kList)).status;
    }
    assert.equal(last, 202);
    stream.socket.destroy();
  }));

  test('what was posted to an event stream is counted until it is answered', async () => {
    const serve = await start('--max-bytes-in-flight', '33554432');
    const body = JSON.stringify(legacyCall('create_a_connect_wise_psa_document',
      { fileName: 'a.txt', ticketId: 5012, title: 'x', text: 'x'.repeat(690_000) }));
    await sandboxFault({ hang: true, count: 1_000 });
    const before = held(serve);
    const statuses = {};
    const streams = [];
    for (let session = 0; session < 6; ++session) {
      const stream = raw(serve.one.url, eventStream(serve.one.url)).reads();
      streams.push(stream);
      await stream.until((it) => /data: \S+sessionId=\S+/.test(it.answer));
      const messages = serve.url + stream.answer.match(/data: (\S+)/)[1];
      for (let i = 0; i < 20; ++i) {
        const answer = await post(messages, body);
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
        if (answer.status === 503) assert.ok(answer.headers.get('retry-after'));
      }
    }
    await sandboxRequest('DELETE', '/_sandbox/faults');
    assert.ok(statuses[202] > 0 && statuses[503] > 100, JSON.stringify(statuses));
    assert.ok(held(serve) - before < 80, `${held(serve) - before} MB more`);
    assert.ok(told(serve, 'limit_hit').some((line) => line.what === 'bytes in flight'));
    await isAnswered(serve.other);
    for (const { socket } of streams) socket.destroy();
    await serve.program.stop();
  });

  for (const accept of ['application/json', 'application/json, text/event-stream']) {
    test(`a batch is written as it comes (${accept})`, attack(async () => {
      const batch = `[${Array.from({ length: 100 }, () => kList).join(',')}]`;
      const request = head(desk.one.url, batch.length, `Accept: ${accept}\r\n`) + batch;
      const before = held(desk);
      const unread = Array.from({ length: 12 }, () => raw(desk.one.url, request));
      await sleep(1_500);
      assert.ok(held(desk) - before < 60, `${held(desk) - before} MB for what nobody reads`);
      await isAnswered(desk.other);
      for (const each of unread) each.socket.destroy();
      // And whole for who reads it.
      const { text, headers } = await post(desk.one.url, batch, { accept });
      const parts = headers.get('content-type').includes('json') ? [text]
        : [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => data);
      const answers = parts.flatMap((part) => JSON.parse(part));
      assert.equal(answers.length, 100);
      for (const answer of answers) assert.ok(answer.result.tools.length > 100);
    }));
  }
});

describe('heads that do not come', () => {
  test('of one address leave places for others, and so do those of a few together', attack(async () => {
    // Of 400 connections 200 may have an unfinished head; who comes next finds half of the rest.
    const small = await start('--loops', '1', '--max-connections', '400');
    const all = [];
    for (const [last, most] of [[2, 100], [3, 50], [4, 25]]) {
      // Some begin a head and do not end it, some say nothing at all.
      const open = Array.from({ length: 150 }, (_, i) => raw(small.one.url,
        i % 2 ? 'POST /mcp HTTP/1.1\r\nHost: a\r\nX-' : '', { from: `127.0.0.${last}` }).reads());
      all.push(...open);
      await open[0].until(() => open.filter((it) => it.answer || it.closed).length >= 150 - most);
      for (const { answer } of open.filter((it) => it.answer)) {
        assert.match(answer, /^HTTP\/1.1 503 [^]*Retry-After: \d/);
      }
      assert.ok(open.filter((it) => !it.answer && !it.closed).length >= most - 5);
      await isAnswered(small.one);
    }
    const { text } = await small.admin.request('GET', '/metrics');
    assert.ok(Number(text.match(/^patchbay_connections (\d+)/m)[1]) >= 150, text);
    assert.ok(told(small, 'limit_hit').some((line) => line.what === 'unfinished heads'));
    for (const each of all) each.socket.destroy();
  }));
});

describe('bodies that do not come', () => {
  test('path, token and kind are judged before', attack(async () => {
    const stranger = desk.one.url.replace(/pbm_.{4}/, 'pbm_0000');
    for (const [url, extra, expected] of [
      [stranger, '', 404], [`${desk.url}/mcp`, '', 404], [`${desk.url}/mcp/a/b/c`, '', 404],
      [`${desk.url}/environment`, '', 401], [`${desk.url}/nothing/here`, '', 401],
      [`${desk.url}/environment`, 'Authorization: Bearer pba_none\r\n', 401],
    ]) {
      const { answer } = await raw(url, head(url, kMegabyte, extra) + '{').reads()
        .until((it) => it.answer.includes('\r\n\r\n'));
      assert.match(answer, new RegExp(`^HTTP/1.1 ${expected} `), url);
    }
    const path = new URL(desk.one.url).pathname;
    const other = await sendBytes(desk.one.url, `POST ${path} HTTP/1.1\r\nHost: a\r\n`
      + 'Content-Type: text/plain\r\nContent-Length: 1000\r\n\r\n{');
    assert.match(other, /^HTTP\/1.1 415 /);
    const large = await sendBytes(desk.one.url, `POST ${path} HTTP/1.1\r\nHost: a\r\n`
      + `Content-Type: application/json\r\nContent-Length: ${2 * kMegabyte}\r\n\r\n{`);
    assert.match(large, /^HTTP\/1.1 413 /);
  }));

  test('of one URL there are few, and another URL has its own', attack(async () => {
    const open = Array.from({ length: 120 }, () =>
      raw(desk.one.url, head(desk.one.url, 5_000) + '{').reads());
    // 64 may wait for the rest of their body, and no fewer.
    await open[0].until(() => open.filter((it) => it.answer).length >= open.length - 64);
    await sleep(200);
    const refused = open.filter((it) => it.answer);
    for (const { answer } of refused) assert.match(answer, /^HTTP\/1.1 503 [^]*Retry-After: \d/);
    assert.equal(open.length - refused.length, 64);
    // A body that comes in two pieces, at another URL.
    const body = JSON.stringify(legacyCall('get_single_connect_wise_psa_ticket_by_id', { id: 5012 }));
    const slow = raw(desk.other.url, head(desk.other.url, body.length) + body.slice(0, 20)).reads();
    await sleep(200);
    slow.socket.write(body.slice(20));
    assert.match((await slow.until((it) => it.answer.includes('5012'))).answer, /^HTTP\/1.1 200 /);
    for (const each of open) each.socket.destroy();
    assert.ok(told(desk, 'limit_hit').some((line) => line.what === 'unfinished bodies'));
  }));

  test('a budget for all bytes refuses before memory ends, and leaves the half', attack(async () => {
    const small = await start('--max-bytes-in-flight', '16777216');
    const length = kMegabyte - 100;
    const open = Array.from({ length: 40 }, () =>
      raw(small.one.url, head(small.one.url, length) + '{').reads());
    await open[0].until(() => open.filter((it) => it.answer).length >= 30);
    for (const { answer } of open.filter((it) => it.answer)) {
      assert.match(answer, /^HTTP\/1.1 503 [^]*Retry-After: \d/);
    }
    const large = legacyCall('create_a_connect_wise_psa_ticket_note',
      { ticketId: 5012, internalAnalysisFlag: true, text: 'x'.repeat(90_000) });
    const answer = await post(small.other.url, large);
    assert.equal(answer.status, 200, answer.text);
    for (const each of open) each.socket.destroy();
    assert.ok(told(small, 'limit_hit').some((line) => line.what === 'bytes in flight'));
  }));

  test('want of memory ends a request, and not the process', attack(async () => {
    const poor = await start('--max-bytes-in-flight', String(2 ** 36));
    const servers = [];
    for (let i = 0; i < 8; ++i) {
      servers.push(await poor.admin.create(`/integrated-account/${poor.one.account.id}/mcp`, { name: `${i}` }));
    }
    const room = Math.round(status(poor, 'VmSize') / 1024 + 16) * kMegabyte;
    execFileSync('prlimit', ['--pid', String(poor.program.pid), `--as=${room}:`]);
    const open = [];
    for (const { url } of servers) {
      for (let j = 0; j < 60; ++j) open.push(raw(url, head(url, kMegabyte) + 'x'.repeat(1_000)).reads());
    }
    await open[0].until(() => open.some((it) => it.closed));
    await sleep(500);
    assert.ok(poor.program.alive, poor.program.stderr.slice(-2_000));
    execFileSync('prlimit', ['--pid', String(poor.program.pid), '--as=unlimited:']);
    assert.ok(open.some((it) => !it.closed), 'and not of every request');
    for (const each of open) each.socket.destroy();
    await isAnswered(poor.other);
  }));
});

test('arguments are bounded before they are worked on', attack(async () => {
  const tool = 'list_all_connect_wise_psa_tickets';
  const refused = await post(desk.one.url, legacyCall(tool, { ids: Array(400_000).fill(1) }));
  assert.equal(refused.status, 400);
  const hostile = [
    { fields: Array.from({ length: 40_000 }, (_, i) => `field${i}`) },
    { fields: Array.from({ length: 100_000 }, (_, i) => `f${i}`).join(',') },
    { conditions: 'a'.repeat(900_000) },
    { board: 'b'.repeat(900_000) },
    Object.fromEntries(Array.from({ length: 40_000 }, (_, i) => [`name${i}`, 1])),
    { ['n'.repeat(900_000)]: 1 },
  ];
  for (const args of hostile) {
    const answer = await post(desk.one.url, legacyCall(tool, args));
    assert.equal(answer.status, 200);
    const { error } = JSON.parse(answer.body.result.content[0].text);
    assert.match(error.message, /at most [\d,]+ /, error.message.slice(0, 200));
    assert.ok(answer.text.length < 2_000);
  }
}));

test('one environment\'s sites that hang refuse no other\'s', attack(async (t, round) => {
  const hanging = createServer(() => {}).listen(0, '127.0.0.1');
  t.after(() => hanging.close());
  const sockets = [];
  hanging.on('connection', (socket) => sockets.push(socket));
  t.after(() => { for (const socket of sockets) socket.destroy(); });
  await new Promise((done) => hanging.once('listening', done));
  const site = `http://127.0.0.1:${hanging.address().port}`;
  const settled = [];
  const hung = Array.from({ length: 20 }, (_, i) => desk.admin.request('POST', '/integrated-account',
    { integration: 'connectwise_psa', name: `Hangs ${i}`, environment_id: desk.one.environment.id,
      credentials: { ...sandbox.credentials, site } }).then((answer) => settled.push(answer.status)));
  await sleep(700);
  assert.ok(settled.length >= 10 && settled.length < 20, `${settled}`);
  for (const code of settled) assert.equal(code, 429);
  await desk.admin.create('/integrated-account', { integration: 'connectwise_psa', name: `Fine ${round}`,
    environment_id: desk.other.environment.id, credentials: sandbox.credentials });
  assert.ok(settled.length < 20, 'the others hang still');
  for (const socket of sockets) socket.destroy();
  hanging.on('connection', (socket) => socket.destroy());
  await Promise.all(hung);
}));

describe('it is seen', () => {
  test('tokens that are tried: counted all, told once', attack(async () => {
    const stranger = desk.one.url.replace(/pbm_.{4}/, 'pbm_1111');
    const before = await metric(desk, 'wrong_token');
    for (let i = 0; i < 200; ++i) await post(stranger, kList);
    assert.equal(await metric(desk, 'wrong_token') - before, 200);
    const lines = told(desk, 'wrong_token');
    assert.ok(lines.length >= 1 && lines.length < 5, `${lines.length} lines`);
    assert.equal(lines[0].source, '127.0.0.1');
    const admin = desk.admin.as('pba_wrong');
    for (let i = 0; i < 50; ++i) assert.equal((await admin.request('GET', '/environment')).status, 401);
    assert.ok(await metric(desk, 'wrong_api_token') >= 50);
    assert.ok(told(desk, 'wrong_api_token').length < 5);
  }));

  test('changes: by whom, what and of what, without a secret', attack(async () => {
    const path = `/integrated-account/${desk.one.account.id}`;
    await desk.admin.change(path, { credentials: sandbox.credentials });
    const { url, id } = await desk.admin.create(`${path}/mcp`, { name: 'Seen' });
    await desk.admin.request('POST', `${path}/mcp/${id}/rotate`);
    await desk.admin.remove(`${path}/mcp/${id}`);
    const lines = told(desk, 'admin_change');
    for (const what of ['update', 'create', 'rotate', 'delete']) {
      const line = lines.find((each) => each.what.startsWith(what) && each.target.includes(desk.one.account.id));
      assert.ok(line?.token_id, `${what}: ${JSON.stringify(lines.slice(-6))}`);
    }
    assert.ok(lines.some((line) => line.target.includes(id)));
    const output = desk.program.output;
    for (const secret of [url.split('/').pop(), desk.token, sandbox.credentials.private_key]) {
      assert.ok(secret && !output.includes(secret));
    }
  }));
});
