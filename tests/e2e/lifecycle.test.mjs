// Starting and stopping: what a restart keeps, and that nothing is left behind.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { openSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { clients, connect } from './harness/clients.mjs';
import { startDemo, startSandbox, startServe, temporaryFolder } from './harness/demo.mjs';
import { post } from './harness/http.mjs';
import { Program, binary, run } from './harness/process.mjs';

const kListTools = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };

describe('serve', () => {
  test('after a restart the same URL, token and account work', async (t) => {
    const { credentials } = await startSandbox(t);
    const folder = temporaryFolder(t);
    const first = await startServe(t, folder);
    const account = await first.admin.create('/integrated-account',
      { integration: 'connectwise_psa', name: 'PSA', tenant_id: 'acme', credentials });
    const made = await first.admin.create(`/integrated-account/${account.id}/mcp`,
      { name: 'kept', config: { methods: ['read'] } });
    const claude = await connect(t, clients[0], made.url);
    const page = await claude.call('list_all_connect_wise_psa_tickets', { limit: 3 });

    const end = await first.program.stop();
    assert.equal(end.code, 0);
    assert.ok(end.ms < 5000, `it took ${end.ms} ms`);

    const second = await startServe(t, folder);
    const { calls_today, last_used_at, ...kept } =
      await second.admin.get(`/integrated-account/${account.id}/mcp/${made.id}`);
    const { calls_today: none, last_used_at: never, ...minted } = await withoutSecrets(made);
    assert.deepEqual(kept, minted);
    assert.deepEqual([none, never, calls_today], [0, null, 1]);
    assert.ok(last_used_at >= made.created_at);
    const url = made.url.replace(first.url, second.url);
    const again = await connect(t, clients[1], url);
    const next = await again.call('list_all_connect_wise_psa_tickets',
      { limit: 3, next_cursor: page.next_cursor });
    assert.equal(next.result_count, 3, 'cursors outlive a restart');
    assert.ok(next.result[0].id < page.result.at(-1).id);
  });

  test('tokens and credentials are nowhere on the disk as they are', async (t) => {
    const { credentials } = await startSandbox(t);
    const folder = temporaryFolder(t);
    const { admin, token, program } = await startServe(t, folder);
    const account = await admin.create('/integrated-account',
      { integration: 'connectwise_psa', name: 'PSA', tenant_id: 'acme', credentials });
    const made = await admin.create(`/integrated-account/${account.id}/mcp`, { name: 'x', config: {} });
    await program.stop();
    const data = join(folder, 'data');
    for (const name of readdirSync(data)) {
      assert.equal(statSync(join(data, name)).mode & 0o077, 0, `${name} is open to others`);
      if (name === 'first-api-token') continue;
      const bytes = readFileSync(join(data, name), 'latin1');
      for (const secret of [token, made.token, credentials.private_key, credentials.public_key]) {
        assert.ok(!bytes.includes(secret), `${name} holds a secret as it is`);
      }
    }
  });

  test('without a key it does not start, and says how to make one', async (t) => {
    const { code, stderr } = await run('serve', '--port', '0', '--data-dir', temporaryFolder(t));
    assert.equal(code, 1);
    assert.match(stderr, /patchbay key new/);
  });

  test('with another key it does not start on the same data', async (t) => {
    const folder = temporaryFolder(t);
    const first = await startServe(t, folder);
    await first.program.stop();
    const other = join(folder, 'other.key');
    await run('key', 'new', other);
    const { code, stderr } = await run('serve', '--port', '0', '--data-dir', join(folder, 'data'),
      '--key-file', other);
    assert.equal(code, 1);
    assert.match(stderr, /key/i);
  });

  test('a port that is taken is told by number', async (t) => {
    const first = await startServe(t, temporaryFolder(t));
    const { port } = new URL(first.url);
    const folder = temporaryFolder(t);
    const key = join(folder, 'k');
    await run('key', 'new', key);
    const { code, stderr } = await run('serve', '--port', port, '--data-dir', folder, '--key-file', key);
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(port));
  });

  test('health is told', async (t) => {
    const { url } = await startServe(t, temporaryFolder(t));
    for (const path of ['/healthz', '/readyz']) {
      assert.equal((await fetch(url + path)).status, 200, path);
    }
  });
});

describe('demo', () => {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    test(`${signal} stops it all, and no process is left`, async () => {
      const { program, mcp_url, sandbox_url } = await startDemo();
      assert.equal((await post(mcp_url, kListTools)).status, 200);
      const family = descendants(program.pid);
      const end = await program.stop(signal);
      assert.deepEqual([end.code, end.signal], [0, null]);
      assert.ok(end.ms < 5000, `it took ${end.ms} ms`);
      for (const pid of family) assert.throws(() => process.kill(pid, 0), `process ${pid} lives on`);
      await assert.rejects(fetch(sandbox_url), 'the sandbox answers on');
    });
  }

  test('for a person it prints everything that is needed, and the curl line works as pasted',
    async (t) => {
      const program = new Program(['demo', '--port', '0', '--sandbox-port', '0']);
      t.after(() => program.stop());
      await program.until('the last line', () => /Ctrl-C/.test(program.stdout));
      const text = program.stdout;
      const url = text.match(/http:\/\/127\.0\.0\.1:\d+\/mcp\/pbm_\S+/)[0];
      assert.match(text, new RegExp(`claude mcp add .*${url}`));
      const config = JSON.parse(text.match(/^\s*\{$[\s\S]*^\s*\}$/m)[0]);
      const [entry] = Object.values(config.mcpServers);
      assert.deepEqual(entry.args, ['stdio']);
      assert.deepEqual(entry.env, { PATCHBAY_MCP_URL: url });
      const curl = text.match(/^\s*(curl .*(?:\\\n.*)*)/m)[1];
      const answer = JSON.parse(execFileSync('/bin/sh', ['-c', curl], { encoding: 'utf8' }));
      assert.ok(answer.result, JSON.stringify(answer));
    });

  test('its URL has the tools of the tags that are given, or all', async (t) => {
    const toolsOf = async (...args) => {
      const { mcp_url, tags } = await startDemo(t, ...args);
      const { body } = await post(mcp_url, kListTools);
      return { tags, names: body.result.tools.map(({ name }) => name) };
    };
    const [all, few] = await Promise.all([toolsOf(), toolsOf('--tags', 'sales,time')]);
    assert.deepEqual(all.tags, []);
    assert.deepEqual(few.tags, ['sales', 'time']);
    assert.ok(few.names.length < all.names.length / 2);
    assert.ok(few.names.includes('list_all_connect_wise_psa_time_entries'));
    assert.ok(!few.names.includes('list_all_connect_wise_psa_tickets'));
    assert.ok(all.names.includes('list_all_connect_wise_psa_tickets'));
    const wrong = await run('demo', '--json', '--port', '0', '--sandbox-port', '0', '--tags', 'tikets');
    assert.notEqual(wrong.code, 0);
    assert.match(wrong.stderr, /tikets.*tickets/s);
  });

  test('two demos can run side by side', async (t) => {
    const [one, two] = await Promise.all([startDemo(t), startDemo(t)]);
    assert.notEqual(one.mcp_url, two.mcp_url);
    assert.equal((await post(one.mcp_url, kListTools)).status, 200);
    assert.equal((await post(two.mcp_url, kListTools)).status, 200);
  });
});

describe('the command line', () => {
  test('version', async () => {
    const { code, stdout } = await run('version', '--json');
    assert.equal(code, 0);
    assert.match(JSON.parse(stdout).version, /^\d+\.\d+\.\d+/);
  });

  test('--help teaches, and every command has its own', async () => {
    const { code, stdout } = await run('--help');
    assert.equal(code, 0);
    for (const command of ['serve', 'sandbox', 'demo', 'stdio', 'integration', 'version']) {
      assert.match(stdout, new RegExp(`\\b${command}\\b`));
      const help = await run(command, '--help');
      assert.equal(help.code, 0);
      assert.ok(help.stdout.length > 100, command);
    }
  });

  test('wrong usage: exit code 2, and what is wrong', async () => {
    for (const args of [['fly'], ['serve', '--prot', '1'], ['sandbox', '--scale', '0']]) {
      const { code, stderr, stdout } = await run(...args);
      assert.equal(code, 2, args.join(' '));
      assert.ok((stderr + stdout).length > 0);
    }
    for (const [args, said] of [[['servr', 'list'], /patchbay has no command 'servr'; did you mean/],
      [['server', 'lst'], /patchbay server has no command 'lst'; did you mean list\?/]]) {
      const { code, stderr } = await run(...args);
      assert.equal(code, 2, args.join(' '));
      assert.match(stderr, said);
    }
  });

  // Small output fails when it is flushed, and much of it while it is written.
  test('what cannot be written is a failure, and said', () => {
    for (const args of [['version'], ['--help'], ['completion', 'bash'], ['completion', 'zsh']]) {
      const full = openSync('/dev/full', 'w');
      const { status, signal, stderr } = spawnSync(binary, args, { stdio: ['ignore', full, 'pipe'] });
      assert.deepEqual({ status, signal }, { status: 1, signal: null }, args.join(' '));
      assert.match(stderr.toString(), /Standard output cannot be written: No space left on device/);
    }
  });

  test('the shipped integration is without fault', async () => {
    const folder = new URL('../../integrations/connectwise_psa', import.meta.url).pathname;
    for (const command of ['validate', 'lint']) {
      const { code, stdout, stderr } = await run('integration', command, folder);
      assert.equal(code, 0, stdout + stderr);
    }
  });
});

// What is told once, at creation.
function withoutSecrets({ token, url, notices, warnings, client_name, ...rest }) { return rest; }

function descendants(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  const own = children ? children.split(' ').map(Number) : [];
  return [pid, ...own.flatMap(descendants)];
}
