// A whole session, with everything that could tempt a log line, and then a search of all output for
// every secret.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { clients, connect } from './harness/clients.mjs';
import { startSandbox, startServe, temporaryFolder } from './harness/demo.mjs';
import { legacyCall, post, sendBytes } from './harness/http.mjs';

// The hashes of all tokens, as hex and base64, whichever a careless line would show.
function hashesIn(file) {
  const database = new DatabaseSync(file, { readOnly: true });
  const rows = ['api_token', 'mcp_server'].flatMap(
    (table) => database.prepare(`SELECT hash FROM ${table}`).all());
  database.close();
  return rows.flatMap(({ hash }) => ['hex', 'base64', 'base64url'].map(
    (form) => Buffer.from(hash).toString(form)));
}

const kListTools = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };

test('no token, no hash of one and no credential in any log line, error or metric', async (t) => {
  const { credentials, psa } = await startSandbox(t);
  const folder = temporaryFolder(t);
  const { admin, url, token, program } = await startServe(t, folder, { args: ['--log-level', 'debug'] });

  const account = await admin.create('/integrated-account',
    { integration: 'connectwise_psa', name: 'PSA', tenant_id: 'acme', credentials });
  const servers = `/integrated-account/${account.id}/mcp`;
  const made = await admin.create(servers, { name: 'one', config: {} });
  const guarded = await admin.create(servers, { name: 'two', config: { require_api_token_auth: true } });
  const other = await admin.create('/api-token', { name: 'other' });

  for (const kind of clients) {
    const claude = await connect(t, kind, made.url);
    await claude.tools();
    await claude.call('list_all_connect_wise_psa_tickets', { limit: 2 });
    await claude.refused('list_all_connect_wise_psa_tickets', { bord: 'x' });
    const second = await connect(t, kind, guarded.url, { authorization: `Bearer ${other.token}` });
    await second.tools();
  }
  const said = [];  // every error body and metric that comes back
  const { pathname } = new URL(made.url);
  for (const path of [`${pathname}/`, `${pathname}/sse`, `/.well-known/oauth-protected-resource${pathname}`,
    `${pathname}/.well-known/openid-configuration`, `${pathname}?token=${made.token}`,
    pathname.replace('pbm_', 'pbm%5F'), `/nowhere/${made.token}`, `/nowhere?t=${token}`]) {
    const response = await fetch(url + path, { headers: { referer: made.url } });
    if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
      await response.body.cancel();
    } else {
      said.push(await response.text());
    }
  }
  for (const answer of [
    await post(guarded.url, kListTools, { authorization: `Bearer ${token}x` }),
    await post(made.url, '{"jsonrpc":', {}),
    await post(made.url, legacyCall('no_such_tool', {})),
    await post(made.url, legacyCall('list_all_connect_wise_psa_tickets', { bord: 'x' })),
  ]) said.push(answer.text);
  await admin.as(`${token}x`).request('GET', '/integrated-account');
  await admin.request('POST', '/integrated-account', { integration: 'connectwise_psa', name: 'Wrong',
    tenant_id: 'w', credentials: { ...credentials, private_key: 'wrong-private-key' } });
  await psa.control('PATCH', 'config', { fault_percent: 100 });
  said.push((await post(made.url, legacyCall('list_all_connect_wise_psa_boards', { limit: 1 }))).text);
  said.push(await sendBytes(url, `POST ${pathname} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n` +
    'Transfer-Encoding: chunked\r\n\r\n', 1000));
  const refused = await fetch(`${url}/metrics`);
  assert.equal(refused.status, 401);
  said.push(await refused.text());
  const metrics = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  const exposed = await metrics.text();
  assert.match(exposed, /patchbay_http_requests_total\{purpose="mcp",status="2xx"\} [1-9]/);
  said.push(exposed);
  const hashes = hashesIn(join(folder, 'data', 'patchbay.db'));
  assert.ok(hashes.length >= 4, 'tokens are hashed at rest');
  await admin.request('POST', `${servers}/${made.id}/rotate`);
  await program.stop();

  const lines = program.output.split('\n').filter(Boolean);
  assert.ok(lines.length > 0, 'there is a log');
  for (const line of lines) {
    const { time, level, message } = JSON.parse(line);
    assert.ok(time && level && message, line);
  }
  const basic = Buffer.from(
    `${credentials.company_id}+${credentials.public_key}:${credentials.private_key}`).toString('base64');
  const bare = (text) => text.replace(/^pb[ma]_/, '');
  for (const secret of [made.token, guarded.token, token, other.token, `${token}x`].map(bare)
    .concat(credentials.private_key, credentials.public_key, 'wrong-private-key', basic, hashes)) {
    const leak = [...lines, ...said].find((line) => line.includes(secret));
    assert.equal(leak, undefined, `a secret stands in: ${leak}`);
  }
});
