// The examples of reverse proxies, each started: calls and streams pass as they are, the client is known by its own
// address, no secret gets into a log, and with a server that is away the other one answers.
import assert from 'node:assert/strict';
import { Agent, request } from 'node:https';
import { after, before, describe, test } from 'node:test';
import { Admin } from '../e2e/harness/admin.mjs';
import { startSandbox, temporaryFolder } from '../e2e/harness/demo.mjs';
import { legacyCall } from '../e2e/harness/http.mjs';
import { freePort } from '../e2e/harness/port.mjs';
import { newKey, Node } from '../nodes/harness/cluster.mjs';
import { proxies, startProxy } from './harness/proxies.mjs';

const kHost = 'mcp.example.com';
const kClient = '127.0.0.9';  // no proxy's
const kLook = 'get_single_connect_wise_psa_ticket_by_id';
const ends = [];
const kept = { after: (end) => ends.push(end) };
after(async () => { for (const end of ends.reverse()) await end(); });
let node, account;
before(async () => {
  const { credentials } = await startSandbox(kept);
  const folder = temporaryFolder(kept);
  node = new Node(folder, await freePort(), { args: ['--key-file', await newKey(folder), '--trusted-proxies', '127.0.0.1',
    '--public-url', `https://${kHost}`] });
  kept.after(() => node.kill());
  await node.start();
  node.admin = new Admin(node.url, node.firstToken());
  account = await node.admin.create('/integrated-account', { integration: 'connectwise_psa', name: 'PSA', credentials });
});
const mint = (config = {}) => node.admin.create(`/integrated-account/${account.id}/mcp`, { name: 'x', config });

// Through the proxy: {status, text}; `onData` is given what comes while it comes.
function ask({ port }, url, { method = 'POST', body = '', headers = {}, onData } = {}) {
  return new Promise((resolve, reject) => {
    const agent = new Agent({ rejectUnauthorized: false, servername: kHost });
    const sent = request({ agent, host: '127.0.0.1', port, localAddress: kClient, method, path: new URL(url).pathname,
      headers: { host: kHost, 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece) => { text += piece; onData?.(piece, () => { resolve({ status: response.statusCode, text }); sent.destroy(); }); });
      response.on('end', () => resolve({ status: response.statusCode, text })).on('error', reject);
    });
    sent.on('error', reject).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
}

for (const name of proxies) {
  describe(name, () => {
    let proxy;
    const mine = [];
    after(async () => { for (const end of mine.reverse()) await end(); });
    before(async () => {
      const away = `127.0.0.1:${await freePort()}`;
      proxy = await startProxy({ after: (end) => mine.push(end) }, name, [new URL(node.url).host, away]);
      await proxy.until(async () => (await ask(proxy, `https://${kHost}/healthz`, { method: 'GET' })).status === 200);
    });

    test('passes calls to the server that is there, whichever of the two they would go to', async () => {
      // Each URL has its own place among the servers.
      for (let i = 0; i < 8; ++i) {
        const { url } = await mint();
        const { status, text } = await ask(proxy, url, { body: legacyCall(kLook, { id: 5012 }) });
        assert.equal(status, 200, text);
        assert.match(text, /5012/);
      }
    });

    test('passes an event stream while it is open', async () => {
      const { url } = await mint();
      const { text } = await ask(proxy, `${url}/sse`, { method: 'GET', headers: { accept: 'text/event-stream' },
        onData: (piece, enough) => enough() });
      assert.match(text, /event: endpoint/);
    });

    test('says whose call it is, and nobody says it instead', async () => {
      const here = await mint({ ip_allow: [kClient] });
      const elsewhere = await mint({ ip_allow: ['203.0.113.7'] });
      const pretend = { headers: { 'x-forwarded-for': '203.0.113.7' }, body: legacyCall(kLook, { id: 5012 }) };
      assert.equal((await ask(proxy, elsewhere.url, pretend)).status, 404);
      assert.equal((await ask(proxy, here.url, pretend)).status, 200);
    });

    test('takes a body as large as the server does, and refuses a larger one', async () => {
      const { url } = await mint();
      const sized = (bytes) => ask(proxy, url, { body: legacyCall(kLook, { id: 5012, text: 'x'.repeat(bytes) }) })
        .then(({ status }) => status, () => 413);
      assert.equal(await sized(1_000_000), 200);
      assert.equal(await sized(1_100_000), 413);
    });

    test('writes no secret into a log, also of a call that found no server', async () => {
      const { url } = await mint();
      await ask(proxy, url, { body: legacyCall(kLook, { id: 5012 }) });
      const gone = await startProxy({ after: (end) => mine.push(end) }, name, [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`]);
      await gone.until(async () => (await ask(gone, url, { body: legacyCall(kLook, { id: 5012 }) })).status >= 500);
      for (const each of [proxy, gone]) {
        assert.ok(!each.log.includes(new URL(url).pathname.slice(5)), each.log);
        assert.ok(!each.log.includes(url.match(/pbm_[\w-]{12}/)[0]), each.log);
      }
    });
  });
}
