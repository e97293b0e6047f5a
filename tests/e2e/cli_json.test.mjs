// Every command that prints something takes --json and prints nothing but JSON on standard output: the
// commands are those of the help itself, so that one that is new and does not is found.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { AuthorizationServer, client, writeThings } from './harness/authorization_server.mjs';
import { Shell } from './harness/command.mjs';
import { startSandbox, startServe, temporaryFolder } from './harness/demo.mjs';
import { legacyCall, post } from './harness/http.mjs';
import { Program, binary } from './harness/process.mjs';
import { Receiver } from './harness/receiver.mjs';
import { about, getMethod, tasks } from './harness/written.mjs';

// What no script reads as data: a log, a protocol, and text for a shell.
const kNoData = ['serve', 'stdio', 'completion bash', 'completion zsh'];

// [{name: 'token new', help}] of all that does something by itself.
function commands(path = []) {
  const help = execFileSync(binary, [...path, '--help'], { encoding: 'utf8' });
  if (!/^Usage: .* SUBCOMMAND$/m.test(help)) return [{ name: path.join(' '), help }];
  const names = [...help.matchAll(/^ {2}([a-z][a-z-]*) {2,}\S/gm)].map(([, name]) => name);
  assert.ok(names.length > 0, help);
  return names.flatMap((name) => commands([...path, name]));
}
const all = commands();

test('every command that prints data takes --json, and those that print none do not', () => {
  assert.ok(all.length > 60, `${all.length} commands`);
  for (const { name, help } of all) {
    assert.equal(/^ {2}--json /m.test(help), !kNoData.includes(name), name);
  }
});

describe('with --json there is one line of JSON and nothing else', () => {
  const ran = new Set();

  // The command in words up to its first argument, as the help has it.
  function note(args) {
    const named = [args.slice(0, 2).join(' '), args[0]].find((name) => all.some((one) => one.name === name));
    assert.ok(named, args.join(' '));
    ran.add(named);
  }
  async function said(shell, args, { code = 0, input } = {}) {
    note(args);
    const answer = await shell.type([...args, '--json'], input);
    assert.equal(answer.code, code, `${args.join(' ')}: ${answer.stderr}`);
    assert.match(answer.stdout, /^\{[^\n]*\}\n$/, args.join(' '));
    return { ...answer, value: JSON.parse(answer.stdout) };
  }
  const json = async (...given) => (await said(...given)).value;

  async function world(t) {
    const folder = temporaryFolder(t);
    const authority = await AuthorizationServer.start(t);
    const { credentials } = await startSandbox(t);
    const served = await startServe(t, folder, { args: ['--integrations', writeThings(folder)] });
    const write = (name, text) => { writeFileSync(join(folder, name), text, { mode: 0o600 }); return join(folder, name); };
    return { ...served, folder, authority, write,
      psa: write('psa.json', JSON.stringify(credentials)),
      shell: new Shell(folder, { PATCHBAY_URL: served.url, PATCHBAY_API_TOKEN: served.token }) };
  }

  // Ends with whoever waits for Ctrl-C.
  async function begun(t, args, env) {
    note(args);
    const program = new Program([...args, '--json'], { env });
    t.after(() => program.stop());
    const line = await program.until('a line', () => program.stdout.match(/^.*\n/)?.[0]);
    await program.stop('SIGINT');
    assert.doesNotMatch(program.stdout, /\n./, 'one line');
    return JSON.parse(line);
  }

  test('of profiles, environments, accounts, servers and tokens', async (t) => {
    const { shell, url, token, folder, psa, authority, write } = await world(t);
    const own = new Shell(folder);
    await json(own, ['profile', 'add', 'here', '--url', url], { input: `${token}\n` });
    assert.equal((await json(own, ['profile', 'use', 'here'])).in_use, true);
    assert.equal((await json(own, ['profile', 'list'])).result.length, 1);
    await own.refused(2, ['profile', 'list', '--names', '--json']);
    await json(own, ['profile', 'remove', 'here']);
    assert.match((await json(shell, ['dashboard'])).url, /^http/);

    const { id: environment } = await json(shell, ['environment', 'create', 'Branch']);
    await json(shell, ['environment', 'list']);
    await json(shell, ['environment', 'show', environment]);
    await json(shell, ['environment', 'rename', environment, 'Branch office']);
    await json(shell, ['environment', 'update', environment, '--keep-days', '30']);
    await json(shell, ['environment', 'delete', environment, '--yes']);

    const { id: account } = await json(shell, ['account', 'add', 'connectwise_psa', '--credentials-file', psa]);
    await json(shell, ['account', 'list']);
    await json(shell, ['account', 'show', account]);
    await json(shell, ['account', 'update', account, '--name', 'Desk']);
    assert.equal((await json(shell, ['account', 'probe', account])).status, 'active');
    const things = await json(shell, ['account', 'add', 'things', '--credentials-file',
      write('things.json', JSON.stringify({ site: authority.url, ...client }))]);
    assert.match((await json(shell, ['account', 'connect-link', things.id])).url, /\/connect\/cnl_/);
    await json(shell, ['account', 'remove', things.id, '--yes']);

    const server = await json(shell, ['server', 'create', account, 'Support', '--tags', 'support']);
    assert.match(server.url, /pbm_/);
    for (const [verb, ...more] of [['list'], ['show', server.id], ['update', server.id, '--name', 'Desk'],
      ['pause', server.id], ['resume', server.id]]) {
      const shown = (await said(shell, ['server', verb, ...more])).stdout;
      assert.ok(!shown.includes(server.token), 'its secret was shown once');
    }
    const rotated = await json(shell, ['server', 'rotate', server.id, '--yes']);
    assert.notEqual(rotated.url, server.url);

    const speaking = shell.with({ PATCHBAY_MCP_URL: rotated.url });
    const { tools } = await json(speaking, ['tools', 'list']);
    await json(speaking, ['tools', 'show', tools[0].name]);
    await json(speaking, ['tools', 'call', 'list_all_connect_wise_psa_boards', 'limit:=1']);
    await json(shell, ['server', 'delete', server.id, '--yes']);

    const made = await json(shell, ['token', 'create', 'Reader', '--scope', 'read']);
    assert.match(made.token, /^pba_/);
    await json(shell, ['token', 'list']);
    await json(shell, ['token', 'update', made.id, '--name', 'Looker']);
    await json(shell, ['token', 'revoke', made.id, '--yes']);
  });

  test('of approvals, the log and webhooks', async (t) => {
    const { shell, psa, admin, url, token } = await world(t);
    const account = await shell.json(['account', 'add', 'connectwise_psa', '--credentials-file', psa]);
    const server = await admin.create(`/integrated-account/${account.id}/mcp`,
      { name: 'Asks', config: { require_approval: ['write'] } });
    const held = async (text) => {
      const { result } = (await post(server.url, legacyCall('create_a_connect_wise_psa_ticket_note',
        { ticketId: 5012, internalAnalysisFlag: true, text }))).body;
      return JSON.parse(result.content[0].text).approval.id;
    };
    const [first, second] = [await held('One.'), await held('Two.')];
    assert.equal((await json(shell, ['approvals', 'list'])).result.length, 2);
    await json(shell, ['approvals', 'show', first]);
    assert.equal((await json(shell, ['approvals', 'approve', first, '--yes'])).state, 'done');
    assert.equal((await json(shell, ['approvals', 'refuse', second])).state, 'refused');
    const event = await begun(t, ['logs', 'tail', '--lines', '1'], { ...shell.env, PATCHBAY_URL: url, PATCHBAY_API_TOKEN: token });
    assert.match(event.id, /^evt_/);

    const receiver = await Receiver.start(t);
    const hook = await json(shell, ['webhook', 'add', receiver.url, '--events', 'mcp_server.created']);
    assert.match(hook.secret, /^whsec_/);
    await json(shell, ['webhook', 'list']);
    await json(shell, ['webhook', 'show', hook.id]);
    await json(shell, ['webhook', 'update', hook.id, '--description', 'Told']);
    await json(shell, ['webhook', 'rotate', hook.id]);
    await json(shell, ['webhook', 'test', hook.id]);
    let sent;
    for (let i = 0; i < 200 && sent?.state !== 'delivered'; ++i) {
      [sent] = (await json(shell, ['webhook', 'deliveries', hook.id])).result;
      if (sent?.state !== 'delivered') await sleep(50);
    }
    await json(shell, ['webhook', 'replay', hook.id, sent.id]);
    await json(shell, ['webhook', 'remove', hook.id, '--yes']);
  });

  test('of definitions', async (t) => {
    const { shell, folder, write } = await world(t);
    const pack = (name, methods) => {
      const root = join(folder, name, 'acme');
      mkdirSync(join(root, 'resources'), { recursive: true });
      writeFileSync(join(root, 'integration.yaml'), about());
      writeFileSync(join(root, 'resources/tasks.yaml'), tasks(1, methods));
      return root;
    };
    const [older, newer] = [pack('older', ''), pack('newer', getMethod)];
    assert.equal((await json(shell, ['integration', 'validate', newer])).valid, true);
    await json(shell, ['integration', 'lint', newer], { code: 1 });
    assert.equal((await json(shell, ['integration', 'diff', older, newer])).added.length, 1);
    assert.equal((await json(shell, ['integration', 'diff', newer, older], { code: 1 })).is_breaking, true);
    const faulty = pack('faulty', '    nonsense: 7\n');
    assert.ok((await json(shell, ['integration', 'diff', older, faulty], { code: 1 })).problems.length > 0);
    assert.ok((await json(shell, ['integration', 'validate', faulty], { code: 1 })).problems.length > 0);

    await json(shell, ['integration', 'upload', older]);
    assert.equal((await json(shell, ['integration', 'upload', newer])).revision, 2);
    assert.equal((await json(shell, ['integration', 'revisions', 'acme'])).result.length, 2);
    await json(shell, ['integration', 'rollback', 'acme']);
    await json(shell, ['integration', 'reload', 'acme']);
    await json(shell, ['integration', 'list']);
    const document = write('api.json', JSON.stringify({ openapi: '3.0.3', info: { title: 'Other', version: '1' },
      servers: [{ url: 'https://other.example' }], paths: { '/notes': { get: { responses: { 200: { description: 'notes' } } } } } }));
    const imported = await json(shell, ['integration', 'import', document, '--name', 'other', '--dry-run',
      '--integrations', join(folder, 'integrations')]);
    assert.equal(imported.valid, true);
  });

  test('of keys and data, with each secret once', async (t) => {
    const { program, folder, url } = await world(t);
    await program.stop();
    const shell = new Shell(folder);
    const file = (name) => join(folder, name);
    const onData = ['--data-dir', file('data'), '--key-file', file('patchbay.key')];

    const { key } = await json(shell, ['key', 'new']);
    assert.match(key, /^\S{40,}$/);
    assert.deepEqual(await json(shell, ['key', 'new', 'kept.key']), { file: 'kept.key' });
    assert.equal(statSync(file('kept.key')).mode & 0o777, 0o600);

    const made = await json(shell, ['token', 'new', '--name', 'For a script', ...onData]);
    assert.match(made.token, /^pba_[\w-]{43}$/);
    assert.deepEqual([made.name, made.scope, made.environment_id], ['For a script', 'admin', null]);
    const kept = await said(shell, ['token', 'new', ...onData, 'token.txt']);
    assert.equal(kept.value.token, undefined);
    assert.match(kept.value.id, /^tok_/);
    const secret = readFileSync(file('token.txt'), 'utf8').trim();
    assert.match(secret, /^pba_[\w-]{43}$/);
    assert.ok(!`${kept.stdout}${kept.stderr}`.includes(secret));
    const refused = async (...args) => {
      note(args);
      const { code, stdout } = await shell.type([...args, ...onData, '--json']);
      assert.deepEqual([code, stdout], [1, ''], args.join(' '));
    };
    await refused('token', 'new', '--environment', ' ');
    // Nothing makes rows without a signature any more.
    await refused('store', 'sign');

    assert.equal((await json(shell, ['store', 'check', ...onData])).count, 0);
    assert.ok((await json(shell, ['store', 'backup', ...onData, file('backup')])).rows > 0);
    mkdirSync(file('restored'));
    await json(shell, ['store', 'restore', '--data-dir', file('restored'), '--key-file', file('patchbay.key'), file('backup')]);
    await json(shell, ['store', 'migrate', '--from', file('data'), '--to', file('migrated')]);
    assert.deepEqual((await json(shell, ['audit', 'verify', ...onData])).faults, []);
    await json(shell, ['doctor', ...onData, '--public-url', url, '--port', '0'], { code: 0 });
    await json(shell, ['version']);

    // The events are what is asked for: a line of each, as without a format.
    note(['audit', 'export']);
    const lines = await shell.ok(['audit', 'export', ...onData, '--json']);
    assert.equal(lines, await shell.ok(['audit', 'export', ...onData]));
    assert.ok(lines.trimEnd().split('\n').map((line) => JSON.parse(line)).every(({ id }) => id.startsWith('evt_')));
    await shell.refused(2, ['audit', 'export', ...onData, '--json', '--format', 'csv']);
  });

  test('of what runs until Ctrl-C, once it answers', async (t) => {
    assert.match((await begun(t, ['sandbox', '--port', '0'])).sandbox_url, /^http/);
    assert.match((await begun(t, ['demo', '--port', '0', '--sandbox-port', '0'])).mcp_url, /pbm_/);
  });

  test('and no command was left out of these', () => {
    assert.deepEqual(all.map(({ name }) => name).filter((name) => !kNoData.includes(name) && !ran.has(name)), []);
  });
});
