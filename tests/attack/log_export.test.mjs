// An export of the audit log that is broken off does not look whole to who reads it.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox, startServe, temporaryFolder } from '../e2e/harness/demo.mjs';
import { legacyCall, post } from '../e2e/harness/http.mjs';

const kEvents = 12_000;  // more than lies in sockets while nobody reads
const kAtOnce = 16;
const kLastChunk = '0\r\n\r\n';

const ends = [];
after(async () => { for (const end of ends.reverse()) await end(); });

test('whose token is taken back in the middle of it gets no end', async () => {
  const kept = { after: (end) => ends.push(end) };
  const { credentials } = await startSandbox(kept);
  const { admin, url } = await startServe(kept, temporaryFolder(kept));
  const account = await admin.create('/integrated-account',
    { integration: 'connectwise_psa', name: 'PSA', tenant_id: 'acme', credentials });
  const server = await admin.create(`/integrated-account/${account.id}/mcp`, { name: 'Desk' });
  // Refused for its arguments: nothing goes upstream.
  const refused = legacyCall('get_single_connect_wise_psa_ticket_by_id', {});
  let left = kEvents;
  await Promise.all(Array.from({ length: kAtOnce }, async () => { while (left-- > 0) await post(server.url, refused); }));
  await sleep(2500);  // reads are kept once a second

  const { hostname, port, host } = new URL(url);
  const exported = async (meanwhile) => {
    const token = await admin.create('/api-token', { name: 'Export', scope: 'read' });
    const socket = connect(Number(port), hostname);
    socket.pause();
    socket.write(`GET /log/export HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n`
      + `Authorization: Bearer ${token.token}\r\n\r\n`);
    await sleep(1000);
    await meanwhile(token);
    let text = '';
    socket.setEncoding('latin1').on('data', (part) => { text += part; }).on('error', () => {});
    const ended = new Promise((done) => { socket.on('close', done); });
    socket.resume();
    await ended;
    assert.match(text, /^HTTP\/1\.1 200 /);
    return text;
  };
  const whole = await exported(() => {});
  assert.ok(whole.endsWith(kLastChunk));
  const cut = await exported((token) => admin.request('DELETE', `/api-token/${token.id}`));
  assert.ok(!cut.endsWith(kLastChunk), 'it looks whole');
  assert.ok(cut.length < whole.length, `${cut.length} of ${whole.length} bytes`);
});
