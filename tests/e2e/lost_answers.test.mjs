// A client whose connection breaks sends its call again: one record, and both are told of it.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { before, after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDemo } from './harness/demo.mjs';
import { legacyCall, modernRequest, post } from './harness/http.mjs';

const kTool = 'create_a_connect_wise_psa_ticket_note';
const kTicket = 5012;
const note = (text) => ({ ticketId: kTicket, text, internalAnalysisFlag: true });

let demo;
before(async () => { demo = await startDemo(undefined); });
after(() => demo.program.stop());

const notes = async (text) =>
  (await demo.psa.all(`/service/tickets/${kTicket}/notes`)).filter((one) => one.text === text);
const result = (answer) => {
  const line = answer.text.match(/^data: (.*)$/m)?.[1];
  return JSON.parse((answer.body ?? JSON.parse(line)).result.content[0].text);
};

// Sends a request on a connection that it breaks after `moment`, without having read.
async function breakOff(request, moment, how) {
  const { hostname, port, pathname } = new URL(demo.mcp_url);
  const body = JSON.stringify(request.body);
  const headers = { host: `${hostname}:${port}`, 'content-type': 'application/json',
    accept: 'application/json, text/event-stream', 'content-length': Buffer.byteLength(body),
    ...request.headers };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const socket = connect(Number(port), hostname);
  socket.pause();
  socket.on('error', () => {});
  socket.write(`POST ${pathname} HTTP/1.1\r\n${head}\r\n${body}`);
  await moment();
  if (how === 'reset') socket.resetAndDestroy(); else socket.destroy();
}

const legacy = (args) => ({ headers: {}, body: legacyCall(kTool, args) });
const modern = (args) => modernRequest('tools/call', { name: kTool, arguments: args });

// The next POST to the API is carried out, but late.
async function delay(milliseconds) {
  const response = await fetch(`${demo.sandbox_url}/_sandbox/faults`, { method: 'POST',
    headers: { ...demo.psa.headers, 'content-type': 'application/json' },
    body: JSON.stringify({ method: 'POST', path_prefix: `/service/tickets/${kTicket}/notes`, delay_ms: milliseconds }) });
  assert.equal(response.status, 201, await response.text());
}
// Until the first call's write is with the API: what is not sent yet may be given up.
async function sent() {
  for (;;) {
    const log = await (await fetch(`${demo.sandbox_url}/_sandbox/requests?limit=5`,
      { headers: demo.psa.headers })).json();
    if (log.requests.some((one) => one.method === 'POST' && one.state === 'in_flight')) return;
    await sleep(10);
  }
}

// Until the API has made the note: its answer is on its way from then on.
async function written(text) {
  while ((await notes(text)).length === 0) await sleep(10);
}

for (const [era, request] of Object.entries({ legacy, modern })) {
  for (const [when, late, wait] of [
    ['before the API has answered', 600, 0],
    ['with the answer unread', 0, 1_500],
    ['after two seconds, when the answer is a stream', 2_800, 2_200],
  ]) {
    for (const how of ['destroy', 'reset']) {
      test(`${era}: the connection breaks ${when} (${how}), and the call comes again`, async () => {
        const text = `${era}, ${when}, ${how}`;
        if (late) await delay(late);
        await breakOff(request(note(text)), async () => {
          await (late ? sent() : written(text));
          await sleep(wait);
        }, how);
        const { headers, body } = request(note(text));
        const again = result(await post(demo.mcp_url, body, headers));
        const made = await notes(text);
        assert.equal(made.length, 1);
        assert.equal(again.id, made[0].id, JSON.stringify(again));
        assert.match(again.notice, /nothing was sent a second time/);
      });
    }
  }
  test(`${era}: an answer that was read is over: the same call is a new wish`, async () => {
    const { headers, body } = request({ ...note(`${era}, read`), allow_duplicate: true });
    for (let i = 0; i < 2; ++i) {
      assert.equal(result(await post(demo.mcp_url, body, headers)).notice, undefined);
    }
    assert.equal((await notes(`${era}, read`)).length, 2);
    const guarded = request(note(`${era}, read`));
    const refused = result(await post(demo.mcp_url, guarded.body, guarded.headers));
    assert.match(refused.error.hint, /allow_duplicate/);
  });
}
