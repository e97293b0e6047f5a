// The protocol where this issue needs it: every client connects; what is malformed is refused.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { clients, connected, otherClients } from './harness/clients.mjs';
import { startDemo } from './harness/demo.mjs';
import { legacyCall, modernRequest, post, sendBytes } from './harness/http.mjs';

let demo;
before(async () => { demo = await startDemo(); });
after(() => demo.program.stop());

for (const kind of [...clients, ...otherClients]) {
  describe(kind.name, () => {
    const claude = connected(kind, () => demo.mcp_url);

    test('connects, lists and calls', async () => {
      assert.equal(claude.client.getServerVersion().name, 'patchbay');
      const tools = await claude.tools();
      assert.deepEqual(tools, await claude.tools(), 'the same order each time');
      const { result } = await claude.call('list_all_connect_wise_psa_boards', { limit: 3 });
      assert.equal(result.length, 3);
    });

    test('an unknown tool is a protocol error', async () => {
      await assert.rejects(claude.raw('no_such_tool'), /unknown tool/i);
    });
  });
}

describe('2025-11-25 and earlier', () => {
  test('initialize answers the version that was asked for, or its own latest', async () => {
    for (const [asked, answered] of [['2025-11-25', '2025-11-25'], ['2025-06-18', '2025-06-18'],
      ['2025-03-26', '2025-03-26'], ['2024-11-05', '2024-11-05'], ['1999-01-01', '2025-11-25']]) {
      const { status, body } = await post(demo.mcp_url, { jsonrpc: '2.0', id: 'a', method: 'initialize',
        params: { protocolVersion: asked, capabilities: {}, clientInfo: { name: 'x', version: '1' } } });
      assert.equal(status, 200);
      assert.equal(body.id, 'a');
      assert.equal(body.result.protocolVersion, answered);
      assert.ok(body.result.capabilities.tools);
    }
  });

  test('ping, notifications, unknown methods', async () => {
    assert.deepEqual((await post(demo.mcp_url, { jsonrpc: '2.0', id: 3, method: 'ping' })).body,
      { jsonrpc: '2.0', id: 3, result: {} });
    const note = await post(demo.mcp_url, { jsonrpc: '2.0', method: 'notifications/initialized' });
    assert.deepEqual([note.status, note.text], [202, '']);
    const unknown = await post(demo.mcp_url, { jsonrpc: '2.0', id: 4, method: 'no/such' });
    assert.deepEqual([unknown.status, unknown.body.error.code], [200, -32601]);
  });

  test('the list has one page and no nextCursor', async () => {
    const { body } = await post(demo.mcp_url, { jsonrpc: '2.0', id: 1, method: 'tools/list' });
    assert.equal('nextCursor' in body.result, false);
  });
});

describe('2026-07-28', () => {
  const send = (method, params, change = (request) => request) => {
    const { headers, body } = change(modernRequest(method, params));
    return post(demo.mcp_url, body, headers);
  };

  test('server/discover', async () => {
    const { status, body } = await send('server/discover');
    assert.equal(status, 200);
    assert.equal(body.result.resultType, 'complete');
    assert.ok(body.result.supportedVersions.includes('2026-07-28'));
    assert.ok(body.result.ttlMs >= 0);
    assert.equal(body.result.cacheScope, 'private');
    assert.equal(body.result._meta['io.modelcontextprotocol/serverInfo'].name, 'patchbay');
  });

  test('headers must mirror the body', async () => {
    const call = { name: 'list_all_connect_wise_psa_boards', arguments: { limit: 1 } };
    for (const [name, value] of [['mcp-method', 'tools/list'], ['mcp-name', 'other'],
      ['mcp-protocol-version', '2025-11-25']]) {
      const { status, body } = await send('tools/call', call, (request) => {
        request.headers[name] = value;
        return request;
      });
      assert.deepEqual([status, body.error.code], [400, -32020], name);
    }
    assert.equal((await send('tools/call', call)).body.result.isError ?? false, false);
  });

  test('unknown methods are 404, unknown versions -32022', async () => {
    const unknown = await send('ping');
    assert.deepEqual([unknown.status, unknown.body.error.code], [404, -32601]);
    const { status, body } = await send('tools/list', {}, (request) => {
      request.headers['mcp-protocol-version'] = '2099-01-01';
      request.body.params._meta['io.modelcontextprotocol/protocolVersion'] = '2099-01-01';
      return request;
    });
    assert.deepEqual([status, body.error.code], [400, -32022]);
    assert.ok(body.error.data.supported.includes('2026-07-28'));
  });
});

describe('what is malformed', () => {
  test('is refused with the right code, and the id where it could be read', async () => {
    for (const [body, status, code] of [
      ['{"jsonrpc":"2.0",', 400, -32700], ['', 400, -32700], ['nonsense', 400, -32700],
      ['[]', 400, -32600], ['"text"', 400, -32600], ['{"jsonrpc":"2.0","id":null,"method":"ping"}', 400, -32600],
      ['{"jsonrpc":"1.0","id":1,"method":"ping"}', 400, -32600],
      ['{"jsonrpc":"2.0","id":1.5,"method":"ping"}', 400, -32600],
    ]) {
      const answer = await post(demo.mcp_url, body);
      assert.deepEqual([answer.status, answer.body?.error?.code], [status, code], body);
    }
    for (const params of [{ name: 5 }, { name: 'x', arguments: [1] }, {}]) {
      const { status, body } = await post(demo.mcp_url,
        { jsonrpc: '2.0', id: 9, method: 'tools/call', params });
      assert.deepEqual([status, body.id, body.error.code], [200, 9, -32602], JSON.stringify(params));
    }
  });

  test('is refused by size, depth and type', async () => {
    const big = await post(demo.mcp_url, legacyCall('x', { a: 'x'.repeat(1_100_000) }));
    assert.equal(big.status, 413);
    const deep = await post(demo.mcp_url,
      `{"jsonrpc":"2.0","id":1,"method":"ping","params":${'{"a":'.repeat(100)}1${'}'.repeat(100)}}`);
    assert.equal(deep.status, 400);
    const typed = await post(demo.mcp_url, '{}', { 'content-type': 'text/plain' });
    assert.equal(typed.status, 415);
  });

  test('is refused when two parsers could read it differently', async () => {
    const { pathname, host } = new URL(demo.mcp_url);
    const head = `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n`;
    const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
    for (const rest of [
      `Content-Length: ${ping.length}\r\nTransfer-Encoding: chunked\r\n\r\n${ping}`,
      `Content-Length: ${ping.length}\r\nContent-Length: 3\r\n\r\n${ping}`,
      `Content-Length: +${ping.length}\r\n\r\n${ping}`,
      `Content-Length : ${ping.length}\r\n\r\n${ping}`,
      `Transfer-Encoding: xchunked\r\n\r\n${ping}`,
      `Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n`,
    ]) {
      const answer = await sendBytes(demo.mcp_url, head + rest, 3000);
      assert.match(answer, /^HTTP\/1\.1 (400|501) /, `${rest}\n${answer}`);
    }
    assert.ok(demo.program.alive);
  });

  test('a foreign Origin is refused, localhost is not', async () => {
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
    assert.equal((await post(demo.mcp_url, ping, { origin: 'https://evil.example.com' })).status, 403);
    assert.equal((await post(demo.mcp_url, ping, { origin: 'http://localhost:6274' })).status, 200);
  });
});
