// What each client is given to paste or to open: read back as the client would, against docs/connect-clients.md and
// what is known of each. No browser: the page's own module.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { keyOf, proposedKey, snippetsOf } from '../../dashboard/src/pages/servers/clients.ts';

const kUrl = 'https://mcp.example.com/mcp/pbm_0123456789abcdefghijklmnopqrstuvwxyz-_ABCDE';
const kLocal = kUrl.replace('https://mcp.example.com', 'http://127.0.0.1:8080');
const byId = (door) => Object.fromEntries(snippetsOf({ url: kUrl, key: 'psa', secondFactor: false, ...door })
  .map((snippet) => [snippet.id, snippet]));
const read = ({ code }) => JSON.parse(code);
const bridge = (env) => ({ command: '/usr/local/bin/patchbay', args: ['stdio'], env: { PATCHBAY_MCP_URL: kUrl, ...env } });

// Of TOML what stands there: tables, and texts and inline tables of texts in them.
function readToml(text) {
  const found = {};
  let table = found;
  for (const line of text.split('\n')) {
    const head = line.match(/^\[([\w.-]+)\]$/);
    if (head) {
      table = found;
      for (const name of head[1].split('.')) table = table[name] ??= {};
      continue;
    }
    const [, name, value] = line.match(/^(\w+) = (.+)$/);
    const inline = value.match(/^\{ (.+) \}$/);
    table[name] = inline
      ? Object.fromEntries([...inline[1].matchAll(/("[^"]+") = ("[^"]+")/g)].map((one) => one.slice(1).map(JSON.parse)))
      : JSON.parse(value);
  }
  return found;
}

describe('snippets', () => {
  test('a short name is proposed: what some clients put before each tool’s name', () => {
    assert.equal(proposedKey('connectwise_psa'), 'psa');
    assert.equal(proposedKey('halopsa'), 'halopsa');
    for (const name of ['Claude, service desk', 'Büro', '  ', 'شركة', 'a'.repeat(90), '-x-']) {
      assert.match(keyOf(name), /^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$/, name);
    }
  });

  test('each is what its client reads', () => {
    const of = byId();
    assert.equal(of.claude.code, kUrl);
    assert.equal(of.chatgpt.code, kUrl);
    assert.deepEqual(read(of['claude-desktop']), { mcpServers: { psa: bridge() } });
    assert.deepEqual(read(of.stdio), { mcpServers: { psa: bridge() } });
    assert.deepEqual(read(of['claude-code']), { mcpServers: { psa: { type: 'http', url: '${PATCHBAY_MCP_URL}' } } });
    assert.match(of['claude-code'].note, new RegExp(`claude mcp add --transport http psa ${kUrl}$`));
    assert.deepEqual(read(of.cursor), { mcpServers: { psa: { url: kUrl } } });
    assert.deepEqual(read(of.vscode), { servers: { psa: { type: 'http', url: kUrl } } });
    assert.deepEqual(read(of.gemini), { mcpServers: { psa: { httpUrl: kUrl } } });
    assert.deepEqual(readToml(of.codex.code), { mcp_servers: { psa: { url: kUrl } } });
    assert.deepEqual(read(of['mcp-remote']).mcpServers.psa, { command: 'npx', args: ['-y', 'mcp-remote', kUrl] });
    assert.deepEqual(read(byId({ url: kLocal })['mcp-remote']).mcpServers.psa.args,
      ['-y', 'mcp-remote', kLocal, '--allow-http']);
  });

  test('a link that opens a client has the same in it', () => {
    const of = byId();
    const cursor = new URL(of.cursor.link.href);
    assert.equal(`${cursor.protocol}//${cursor.host}${cursor.pathname}`, 'cursor://anysphere.cursor-deeplink/mcp/install');
    assert.equal(cursor.searchParams.get('name'), 'psa');
    assert.deepEqual(JSON.parse(atob(cursor.searchParams.get('config'))), read(of.cursor).mcpServers.psa);
    const [, install] = of.vscode.link.href.match(/^vscode:mcp\/install\?(.+)$/);
    assert.deepEqual(JSON.parse(decodeURIComponent(install)), { name: 'psa', ...read(of.vscode).servers.psa });
  });

  test('with the second factor each sends the API token from where its secrets belong, or says that it cannot', () => {
    const of = byId({ secondFactor: true });
    for (const id of ['claude', 'chatgpt']) assert.match(of[id].note, /cannot send an API token/);
    const headers = (config) => config.headers;
    assert.deepEqual(headers(read(of['claude-code']).mcpServers.psa), { 'X-Api-Token': '${PATCHBAY_API_TOKEN}' });
    assert.deepEqual(headers(read(of.cursor).mcpServers.psa), { 'X-Api-Token': '${env:PATCHBAY_API_TOKEN}' });
    assert.deepEqual(headers(read(of.gemini).mcpServers.psa), { 'X-Api-Token': '$PATCHBAY_API_TOKEN' });
    assert.deepEqual(readToml(of.codex.code).mcp_servers.psa.http_headers, { 'X-Api-Token': 'pba_…' });
    const vscode = read(of.vscode);
    assert.deepEqual(headers(vscode.servers.psa), { 'X-Api-Token': '${input:patchbay-api-token}' });
    assert.deepEqual(vscode.inputs.map(({ id, password }) => [id, password]), [['patchbay-api-token', true]]);
    const [, install] = of.vscode.link.href.match(/^vscode:mcp\/install\?(.+)$/);
    assert.deepEqual(JSON.parse(decodeURIComponent(install)).inputs, vscode.inputs);
    assert.deepEqual(read(of.stdio).mcpServers.psa, bridge({ PATCHBAY_API_TOKEN: 'pba_…' }));
    assert.deepEqual(read(of['mcp-remote']).mcpServers.psa.args.slice(-2),
      ['--header', 'X-Api-Token:${PATCHBAY_API_TOKEN}']);
    assert.match(of.curl.code, /^header = "X-Api-Token: \$PATCHBAY_API_TOKEN"$/m);
  });

  test('none has the URL where others see it, save where its client knows no other way', () => {
    const seen = Object.values(byId()).filter(({ id, code }) => /mcp-remote|curl/.test(id) && code.includes(kUrl));
    assert.deepEqual(seen.map(({ id }) => id), ['mcp-remote']);
  });
});
