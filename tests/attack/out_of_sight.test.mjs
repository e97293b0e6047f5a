// Secrets stay out of sight of the system: process lists, core dumps, and a change of the master key
// that would make people go round it.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { clients, connectStdio } from '../e2e/harness/clients.mjs';
import { startDemo, startSandbox, startServe, temporaryFolder } from '../e2e/harness/demo.mjs';
import { legacyCall, post } from '../e2e/harness/http.mjs';
import { Program, binary, run } from '../e2e/harness/process.mjs';

const kPing = '{"jsonrpc":"2.0","id":1,"method":"ping"}\n';
const commandLine = ({ pid }) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');

async function answers(program) {
  program.stdin.write(kPing);
  await program.until('answer', () => /\n/.test(program.stdout));
  assert.deepEqual(JSON.parse(program.stdout), { jsonrpc: '2.0', id: 1, result: {} });
}

describe('the bridge', () => {
  test('takes its URL from the environment or a file, and no argument of it is a secret', async (t) => {
    const demo = await startDemo(t);
    const file = join(temporaryFolder(t), 'url');
    writeFileSync(file, `${demo.mcp_url}\n`, { mode: 0o600 });
    for (const [args, env] of [[['stdio'], { PATCHBAY_MCP_URL: demo.mcp_url }],
      [['stdio', '--url-file', file], {}]]) {
      const bridge = new Program(args, { env });
      t.after(() => bridge.stop());
      await answers(bridge);
      assert.doesNotMatch(commandLine(bridge).join(' '), /pbm_/);
    }
    const both = await run('stdio', demo.mcp_url, '--url-file', file);
    assert.equal(both.code, 1);
    assert.match(both.stderr, /Give one of them/);
    const none = await run('stdio', '--url-file', join(file, 'none'));
    assert.equal(none.code, 1);
    assert.match(none.stderr, /Cannot read .*none': Not a directory/);
  });

  test('blots out what was an argument after all, headers too', async (t) => {
    const demo = await startDemo(t);
    const bridge = new Program(['stdio', demo.mcp_url, '--header', `X-Api-Token: ${demo.api_token}`,
      `--header=X-Other: ${demo.api_token}`]);
    t.after(() => bridge.stop());
    await answers(bridge);
    const seen = commandLine(bridge);
    assert.doesNotMatch(seen.join(' '), /pbm_|pba_|http/);
    assert.ok(seen.includes('stdio') && seen.includes('--header'), 'what it is may be seen');
  });

  test('no block that the demo or the help prints puts the URL among arguments', async (t) => {
    const program = new Program(['demo', '--port', '0', '--sandbox-port', '0']);
    t.after(() => program.stop());
    const text = await program.until('the end',
      () => /Ctrl-C/.test(program.stdout) && program.stdout);
    const block = JSON.parse(text.slice(text.indexOf('{\n'), text.indexOf('\n}\n') + 2));
    const { args, env } = block.mcpServers.psa;
    assert.deepEqual(args, ['stdio']);
    assert.match(env.PATCHBAY_MCP_URL, /\/mcp\/pbm_/);
    for (const help of [(await run('stdio', '--help')).stdout,
      readFileSync(new URL('../../docs/connect-clients.md', import.meta.url), 'utf8')]) {
      assert.deepEqual(help.match(/"args": \["stdio", "(?!--).*/g) ?? [], []);
    }
  });

  for (const kind of clients) {
    test(`works so for ${kind.name}`, async (t) => {
      const demo = await startDemo(t);
      const caller = await connectStdio(t, kind, binary, ['stdio'], { PATCHBAY_MCP_URL: demo.mcp_url });
      assert.ok((await caller.tools()).length > 20);
    });
  }
});

test('no process leaves a core dump, nor lets another of its user look into it', async (t) => {
  const serve = await startServe(t, temporaryFolder(t));
  const demo = await startDemo(t);
  const bridge = new Program(['stdio'], { env: { PATCHBAY_MCP_URL: demo.mcp_url } });
  t.after(() => bridge.stop());
  await answers(bridge);
  for (const program of [serve.program, demo.program, bridge]) {
    assert.match(readFileSync(`/proc/${program.pid}/limits`, 'utf8'),
      /^Max core file size\s+0\s+0\s/m);
    // A crash with a core would leave one; this leaves none in its folder.
    if (process.getuid() !== 0) {
      assert.throws(() => readFileSync(`/proc/${program.pid}/environ`), { code: 'EACCES' });
    }
  }
  const locked = Number(readFileSync(`/proc/${serve.program.pid}/status`, 'utf8')
    .match(/^VmLck:\s+(\d+) kB/m)[1]);
  const allowed = readFileSync(`/proc/${serve.program.pid}/limits`, 'utf8')
    .match(/^Max locked memory\s+(\S+)/m)[1];
  if (allowed === 'unlimited' || Number(allowed) > 65_536) assert.ok(locked > 0, 'keys in locked memory');
  const unit = readFileSync(new URL('../../deploy/patchbay.service', import.meta.url), 'utf8');
  assert.match(unit, /^LimitCORE=0$/m);
});

test('after a change of the master key cursors and stored results go on', async (t) => {
  const { credentials, psa } = await startSandbox(t);
  const folder = temporaryFolder(t);
  const first = await startServe(t, folder);
  const account = await first.admin.create('/integrated-account',
    { integration: 'connectwise_psa', name: 'PSA', credentials });
  const server = await first.admin.create(`/integrated-account/${account.id}/mcp`, { name: 'x' });
  const call = async (url, name, args) => {
    const { body } = await post(url, legacyCall(name, args));
    return JSON.parse(body.result.content[0].text);
  };
  const kTickets = 'list_all_connect_wise_psa_tickets';
  const write = ['create_a_connect_wise_psa_ticket_note', { ticketId: 5012, text: 'Once',
    internalAnalysisFlag: true, idempotency_key: 'rotation-1' }];
  const page = await call(server.url, kTickets, { limit: 2 });
  const note = await call(server.url, ...write);
  assert.ok(page.next_cursor && !note.error, JSON.stringify(note));
  await first.program.stop();

  const key = join(folder, 'patchbay.key');
  const old = readFileSync(key, 'utf8');
  const fresh = (await run('key', 'new')).stdout;
  writeFileSync(key, fresh + old);
  const second = await startServe(t, folder);
  const url = server.url.replace(first.url, second.url);
  const next = await call(url, kTickets, { limit: 2, next_cursor: page.next_cursor });
  assert.equal(next.error, undefined, JSON.stringify(next));
  assert.equal(next.result.length, 2);
  const again = await call(url, ...write);
  assert.equal(again.result?.id ?? again.id, note.result?.id ?? note.id);
  const notes = await psa.get('/service/tickets/5012/notes?pageSize=1000');
  assert.equal(notes.filter(({ text }) => text === 'Once').length, 1);
});

describe('a server’s filter holds for what can be learnt through it', () => {
  test('prompts of tools that it lacks are neither listed, given nor completed', async (t) => {
    const demo = await startDemo(t);
    const servers = `/integrated-account/${demo.integrated_account_id}/mcp`;
    const whole = await demo.admin.create(servers, { name: 'whole' });
    const narrow = await demo.admin.create(servers, { name: 'narrow', config: { tags: ['system'] } });
    const ask = async (url, method, params = {}) =>
      (await post(url, { jsonrpc: '2.0', id: 1, method, params })).body;
    const { prompts } = (await ask(whole.url, 'prompts/list')).result;
    assert.ok(prompts.length > 0);
    assert.deepEqual((await ask(narrow.url, 'prompts/list')).result?.prompts ?? [], []);
    let completed = 0;
    for (const prompt of prompts) {
      const refused = await ask(narrow.url, 'prompts/get', { name: prompt.name, arguments: {} });
      assert.ok(refused.error, prompt.name);
      for (const { name } of prompt.arguments ?? []) {
        const params = { ref: { type: 'ref/prompt', name: prompt.name },
          argument: { name, value: '' } };
        const said = (await ask(whole.url, 'completion/complete', params)).result;
        completed += said?.completion.values.length ?? 0;
        const hidden = await ask(narrow.url, 'completion/complete', params);
        assert.ok(hidden.error, `${prompt.name} ${name}: ${JSON.stringify(hidden)}`);
      }
    }
    assert.ok(completed > 0, 'where nothing is completed, nothing was tried');
  });

  test('what has data sent out later asks first where writes are confirmed', async (t) => {
    const demo = await startDemo(t);
    const server = await demo.admin.create(`/integrated-account/${demo.integrated_account_id}/mcp`,
      { name: 'asks', config: { confirm_writes: true } });
    const before = (await demo.psa.get('/system/callbacks')).length;
    for (const [name, args] of [
      ['create_a_connect_wise_psa_callback',
        { url: 'https://evil.example/x', type: 'ticket', level: 'owner', objectId: 1 }],
      ['update_a_connect_wise_psa_callback_by_id', { id: 1, url: 'https://evil.example/x' }]]) {
      const { body } = await post(server.url, legacyCall(name, args));
      const { error } = JSON.parse(body.result.content[0].text);
      assert.equal(error.code, 'confirmation_required', name);
      assert.match(error.message, /data leaves the system by itself/);
    }
    assert.equal((await demo.psa.get('/system/callbacks')).length, before);
    // By one of their arguments; without it nobody is asked.
    const evil = 'someone@evil.example';
    for (const [name, args, sent] of [
      ['update_a_connect_wise_psa_ticket_by_id', { id: 5012 },
        { automaticEmailCc: evil, automaticEmailCcFlag: true }],
      ['create_a_connect_wise_psa_ticket', { summary: 'x', company: 'Acme Corp', dry_run: true },
        { automaticEmailCc: evil, dry_run: false }],
      ['create_a_connect_wise_psa_ticket_note', { ticketId: 5012, text: 'x', internalAnalysisFlag: true },
        { processNotifications: 'true' }],
      ['create_a_connect_wise_psa_time_entry',
        { ticketId: 5012, timeStart: '2026-01-05T09:00:00Z', actualHours: 1 },
        { emailCc: evil, emailCcFlag: true }],
      ['create_a_connect_wise_psa_contact_communication', null,
        { contactId: 1, type: 'Email', value: evil, defaultFlag: true }],
      ['create_a_connect_wise_psa_activity', null, { name: 'x', notifyFlag: true }]]) {
      const asked = JSON.parse((await post(server.url, legacyCall(name, { ...args, ...sent })))
        .body.result.content[0].text);
      assert.equal(asked.error?.code, 'confirmation_required', name);
      assert.match(asked.error.message, /something sent out of the system/);
      for (const value of Object.values(sent)) {
        if (value === evil) assert.match(asked.error.message, /someone@evil\.example/);
      }
      if (!args) continue;
      const plain = JSON.parse((await post(server.url, legacyCall(name, args))).body.result.content[0].text);
      assert.notEqual(plain.error?.code, 'confirmation_required', name);
    }
  });

  test('the question of a confirmation hides nothing behind what stands before it', async (t) => {
    const demo = await startDemo(t);
    const server = await demo.admin.create(`/integrated-account/${demo.integrated_account_id}/mcp`,
      { name: 'asks', config: { confirm_writes: true } });
    const { body } = await post(server.url, legacyCall('create_a_connect_wise_psa_callback', {
      description: 'Nightly tick '.repeat(100), type: 'ticket', level: 'owner', objectId: 1,
      url: `https://good.example@${'a.'.repeat(200)}evil.example/x` }));
    const { message } = JSON.parse(body.result.content[0].text).error;
    assert.match(message, /evil\.example\/x/);
    for (const name of ['type', 'level', 'objectId']) assert.match(message, new RegExp(`${name}: `));
    assert.ok(message.length < 2_000, message);
  });
});
