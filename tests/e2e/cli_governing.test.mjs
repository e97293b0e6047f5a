// The command line for whoever governs: approvals, pausing, rotating, and the audit log as it goes on.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Shell, completed } from './harness/command.mjs';
import { startDemo } from './harness/demo.mjs';
import { legacyCall, post } from './harness/http.mjs';
import { Program, binary } from './harness/process.mjs';

const kTickets = 'list_all_connect_wise_psa_tickets';
const kUpdate = 'update_a_connect_wise_psa_ticket_by_id';
const kNote = 'create_a_connect_wise_psa_ticket_note';
const kTicket = 5012;

let folder;
let demo;
let shell;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-cli-'));
  demo = await startDemo();
  shell = new Shell(folder);
  const token = join(folder, 'token');
  writeFileSync(token, demo.api_token, { mode: 0o600 });
  await shell.ok(['profile', 'add', 'demo', '--url', demo.admin_url, '--token-file', token]);
});
after(async () => {
  await demo?.program.stop();
  rmSync(folder, { recursive: true, force: true });
});

let named = 0;
const mint = (config = {}) => demo.admin.create(`/integrated-account/${demo.integrated_account_id}/mcp`,
  { name: `Governed ${++named}`, config });
const call = async (server, name, args) => {
  const { result } = (await post(server.url, legacyCall(name, args))).body;
  return JSON.parse(result.content[0].text);
};
async function held(server, name, args) {
  const answer = await call(server, name, args);
  assert.equal(answer.error?.code, 'approval_required', JSON.stringify(answer));
  return answer.approval.id;
}
const note = (text) => ({ ticketId: kTicket, internalAnalysisFlag: true, text });

describe('approvals', () => {
  test('are listed, and shown with the record before and after side by side', async () => {
    const server = await mint({ require_approval: ['write'] });
    const summary = `Seen: ${'a word '.repeat(10)}and its end`;
    const id = await held(server, kUpdate, { id: kTicket, summary });
    assert.match(await shell.ok(['approvals', 'list', '--server', server.name]), new RegExp(`^${id} +pending +.*${kUpdate} +${server.id} `, 'm'));
    const { result } = await shell.json(['approvals', 'list', '--server', server.id]);
    assert.deepEqual(result.map((one) => [one.id, one.state]), [[id, 'pending']]);
    const shown = await shell.ok(['approvals', 'show', id]);
    const { before: was } = await shell.json(['approvals', 'show', id]);
    assert.match(shown, /^FIELD +BEFORE +AFTER$/m);
    const row = shown.split('\n').find((line) => line.startsWith('summary '));
    assert.ok(row.includes(was.summary) && row.indexOf(summary.trim()) > row.indexOf(was.summary), row);
    assert.match(shown, /^PATCH \/service\/tickets\/5012$/m);
    // On a terminal lines are broken, and nothing is cut.
    const { output } = await shell.terminal(['approvals', 'show', id], [], 80);
    const lines = output.replaceAll(/\x1b\[\d*m/g, '').split(/\r?\n/);
    for (const line of lines.slice(lines.findIndex((each) => each.startsWith('FIELD')))) {
      if (line.startsWith('What ')) break;
      assert.ok([...line].length <= 80, line);
    }
    assert.ok(output.match(/word/g).length >= 10, output);
    assert.ok(!output.includes('…'));
    await shell.ok(['approvals', 'refuse', id]);
    assert.match((await shell.type(['approvals', 'list', '--server', server.id])).stderr, /Nothing waits/);
  });

  test('what others wrote does not steer the terminal of who decides', async () => {
    const server = await mint({ require_approval: ['write'] });
    const id = await held(server, kNote, note('\u001b]0;owned\u0007 \u009b2J \u202Egnp.exe'));
    for (const args of [['approvals', 'show', id], ['approvals', 'list'], ['approvals', 'show', id, '--json']]) {
      assert.doesNotMatch(await shell.ok(args), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    }
    assert.doesNotMatch(await shell.ok(['approvals', 'show', id]), /\u202E/);
  });

  test('one that is approved is sent once, and the exit code says so', async () => {
    const server = await mint({ require_approval: ['write'] });
    const text = `From the command line ${Date.now()}`;
    const id = await held(server, kNote, note(text));
    assert.match(await shell.refused(1, ['approvals', 'approve', id]), /sent, once and as it is shown[\s\S]*--yes/);
    assert.equal((await shell.json(['approvals', 'show', id])).state, 'pending');
    const done = await shell.json(['approvals', 'approve', id, '--yes', '--reason', 'as agreed']);
    assert.equal(done.state, 'done');
    assert.equal(done.reason, 'as agreed');
    assert.match(await shell.refused(1, ['approvals', 'approve', id, '--yes']), /done|decided/);
    assert.match(await shell.ok(['approvals', 'show', id]), /^Reason +as agreed$/m);
    assert.deepEqual((await shell.json(['approvals', 'list', '--server', server.id])).result, []);
    assert.deepEqual((await shell.json(['approvals', 'list', '--server', server.id, '--state', 'any'])).result.map((one) => one.id), [id]);
  });

  test('on a terminal it is shown first, and another word sends nothing', async () => {
    const server = await mint({ require_approval: ['write'] });
    const text = `Typed ${Date.now()}`;
    const id = await held(server, kNote, note(text));
    const no = await shell.terminal(['approvals', 'approve', id], ['yes']);
    assert.equal(no.code, 1);
    assert.ok(no.output.includes(text), 'shown before it is asked');
    assert.equal((await shell.json(['approvals', 'show', id])).state, 'pending');
    const yes = await shell.terminal(['approvals', 'approve', id], ['approve']);
    assert.equal(yes.code, 0, yes.output);
    assert.match(yes.output, /Approved, sent and done/);
  });

  test('one whose record has changed is not sent, and says what asks again', async () => {
    const server = await mint({ require_approval: ['write'] });
    const open = await mint();
    const id = await held(server, kUpdate, { id: kTicket, summary: 'As approved' });
    await call(open, kUpdate, { id: kTicket, summary: `Changed meanwhile ${Date.now()}` });
    const said = await shell.refused(1, ['approvals', 'approve', id, '--yes']);
    assert.match(said, /changed since[\s\S]*patchbay approvals show apr_/);
    const next = said.match(/show (apr_\w+)/)[1];
    assert.equal((await shell.json(['approvals', 'show', next])).state, 'pending');
    await shell.ok(['approvals', 'refuse', next, '--reason', 'not this one']);
    assert.equal((await shell.json(['approvals', 'show', next])).reason, 'not this one');
  });

  test('one that is not there is told as such', async () => {
    assert.match(await shell.refused(1, ['approvals', 'show', 'apr_none']), /no approval 'apr_none'/);
    assert.match(await shell.refused(1, ['approvals', 'refuse', 'apr_none']), /approval/);
    assert.match(await shell.refused(2, ['approvals', 'list', '--state', 'waiting']), /pending/);
  });
});

describe('servers', () => {
  test('are paused and resumed, and the URL stays', async () => {
    const server = await mint({ methods: ['read'] });
    const there = shell.with({ PATCHBAY_MCP_URL: server.url });
    assert.match(await shell.ok(['server', 'pause', server.name]), /^Paused the MCP server 'Governed/);
    assert.match(await there.refused(1, ['tools', 'list']), /paused/i);
    assert.match(await shell.ok(['server', 'show', server.id]), /paused=true/);
    assert.deepEqual((await shell.json(['server', 'resume', server.id])).config, { methods: ['read'] });
    assert.match(await there.ok(['tools', 'list']), /^NAME /);
  });

  test('a rotation with an overlap leaves the old URL for so long', async () => {
    const server = await mint();
    const old = shell.with({ PATCHBAY_MCP_URL: server.url });
    assert.match(await shell.refused(1, ['server', 'rotate', server.id, '--overlap', '2h']), /stops working in 2h[\s\S]*--yes/);
    assert.match(await shell.refused(1, ['server', 'rotate', server.id, '--overlap', 'soon', '--yes']), /30m, 12h or 7d/);
    assert.match(await shell.refused(1, ['server', 'rotate', server.id, '--overlap', '8d', '--yes']), /604,?800|7 days|seven days/);
    const rotated = await shell.json(['server', 'rotate', server.id, '--overlap', '2h', '--yes']);
    assert.notEqual(rotated.url, server.url);
    const left = Date.parse(rotated.previous_token_expires_at) - Date.now();
    assert.ok(left > 7_000_000 && left <= 7_200_000, String(left));
    assert.match(await old.ok(['tools', 'list']), /^NAME /);
    assert.match(await shell.ok(['server', 'show', server.id]), /^Old URL until +20\d\d-/m);
    await shell.json(['server', 'rotate', server.id, '--yes']);
    assert.match(await old.refused(1, ['tools', 'list']), /Unknown, revoked or expired/);
  });
});

describe('logs tail', () => {
  const tail = (...args) => new Program(['logs', 'tail', ...args], { env: shell.env, cwd: folder });
  const events = (program) => program.stdout.split('\n').slice(0, -1).map((line) => JSON.parse(line));
  // It follows once its first events are there: what was called before it is among them.
  const following = async (server, ...args) => {
    await call(server, kTickets, { limit: 1 });
    const program = tail('--json', '--server', server.id, ...args);
    await program.until('what was before', () => events(program).length > 0);
    return program;
  };

  test('goes on with what comes, filtered, and ends with Ctrl-C', async () => {
    const server = await mint();
    const other = await mint();
    const program = await following(server);
    await call(other, kTickets, { limit: 1 });
    await call(server, kTickets, { limit: 1 });
    const made = await call(server, kNote, note(`Followed ${Date.now()}`));
    await program.until('the write\'s end', () => events(program).some((one) => one.tool === kNote && one.outcome === 'done'));
    const seen = events(program);
    assert.ok(seen.every((one) => one.mcp_server_id === server.id));
    assert.equal(seen.filter((one) => one.tool === kTickets).length, 2, 'one before, one since');
    assert.equal(seen.find((one) => one.tool === kNote && one.outcome === 'done').record_id, String(made.result?.id ?? made.id));
    const outcomes = seen.map((one) => `${one.id} ${one.outcome}`);
    assert.equal(new Set(outcomes).size, outcomes.length, 'each once');
    const { code, signal, ms } = await program.stop('SIGINT');
    assert.deepEqual({ code, signal }, { code: 0, signal: null });
    assert.ok(ms < 2_000, `${ms} ms`);
    assert.equal(program.stderr, '');
    assert.ok(program.stdout.endsWith('}\n'), 'whole lines');
  });

  test('by tool and outcome, for people', async () => {
    const server = await mint();
    const program = tail('--server', server.name, '--tool', kTickets, '--outcome', 'failed', '--lines', '0');
    await call(server, kNote, note(`Not shown ${Date.now()}`));
    await call(server, kTickets, { limit: 1 });
    // Until it is there it may not have begun to follow.
    const again = setInterval(() => call(server, kTickets, { limit: 'many' }).catch(() => {}), 500);
    try {
      await program.until('a failed call', () => program.stdout.includes('\n'));
    } finally {
      clearInterval(again);
    }
    for (const line of program.stdout.trimEnd().split('\n')) {
      assert.match(line, new RegExp(`^20\\d\\d-\\S+Z  failed   read +${kTickets}  ${server.id}  .*invalid_arguments?`));
    }
    assert.equal((await program.stop()).code, 0);
  });

  test('ends when nobody reads it any more, also where nothing comes', async () => {
    const server = await mint();
    await call(server, kTickets, { limit: 1 });
    await shell.ok(['server', 'show', server.id]);
    const line = `'${binary}' logs tail --json --kind read --server ${server.id} | head -n 1`;
    const child = spawn('bash', ['-o', 'pipefail', '-c', line], { env: { ...process.env, ...shell.env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const hard = setTimeout(() => child.kill('SIGKILL'), 20_000);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => { said += text; });
    const code = await new Promise((done) => { child.on('close', done); });
    clearTimeout(hard);
    assert.equal(code, 0, said);
    assert.match(said, /^\{[^\n]*\}\n$/);
  });

  test('waits for an instance that is away, and stops where it may not look', async (t) => {
    const there = { answers: false };
    const server = createServer((request, response) => {
      if (!there.answers) return request.socket.destroy();
      response.writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ result: [{ id: 'evt_1', at: '2026-01-01T00:00:00.000Z', outcome: 'done', kind: 'read', tool: '\u001b]0;x\u0007' }], next_cursor: null }));
    });
    await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
    t.after(() => server.close());
    const env = { ...shell.env, PATCHBAY_URL: `http://127.0.0.1:${server.address().port}`, PATCHBAY_API_TOKEN: 'pba_x' };
    const first = new Program(['logs', 'tail'], { env, cwd: folder });
    assert.equal((await first.exited).code, 1, 'one that never answered is no instance');
    there.answers = true;
    const program = new Program(['logs', 'tail'], { env, cwd: folder });
    await program.until('its event', () => program.stdout.includes('\n'));
    assert.doesNotMatch(program.stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    there.answers = false;
    await program.until('that it waits', () => /asked again until it answers/.test(program.stderr));
    there.answers = true;
    await program.until('that it goes on', () => /answers again/.test(program.stderr));
    assert.equal((await program.stop('SIGINT')).code, 0);
    assert.equal(program.stdout.match(/\n/g).length, 1, 'nothing twice');

    const { token } = await demo.admin.create('/api-token', { name: 'No look', scope: 'mcp' });
    const blind = shell.with({ PATCHBAY_URL: demo.admin_url, PATCHBAY_API_TOKEN: token });
    assert.match(await blind.refused(1, ['logs', 'tail']), /scope/);
  });
});

test('shells complete what is new', () => {
  assert.deepEqual(completed(['patchbay', 'approvals', 'ap']), ['approve']);
  assert.deepEqual(completed(['patchbay', 'approvals', 'list', '--state', 's']), ['sending', 'stale']);
  assert.deepEqual(completed(['patchbay', 'logs', 'tail', '--outcome', 'f']), ['failed']);
  assert.deepEqual(completed(['patchbay', 'server', 'pa']), ['pause']);
  assert.ok(completed(['patchbay', 'server', 'rotate', '--o']).includes('--overlap'));
  assert.ok(completed(['patchbay', 'audit', 'verify', '--h']).includes('--head'));
});
