// All of an API's tools, as a client that checks what it is told takes them.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { startWholeApi } from '../e2e/harness/whole_api.mjs';

const kSelf = { name: 'patchbay-clients', version: '1.0.0' };

describe('the whole of ConnectWise PSA', () => {
  const ends = [];
  const context = { after: (end) => ends.push(end) };
  after(async () => { for (const end of ends.reverse()) await end(); });

  let mint;
  before(async () => {
    const { admin, account } = await startWholeApi(context);
    mint = (config) => admin.create(`/integrated-account/${account.id}/mcp`, { name: 'All', config });
  });

  for (const [name, make] of [
    ['SDK v1', (url) => [new ClientV1(kSelf), new HttpV1(url)]],
    ['SDK v2', (url) => [new ClientV2(kSelf, { versionNegotiation: { mode: { pin: '2026-07-28' } } }), new HttpV2(url)]],
  ]) {
    const open = async (t, config) => {
      const { url } = await mint(config);
      const [client, transport] = make(new URL(url));
      await client.connect(transport);
      t.after(() => client.close());
      return client;
    };

    test(`${name} lists all of it, and calls what nobody wrote by hand`, async (t) => {
      const client = await open(t, {});
      const { tools } = await client.listTools();
      assert.ok(tools.length > 3095, `${tools.length} tools`);
      const { content, isError } = await client.callTool(
        { name: 'connect_wise_psa_companies_count', arguments: { conditions: 'id > 0' } });
      assert.ok(!isError, content[0].text);
      assert.ok(JSON.parse(content[0].text).count > 0, content[0].text);
    });

    test(`${name} finds a tool by what is wanted, and calls it`, async (t) => {
      const client = await open(t, { tool_exposure: 'discovery' });
      const { tools } = await client.listTools();
      assert.deepEqual(tools.map((tool) => tool.name).sort(),
        ['call_read_tool', 'call_write_tool', 'get_tool_schema', 'search_tools']);
      const found = await client.callTool({ name: 'search_tools', arguments: { query: 'how many companies are there' } });
      assert.match(found.content[0].text, /connect_wise_psa_companies/);
      const { content, isError } = await client.callTool({ name: 'call_read_tool',
        arguments: { tool: 'connect_wise_psa_companies_count', arguments: { conditions: 'id > 0' } } });
      assert.ok(!isError, content[0].text);
      assert.ok(JSON.parse(content[0].text).count > 0);
    });
  }
});
