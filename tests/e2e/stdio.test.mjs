// `patchbay stdio <url>`: the bridge for clients that start a program.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { clients, connectStdio } from './harness/clients.mjs';
import { startDemo } from './harness/demo.mjs';
import { binary, Program } from './harness/process.mjs';

let demo;
before(async () => { demo = await startDemo(); });
after(() => demo.program.stop());

for (const kind of clients) {
  describe(kind.name, () => {
    test('lists and calls through the bridge', async (t) => {
      const claude = await connectStdio(t, kind, binary, ['stdio', demo.mcp_url]);
      assert.ok((await claude.tools()).length > 20);
      const { result } = await claude.call('list_all_connect_wise_psa_boards', { limit: 100 });
      assert.ok(result.some(({ name }) => name === 'Triage'));
      const error = await claude.refused('get_single_connect_wise_psa_ticket_by_id', { id: 99999999 });
      assert.equal(error.status, 404);
    });

    test('calls that overlap are answered, each with its own', async (t) => {
      const claude = await connectStdio(t, kind, binary, ['stdio', demo.mcp_url]);
      const numbers = Array.from({ length: 20 }, (_, n) => n + 1);
      const counts = await Promise.all(numbers.map(async (limit) =>
        (await claude.call('list_all_connect_wise_psa_tickets', { limit })).result_count));
      assert.deepEqual(counts, numbers);
    });

    test('the URL may come from the environment, and the second factor too', async (t) => {
      const { url } = await demo.admin.create(`/integrated-account/${demo.integrated_account_id}/mcp`,
        { name: 'two factors', config: { require_api_token_auth: true } });
      const claude = await connectStdio(t, kind, binary, ['stdio'],
        { PATCHBAY_MCP_URL: url, PATCHBAY_API_TOKEN: demo.api_token });
      assert.ok((await claude.tools()).length > 20);
    });
  });
}

test('it ends when its input ends', async () => {
  const bridge = new Program(['stdio', demo.mcp_url]);
  bridge.stdin.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
  await bridge.until('answer', () => /\n/.test(bridge.stdout));
  assert.deepEqual(JSON.parse(bridge.stdout), { jsonrpc: '2.0', id: 1, result: {} });
  bridge.stdin.end();
  assert.equal((await bridge.exited).code, 0);
});

test('it ends when nobody reads its output, though its input goes on', { timeout: 15_000 }, async (t) => {
  const bridge = spawn(binary, ['stdio', demo.mcp_url], { stdio: ['pipe', 'pipe', 'ignore'] });
  t.after(() => bridge.kill('SIGKILL'));
  bridge.stdin.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
  await once(bridge.stdout, 'data');
  bridge.stdout.destroy();
  const [code] = await once(bridge, 'exit');
  assert.equal(code, 0);
});

test('a byte order mark before the first line is skipped', async (t) => {
  const bridge = new Program(['stdio', demo.mcp_url]);
  t.after(() => bridge.stop());
  bridge.stdin.write('\uFEFF{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
  await bridge.until('answer', () => /\n/.test(bridge.stdout));
  assert.deepEqual(JSON.parse(bridge.stdout), { jsonrpc: '2.0', id: 1, result: {} });
});

test('what is not JSON gets a JSON-RPC error, and the bridge lives on', async (t) => {
  const bridge = new Program(['stdio', demo.mcp_url]);
  t.after(() => bridge.stop());
  bridge.stdin.write('{"jsonrpc":\n');
  await bridge.until('error', () => /-32700/.test(bridge.stdout));
  bridge.stdin.write('{"jsonrpc":"2.0","id":"a","method":"ping"}\n');
  await bridge.until('answer', () => /"id":"a"/.test(bridge.stdout));
});

test('a URL that does not open: every request is answered with a reason', async (t) => {
  const bridge = new Program(['stdio', `${demo.admin_url}/mcp/pbm_nothing`]);
  t.after(() => bridge.stop());
  bridge.stdin.write('{"jsonrpc":"2.0","id":7,"method":"tools/list"}\n');
  await bridge.until('answer', () => /\n/.test(bridge.stdout));
  const { id, error } = JSON.parse(bridge.stdout);
  assert.equal(id, 7);
  assert.match(error.message, /unknown|revoked|expired/i);
  assert.ok(!bridge.output.includes('pbm_nothing'), 'the URL is a secret');
});
