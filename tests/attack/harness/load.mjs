// All that clients do to a server, well and badly, at the same time: each does one thing once, checks what it
// is told, and leaves nothing open. `world`: {desk, mine, asks, guarded, failing, sandbox, broken}.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { legacyCall, modernRequest, post } from '../../e2e/harness/http.mjs';
import { eventStream, head, isAnswered, kList, kLook, kMegabyte, listens, mint, raw, whole } from './desk.mjs';

const kTickets = 'list_all_connect_wise_psa_tickets';
const kNote = 'create_a_connect_wise_psa_ticket_note';

let drawn = 0;
const next = () => ++drawn;
const one = (list) => list[next() % list.length];

// An answer with one of these statuses. 503 says when to come back; no other 5xx is ever right.
function is({ status, headers, text }, ...expected) {
  assert.ok(expected.includes(status), `${status} in place of ${expected}: ${text.slice(0, 500)}`);
  if (status === 503) assert.ok(headers.get('retry-after'), text);
}
// What a call's result says; also where it came as an event.
function said({ text }) {
  const event = [...text.matchAll(/^data: (.*)$/gm)].at(-1)?.[1];
  const { result, error } = JSON.parse(event ?? text);
  assert.ok(result, JSON.stringify(error));
  return result;
}
const calls = (url, name, args) => whole(url, modernRequest('tools/call', { name, arguments: args }));
const ended = (it) => it.socket.destroy();

export const load = {
  async 'calls of the newest revision'({ mine }) {
    const { headers, body } = modernRequest('tools/call', { name: kTickets, arguments: { limit: one([1, 25, 200]) } });
    const answer = await post(mine.url, body, headers);
    is(answer, 200);
    assert.ok(JSON.parse(said(answer).content[0].text).result_count >= 1);
    const list = modernRequest('tools/list');
    is(await post(mine.url, list.body, list.headers), 200);
  },

  async 'calls of older ones, without a session'({ mine }) {
    await isAnswered(mine);
    is(await post(mine.url, kList, { accept: 'application/json' }), 200);
    is(await post(mine.url, { jsonrpc: '2.0', method: 'notifications/initialized' }), 202);
    const write = legacyCall(kNote, { ticketId: 5012, internalAnalysisFlag: true, text: `Soak ${next()}`,
      idempotency_key: `soak-${next()}` });
    const [first, second] = [await post(mine.url, write), await post(mine.url, write)];
    for (const answer of [first, second]) is(answer, 200);
    assert.equal(JSON.parse(said(first).content[0].text).id, JSON.parse(said(second).content[0].text).id);
  },

  async 'sessions'({ asks }) {
    const opened = await post(asks.url, { jsonrpc: '2.0', id: 1, method: 'initialize', params: {
      protocolVersion: '2025-11-25', capabilities: { elicitation: {} }, clientInfo: { name: 'soak', version: '1' } } });
    is(opened, 200);
    const session = { 'mcp-session-id': opened.headers.get('mcp-session-id'), 'mcp-protocol-version': '2025-11-25' };
    assert.ok(session['mcp-session-id']);
    is(await post(asks.url, legacyCall(kLook, { id: 5012 }), session), 200);
    // A question that nobody answers, of a client that goes.
    const write = JSON.stringify(
      legacyCall('delete_a_connect_wise_psa_ticket_note_by_id', { ticketId: 5012, id: 1 }));
    const asked = raw(asks.url, head(asks.url, Buffer.byteLength(write),
      'Accept: application/json, text/event-stream\r\n' + Object.entries(session).map(([name, value]) => `${name}: ${value}\r\n`).join('')) + write).reads();
    await asked.until((it) => it.answer.includes('\r\n\r\n'), 15_000);
    ended(asked);
    const left = await fetch(asks.url, { method: 'DELETE', headers: session });
    assert.equal(left.status, 405);
    await left.text();
  },

  async 'event streams of 2024-11-05'({ desk, mine }) {
    const stream = raw(mine.url, eventStream(mine.url)).reads();
    await stream.until((it) => it.answer.includes('sessionId='), 15_000);
    const messages = desk.url + stream.answer.match(/data: (\S+)/)[1];
    for (const id of [1, 2, 3]) is(await post(messages, legacyCall(kLook, { id: 5012 }, id)), 202);
    // Every other one goes without its answers.
    if (next() % 2) await stream.until((it) => it.answer.match(/"jsonrpc"/g)?.length === 3, 15_000);
    ended(stream);
    is(await post(messages.replace(/sessionId=.*/, 'sessionId=sse_none'), kList), 404);
  },

  async 'listeners that come and go'({ mine }) {
    const streams = Array.from({ length: 20 }, () => raw(mine.url, listens(mine.url)).reads());
    for (const stream of streams) await stream.until((it) => it.answer.includes('acknowledged'), 15_000);
    streams.forEach(ended);
  },

  async 'clients that never read'({ desk, mine }) {
    const batch = `[${Array.from({ length: 50 }, () => kList).join(',')}]`;
    const accept = one(['application/json', 'application/json, text/event-stream']);
    const unread = Array.from({ length: 3 }, () =>
      raw(mine.url, head(mine.url, batch.length, `Accept: ${accept}\r\n`) + batch));
    const stream = raw(mine.url, eventStream(mine.url));
    let first = '';
    stream.socket.on('data', (bytes) => {
      first += bytes;
      if (first.includes('sessionId=')) stream.socket.pause();
    }).resume();
    await stream.until(() => first.includes('sessionId='), 15_000);
    for (let i = 0; i < 20; ++i) is(await post(desk.url + first.match(/data: (\S+)/)[1], kList), 202, 503);
    await sleep(100);
    [...unread, stream].forEach(ended);
  },

  async 'batches'({ mine }) {
    const batch = Array.from({ length: 20 }, (_, i) => legacyCall(kLook, { id: 5012 }, i));
    const answer = await post(mine.url, [...batch, { jsonrpc: '2.0', method: 'notifications/initialized' }],
      { accept: 'application/json' });
    is(answer, 200);
    assert.equal(answer.body.length, 20);
    is(await post(mine.url, Array.from({ length: 101 }, () => JSON.parse(kList))), 400);
  },

  async 'bodies that are refused'({ mine }) {
    const length = (bytes, extra) => raw(mine.url, head(mine.url, bytes, extra) + '{').reads();
    const large = length(2 * kMegabyte);
    await large.until((it) => /^HTTP\/1.1 413 /.test(it.answer), 15_000);
    const unfinished = Array.from({ length: 4 }, () => length(100_000));
    is(await post(mine.url, '{"jsonrpc":', {}), 400);
    is(await post(mine.url, '['.repeat(50_000), {}), 400);
    is(await post(mine.url, kList, { 'content-type': 'text/plain' }), 415);
    is(await post(mine.url, legacyCall(kTickets, { ids: Array(60_000).fill(1) })), 400);
    is(await post(mine.url, legacyCall(kTickets, { conditions: 'a'.repeat(500_000) })), 200);
    is(await post(mine.url, legacyCall('no_such_tool', {})), 200);
    const garbage = raw(mine.url, 'BREW /pot HTCPCP/1.0\r\n\r\n').reads();
    await garbage.until((it) => it.closed, 15_000);
    [large, ...unfinished, garbage].forEach(ended);
  },

  async 'wrong tokens'({ desk, mine, guarded }) {
    is(await post(mine.url.replace(/pbm_.{6}/, `pbm_${String(next()).padStart(6, '0')}`), kList), 404);
    is(await post(guarded.url, kList), 401);
    is(await post(guarded.url, kList, { authorization: 'Bearer pba_wrong' }), 401);
    assert.equal((await desk.admin.as(`pba_${next()}`).request('GET', '/environment')).status, 401);
  },

  // All of it is made and taken away; what is open then ends, and what is asked afterwards finds nothing.
  async 'servers that are made, rotated and deleted'({ desk, sandbox }) {
    const { admin } = desk;
    const made = await mint(admin, sandbox.credentials, `Soak ${next()}`);
    const servers = `/integrated-account/${made.account.id}/mcp`;
    const token = await admin.create('/api-token', { name: 'Soak', environment_id: made.environment.id });
    const streams = [raw(made.url, listens(made.url)).reads(), raw(made.url, eventStream(made.url)).reads()];
    for (const stream of streams) await stream.until((it) => it.answer.includes('\r\n\r\n'), 15_000);
    const running = Array.from({ length: 8 }, () => post(made.url, legacyCall(kTickets, { limit: 100 })));
    const rotated = await admin.request('POST', `${servers}/${made.id}/rotate`);
    assert.equal(rotated.status, 200, rotated.text);
    for (const answer of await Promise.all(running)) is(answer, 200, 404);
    for (const stream of streams) await stream.until((it) => it.answer.endsWith('0\r\n\r\n') || it.closed, 15_000);
    is(await post(made.url, kList), 404);
    await isAnswered(rotated.body);
    await admin.change(`${servers}/${made.id}`, { config: { methods: ['read'] } });
    await admin.remove(one([`${servers}/${made.id}`, `/integrated-account/${made.account.id}`]));
    is(await post(rotated.body.url, kList), 404);
    await admin.remove(`/api-token/${token.id}`);
    await admin.remove(`/environment/${made.environment.id}`);
    streams.forEach(ended);
  },

  async 'an API that fails'({ failing, broken }) {
    await broken.psa.control('POST', 'faults', { count: 4, ...one([
      { status: 500 }, { status: 503, headers: { 'Retry-After': '1' } },
      { status: 429, headers: { 'Retry-After': '1' }, body: '{}' },
      { hang: true, count: 1 }, { delay_ms: 300 }, { status: 200, body: '{"id":' },
      { status: 200, body: 'x'.repeat(500_000) },
      { status: 401, body: '{}' }, { status: 302, headers: { Location: 'http://127.0.0.1:1/' } }]) });
    const { headers, body } = modernRequest('tools/call', { name: kTickets, arguments: { limit: 5 } });
    for (const answer of await Promise.all(Array.from({ length: 4 }, () => post(failing.url, body, headers)))) {
      is(answer, 200);
      const { isError, content } = said(answer);
      const { error } = JSON.parse(content[0].text);
      assert.equal(Boolean(isError), Boolean(error), content[0].text);
    }
  },

  async 'clients that hang up on a slow API'({ failing, broken }) {
    await broken.psa.control('POST', 'faults', { count: 3, delay_ms: 1_000 });
    const gone = Array.from({ length: 6 }, (_, i) => raw(failing.url, i % 2
      ? calls(failing.url, kTickets, { limit: 5 })
      : calls(failing.url, kNote, { ticketId: 5012, internalAnalysisFlag: true, text: `Gone ${next()}` })));
    await sleep(150);
    gone.forEach(ended);
  },

  async 'names that nothing has'({ mine }) {
    const asked = Array.from({ length: 10 }, () => post(mine.url, legacyCall(kTickets, one([
      { contact: `nobody${next()}@nowhere.example` }, { company: `Nobody ${next()}` }, { board: `No board ${next()}` }]))));
    for (const answer of await Promise.all(asked)) {
      is(answer, 200);
      assert.match(said(answer).content[0].text, /does not exist|rate_limited/);
    }
  },
};

// Does all of it, each again and again, until `seconds` are over. Resolves with how often each was done.
export async function bear(world, seconds) {
  const end = Date.now() + seconds * 1000;
  const done = {};
  await Promise.all(Object.entries(load).map(async ([what, work]) => {
    for (done[what] = 0; Date.now() < end; ++done[what]) {
      await work(world).catch((error) => { throw new Error(`${what}: ${error.message}`, { cause: error }); });
    }
  }));
  return done;
}
