// What people really connect with: each lists the tools and calls one.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { startDemo } from '../e2e/harness/demo.mjs';

const execute = promisify(execFile);
const modules = new URL('node_modules/', import.meta.url).pathname;
const kBoards = 'list_all_connect_wise_psa_boards';

let demo;
let folder;
before(async () => {
  demo = await startDemo();
  folder = mkdtempSync(join(tmpdir(), 'patchbay-clients-'));
});
after(async () => {
  await demo.program.stop();
  rmSync(folder, { recursive: true, force: true });
});

for (const era of ['legacy', 'modern']) {
  describe(`MCP Inspector, ${era}`, () => {
    const inspect = async (...args) => {
      const config = join(folder, `${era}.json`);
      writeFileSync(config, JSON.stringify({ mcpServers: {
        psa: { type: 'streamable-http', url: demo.mcp_url, protocolEra: era } } }));
      const { stdout } = await execute(process.execPath,
        [join(modules, '@modelcontextprotocol/inspector/clients/launcher/build/index.js'), '--cli',
          '--config', config, '--server', 'psa', ...args],
        { maxBuffer: 1 << 26, env: { ...process.env, HOME: folder } });
      return JSON.parse(stdout);
    };
    test('lists the tools', async () => {
      const { tools } = await inspect('--method', 'tools/list');
      assert.ok(tools.some(({ name }) => name === kBoards));
    });
    test('calls one', async () => {
      const result = await inspect('--method', 'tools/call', '--tool-name', kBoards,
        '--tool-arg', 'limit=2');
      assert.equal(JSON.parse(result.content[0].text).result_count, 2);
    });
  });
}

async function listAndCall(transport) {
  const client = new Client({ name: 'patchbay-clients', version: '1.0.0' });
  await client.connect(transport);
  try {
    const { tools } = await client.listTools();
    assert.ok(tools.some(({ name }) => name === kBoards));
    const result = await client.callTool({ name: kBoards, arguments: { limit: 2 } });
    assert.equal(JSON.parse(result.content[0].text).result_count, 2);
  } finally {
    await client.close();
  }
}

test('mcp-remote bridges to standard input and output', () =>
  listAndCall(new StdioClientTransport({
    command: process.execPath,
    args: [join(modules, 'mcp-remote/dist/proxy.js'), demo.mcp_url, '--allow-http'],
    env: { ...process.env, HOME: folder, MCP_REMOTE_CONFIG_DIR: folder },
    stderr: 'ignore',
  })));

test('a client of 2024-11-05 uses the event stream', () =>
  listAndCall(new SSEClientTransport(new URL(`${demo.mcp_url}/sse`))));

test('the token is in no log line of all this', () => {
  const token = new URL(demo.mcp_url).pathname.split('/').at(-1);
  assert.ok(!demo.program.stderr.includes(token));
});
