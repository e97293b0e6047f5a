// The command line over the admin API and over MCP: the real binary against a real server.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Shell, completed } from './harness/command.mjs';
import { startDemo, startSandbox, startServe, temporaryFolder } from './harness/demo.mjs';
import { Program, binary } from './harness/process.mjs';

let folder;
let demo;
let shell;  // by a profile
const file = (name) => join(folder, name);
const modeOf = (path) => (statSync(path).mode & 0o777).toString(8);
const secret = (name, text) => { writeFileSync(file(name), text, { mode: 0o600 }); return file(name); };

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-cli-'));
  demo = await startDemo();
  shell = new Shell(folder);
  await shell.ok(['profile', 'add', 'demo', '--url', demo.admin_url, '--token-file', secret('token', demo.api_token)]);
});
after(async () => {
  await demo?.program.stop();
  rmSync(folder, { recursive: true, force: true });
});

const account = () => demo.integrated_account_id;
const mint = async (name, ...more) => shell.json(['server', 'create', account(), name, ...more]);

describe('profiles', () => {
  test('are kept for their owner, with a token from a file, from standard input or from the environment', async (t) => {
    const own = new Shell(temporaryFolder(t));
    await own.ok(['profile', 'add', 'a', '--url', demo.admin_url], `${demo.api_token}\n`);
    await own.with({ PATCHBAY_API_TOKEN: demo.api_token }).ok(['profile', 'add', 'b', '--url', demo.admin_url]);
    assert.equal(modeOf(join(own.folder, 'patchbay', 'profiles.json')), '600');
    const { result } = await own.json(['profile', 'list']);
    assert.deepEqual(result, [{ name: 'a', url: demo.admin_url, in_use: true }, { name: 'b', url: demo.admin_url, in_use: false }]);
    assert.ok(!(await own.ok(['profile', 'list'])).includes(demo.api_token));
    await own.ok(['profile', 'use', 'b']);
    assert.match(await own.ok(['profile', 'list']), /^\* +b /m);
    await own.ok(['profile', 'remove', 'b']);
    assert.match(await own.refused(1, ['environment', 'list']), /Which instance\?[\s\S]*profile use/);
    assert.match(await own.refused(1, ['profile', 'use', 'b']), /no profile 'b'/);
  });

  test('one that does not work is told of, and kept', async (t) => {
    const own = new Shell(temporaryFolder(t));
    const said = await own.refused(1, ['profile', 'add', 'a', '--url', demo.admin_url], 'pba_wrong\n');
    assert.match(said, /unknown, revoked or expired/);
    assert.ok(!said.includes('pba_wrong'));
    assert.match(await own.refused(1, ['account', 'list']), /the profile 'a'[\s\S]*profile add/);
  });

  test('no token goes over plain http to another machine, or is taken for one where it is none', async (t) => {
    const own = new Shell(temporaryFolder(t));
    assert.match(await own.refused(1, ['profile', 'add', 'a', '--url', 'http://mcp.example.com'], 'pba_x\n'), /everybody on the way/);
    assert.match(await own.refused(1, ['profile', 'add', 'a', '--url', demo.mcp_url], 'pba_x\n'), /URL of an MCP server/);
    assert.match(await own.refused(1, ['profile', 'add', 'a', '--url', demo.admin_url], 'pbm_x\n'), /no API token/);
    assert.ok(!existsSync(join(own.folder, 'patchbay')));
  });

  test('PATCHBAY_URL has a token of its own, and no profile is mixed with it', async () => {
    const elsewhere = shell.with({ PATCHBAY_URL: 'http://127.0.0.1:1' });
    assert.match(await elsewhere.refused(1, ['account', 'list']), /PATCHBAY_API_TOKEN is not/);
    const both = new Shell(join(folder, 'none'), { PATCHBAY_URL: demo.admin_url, PATCHBAY_API_TOKEN: demo.api_token });
    both.folder = folder;
    assert.equal((await both.json(['account', 'list'])).result.length, 1);
    assert.match(await elsewhere.with({ PATCHBAY_API_TOKEN: 'pba_x' }).refused(1, ['account', 'list']), /Cannot connect to 127.0.0.1:1/);
  });
});

describe('environments', () => {
  test('come and go, by id or name', async () => {
    const made = await shell.json(['environment', 'create', 'Branch office']);
    assert.match(await shell.ok(['environment', 'list']), /^ID +NAME +CREATED\n/);
    await shell.ok(['environment', 'rename', 'Branch office', 'Branch']);
    assert.equal((await shell.json(['environment', 'show', 'branch'])).id, made.id);
    assert.match(await shell.refused(1, ['environment', 'delete', 'Branch']), /goes with 0 integrated accounts[\s\S]*--yes/);
    assert.deepEqual(await shell.json(['environment', 'delete', made.id, '--yes']), { id: made.id });
    assert.match(await shell.refused(1, ['environment', 'show', 'Branch']), /no environment 'Branch'/);
  });
});

describe('accounts', () => {
  test('are added from a file of credentials, shown, probed and removed', async () => {
    const credentials = secret('credentials.json', JSON.stringify(demo.credentials));
    const made = await shell.json(['account', 'add', 'connectwise_psa', '--name', 'Second', '--tenant', 'customer-7',
      '--time-zone', 'Europe/London', '--credentials-file', credentials]);
    assert.equal(made.status, 'active');
    assert.equal(made.tenant_id, 'customer-7');
    const shown = await shell.ok(['account', 'show', 'second']);
    assert.match(shown, /^Status +active$/m);
    assert.match(shown, /^Time zone +Europe\/London$/m);
    assert.match(shown, /^Credentials +.*private_key.* \(set\)$/m);
    assert.ok(!shown.includes(demo.credentials.private_key));
    assert.match(await shell.ok(['account', 'probe', 'Second']), /the connection works/);
    assert.deepEqual((await shell.json(['account', 'list', '--tenant', 'customer-7'])).result.map(({ id }) => id), [made.id]);
    await shell.ok(['account', 'update', 'Second', '--name', 'Renamed']);
    assert.match(await shell.refused(1, ['account', 'update', 'Renamed']), /Nothing to change/);
    await shell.json(['account', 'update', 'Renamed', '--credentials-file', '-'], JSON.stringify(demo.credentials));
    assert.deepEqual(await shell.json(['account', 'remove', 'Renamed', '--yes']), { id: made.id });
  });

  test('bad credentials are refused with the reason, and never quoted', async () => {
    const wrong = { ...demo.credentials, private_key: 'wrong-and-secret' };
    const said = await shell.refused(1, ['account', 'add', 'connectwise_psa', '--credentials-file', secret('wrong.json', JSON.stringify(wrong))]);
    assert.ok(!said.includes('wrong-and-secret'), said);
    const none = await shell.refused(1, ['account', 'add', 'connectwise_psa', '--credentials-file', secret('none.json', '["hunter2"]')]);
    assert.match(none, /no JSON object of texts/);
    assert.ok(!none.includes('hunter2'));
    assert.match(await shell.refused(1, ['account', 'add', 'connectwise_psa']), /Nobody is here to ask[\s\S]*private_key/);
    assert.match(await shell.refused(1, ['account', 'add', 'connectwise', '--name', 'x']), /no integration 'connectwise'[\s\S]*connectwise_psa/);
  });

  test('a name that two have is refused with their ids', async () => {
    const ids = [];
    for (let n = 0; n < 2; ++n) {
      ids.push((await shell.json(['account', 'add', 'connectwise_psa', '--name', 'Twin', '--credentials-file', secret('twin.json', JSON.stringify(demo.credentials))])).id);
    }
    const said = await shell.refused(1, ['account', 'remove', 'Twin', '--yes']);
    for (const id of ids) assert.ok(said.includes(id), said);
    for (const id of ids) await shell.ok(['account', 'remove', id, '--yes']);
  });
});

describe('servers', () => {
  test('the URL is shown once, and opens what was asked for', async () => {
    const { code, stdout, stderr } = await shell.type(['server', 'create', account(), 'Support', '--methods', 'read', '--tags', 'support,time', '--expires', '7d']);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^http:\/\/127\.0\.0\.1:\d+\/mcp\/pbm_\S+\n$/);
    assert.ok(!stderr.includes('pbm_'), 'said once');
    assert.match(stderr, /patchbay tools list/);
    const shown = await shell.json(['server', 'show', 'Support']);
    assert.deepEqual(shown.config, { methods: ['read'], tags: ['support', 'time'] });
    assert.ok(Date.parse(shown.expires_at) > Date.now());
    const { tools } = await shell.with({ PATCHBAY_MCP_URL: stdout.trim() }).json(['tools', 'list']);
    assert.equal(tools.length, shown.tool_count);
    await shell.ok(['server', 'delete', 'Support', '--yes']);
    assert.match(await shell.with({ PATCHBAY_MCP_URL: stdout.trim() }).refused(1, ['tools', 'list']), /Unknown, revoked or expired/);
  });

  test('the URL goes to a new file of the owner, and not to the terminal', async () => {
    const path = file('support.url');
    const { stdout, stderr } = await shell.type(['server', 'create', account(), 'To file', '--url-file', path]);
    assert.equal(modeOf(path), '600');
    const url = readFileSync(path, 'utf8');
    assert.match(url, /^http\S+pbm_\S+\n$/);
    assert.ok(!(stdout + stderr).includes('pbm_'));
    assert.match(await shell.ok(['tools', 'list', '--url-file', path, '--matching', 'board']), /list_all_connect_wise_psa_boards +read /);
    // Nothing is minted for a file that cannot be had.
    assert.match(await shell.refused(1, ['server', 'create', account(), 'Lost', '--url-file', path]), /Cannot create/);
    assert.match(await shell.refused(1, ['server', 'show', 'Lost']), /no MCP server 'Lost'/);
    const rotated = file('rotated.url');
    const json = await shell.json(['server', 'rotate', 'To file', '--yes', '--url-file', rotated]);
    assert.equal(json.url, undefined);
    assert.notEqual(readFileSync(rotated, 'utf8'), url);
    assert.match(await shell.refused(1, ['tools', 'list', '--url-file', path]), /Unknown, revoked or expired/);
  });

  test('are changed member by member', async () => {
    const { id } = await mint('Changing', '--methods', 'read,write');
    await shell.ok(['server', 'update', id, '--name', 'Changed', '--confirm-writes', 'true', '--set', 'max_result_bytes:=5000', '--expires', '1d']);
    const changed = await shell.json(['server', 'update', 'Changed', '--unset', 'methods', '--expires', 'never']);
    assert.deepEqual(changed.config, { confirm_writes: true, max_result_bytes: 5000 });
    assert.equal(changed.expires_at, null);
    assert.match(await shell.refused(1, ['server', 'update', 'Changed', '--set', 'metods:=["read"]']), /methods/);
    assert.match(await shell.refused(1, ['server', 'update', 'Changed', '--tags', 'suport']), /support/);
    assert.match(await shell.refused(1, ['server', 'update', 'Changed', '--expires', 'soon']), /30m, 12h, 7d/);
    const listed = (await shell.json(['server', 'list', '--account', account()])).result;
    assert.ok(listed.some((server) => server.id === id && server.name === 'Changed'));
    await shell.ok(['server', 'delete', id, '--yes', '--account', account()]);
  });
});

describe('API tokens', () => {
  test('are made with a scope and limits by name, listed, changed and revoked', async () => {
    const server = await mint('Limited');
    const path = file('claude.token');
    const made = await shell.json(['token', 'create', 'Claude', '--scope', 'mcp', '--servers', 'Limited', '--expires', '12h', '--file', path]);
    assert.deepEqual(made.limits, { mcp_server_ids: [server.id] });
    assert.equal(made.token, undefined);
    assert.equal(modeOf(path), '600');
    assert.match(readFileSync(path, 'utf8'), /^pba_\S+\n$/);
    assert.match(await shell.ok(['token', 'list']), new RegExp(`^${made.id} +Claude +mcp +mcp_server_ids=${server.id} `, 'm'));
    await shell.ok(['token', 'update', 'Claude', '--name', 'Renamed']);
    await shell.ok(['token', 'revoke', 'Renamed', '--yes']);
    assert.match(await shell.refused(1, ['token', 'revoke', 'Renamed', '--yes']), /no API token 'Renamed'/);
  });

  test('one of a smaller scope is told what it may not', async () => {
    const token = (await shell.ok(['token', 'create', 'Reader', '--scope', 'read'])).trim();
    assert.match(token, /^pba_\S+$/);
    const reader = shell.with({ PATCHBAY_URL: demo.admin_url, PATCHBAY_API_TOKEN: token });
    assert.equal((await reader.json(['account', 'list'])).result.length, 1);
    assert.match(await reader.refused(1, ['server', 'create', account(), 'No']), /scope/);
  });
});

describe('tools', () => {
  const speaking = () => shell.with({ PATCHBAY_MCP_URL: demo.mcp_url });

  test('are shown with their arguments, and called', async () => {
    const shown = await speaking().ok(['tools', 'show', 'list_all_connect_wise_psa_tickets']);
    assert.match(shown, /^board +\S+/m);
    assert.match(shown, /^Effect read/m);
    const text = await speaking().ok(['tools', 'call', 'list_all_connect_wise_psa_tickets', 'board=Triage', 'limit=2', 'closed=false']);
    assert.equal(JSON.parse(text).result_count, 2);
    const raw = await speaking().json(['tools', 'call', 'list_all_connect_wise_psa_boards', 'limit:=1']);
    assert.equal(raw.content[0].type, 'text');
    secret('arguments.json', '{"limit": 3}');
    assert.equal(JSON.parse(await speaking().ok(['tools', 'call', 'list_all_connect_wise_psa_boards', '@arguments.json'])).result_count, 3);
    assert.equal(JSON.parse(await speaking().ok(['tools', 'call', 'list_all_connect_wise_psa_boards', '@-'], '{"limit": 1}')).result_count, 1);
  });

  test('errors are said with their hint, and the exit code is 1', async () => {
    assert.match(await speaking().refused(1, ['tools', 'call', 'list_all_connect_wise_psa_tickets', 'bord=Triage']), /^patchbay: .*bord[\s\S]*board/);
    assert.match(await speaking().refused(1, ['tools', 'show', 'list_all_connect_wise_psa_ticket']), /Did you mean list_all_connect_wise_psa_tickets/);
    const { code, stdout } = await speaking().type(['tools', 'call', 'get_single_connect_wise_psa_ticket_by_id', 'id=99999999', '--json']);
    assert.equal(code, 1);
    assert.equal(JSON.parse(stdout).isError, true);
    assert.match(await speaking().refused(1, ['tools', 'call', 'list_all_connect_wise_psa_boards', '--dry-run']), /has no dry run/);
    assert.match(await shell.refused(1, ['tools', 'list']), /Which MCP URL/);
  });

  test('the URL comes from standard input or as an argument, which nobody sees', async () => {
    assert.match(await shell.ok(['tools', 'list', '-'], `${demo.mcp_url}\n`), /^NAME /);
    assert.match(await shell.ok(['tools', 'list', '--url-file', '-'], demo.mcp_url), /^NAME /);
    // It waits for its input, and is looked at meanwhile.
    const program = new Program(['tools', 'call', 'x', 'subject=hunter2', '@-', '--url-file', 'none'], { env: shell.env, cwd: folder });
    const seen = [];
    for (let n = 0; n < 50 && !seen.some((line) => line.includes('*')); ++n) {
      try { seen.push(readFileSync(`/proc/${program.pid}/cmdline`, 'utf8')); } catch { break; }
      await new Promise((done) => { setTimeout(done, 20); });
    }
    assert.ok(seen.at(-1).includes('*') && !seen.at(-1).includes('hunter2'), seen.at(-1));
    program.stdin.end('{}');
    assert.equal((await program.exited).code, 1);
  });

  test('a second factor is sent where it is asked for, and nowhere else', async () => {
    const { url } = await mint('Two factors', '--require-api-token', 'true');
    const two = shell.with({ PATCHBAY_MCP_URL: url, PATCHBAY_API_TOKEN: demo.api_token });
    assert.match(await two.refused(1, ['tools', 'list']), /--send-api-token/);
    assert.match(await two.ok(['tools', 'list', '--send-api-token']), /^NAME /);
  });

  test('a server of an older revision is spoken to in its words, and cannot steer the terminal', async (t) => {
    const heard = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (piece) => { body += piece; }).on('end', () => {
        const message = JSON.parse(body);
        heard.push(message.method);
        const answer = (status, result) => response.writeHead(status, { 'content-type': 'application/json' })
          .end(result && JSON.stringify({ jsonrpc: '2.0', id: message.id, ...result }));
        if (message.method === 'server/discover') return answer(400, { error: { code: -32601, message: 'Method not found' } });
        if (message.method === 'initialize') return answer(200, { result: { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'old', version: '1' } } });
        if (message.method === 'tools/list') {
          return answer(200, message.params.cursor ? { result: { tools: [{ name: 'b', inputSchema: { type: 'object' } }] } }
            : { result: { tools: [{ name: 'a\u001b]0;owned\u0007', description: 'x\u009b2J', inputSchema: { type: 'object' } }], nextCursor: '1' } });
        }
        return answer(202);
      });
    });
    await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
    t.after(() => server.close());
    const old = shell.with({ PATCHBAY_MCP_URL: `http://127.0.0.1:${server.address().port}/mcp` });
    const text = await old.ok(['tools', 'list']);
    assert.deepEqual(heard, ['server/discover', 'initialize', 'notifications/initialized', 'tools/list', 'tools/list']);
    assert.match(text, /^b /m);
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    assert.doesNotMatch(await old.ok(['tools', 'list', '--json']), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

describe('on a terminal', () => {
  test('tables fit, heads are bold, and NO_COLOR is heeded', async () => {
    await mint('A name that is so long that no terminal of eighty columns has room for all of it');
    const { output } = await shell.terminal(['server', 'list'], [], 80);
    assert.match(output, /\x1b\[1mID/);
    const lines = output.replaceAll(/\x1b\[\d*m/g, '').split(/\r?\n/);
    for (const line of lines) assert.ok([...line].length <= 80, line);
    assert.ok(output.includes('…'));
    const plain = await shell.with({ NO_COLOR: '1' }).terminal(['server', 'list']);
    assert.doesNotMatch(plain.output, /\x1b/);
    assert.ok(!(await shell.ok(['server', 'list'])).includes('…'), 'a program reads all of it');
  });

  test('credentials are asked for by the integration, secrets without an echo', async () => {
    const { credentials } = (await demo.admin.get('/integration/connectwise_psa'));
    const answers = credentials.map(({ name }) => demo.credentials[name] ?? '');
    const { code, output } = await shell.terminal(['account', 'add', 'connectwise_psa', '--name', 'Asked'], answers, 200);
    assert.equal(code, 0, output);
    assert.ok(output.includes(demo.credentials.company_id), 'what is no secret is seen');
    assert.ok(!output.includes(demo.credentials.private_key), 'what is one is not');
    await shell.ok(['account', 'remove', 'Asked', '--yes']);
  });

  test('an API token is asked for without an echo', async (t) => {
    const own = new Shell(temporaryFolder(t));
    const { code, output } = await own.terminal(['profile', 'add', 'asked', '--url', demo.admin_url], [demo.api_token]);
    assert.equal(code, 0, output);
    assert.ok(!output.includes(demo.api_token));
    assert.equal((await own.json(['account', 'list'])).result.length, 1);
  });

  test('what cannot be undone wants the name, and another name changes nothing', async () => {
    await mint('Doomed');
    const no = await shell.terminal(['server', 'delete', 'Doomed'], ['yes']);
    assert.equal(no.code, 1);
    assert.match(no.output, /stops working at once[\s\S]*Nothing was changed/);
    assert.equal((await shell.json(['server', 'show', 'Doomed'])).name, 'Doomed');
    const yes = await shell.terminal(['server', 'delete', 'Doomed'], ['Doomed']);
    assert.equal(yes.code, 0, yes.output);
    assert.match(await shell.refused(1, ['server', 'show', 'Doomed']), /no MCP server/);
  });
});

test('a name that was made to steer a terminal is shown harmless, in tables, records, questions and JSON', async () => {
  const name = 'evil\u202Etxt.\u009b2Jexe';
  const made = await demo.admin.request('POST', `/integrated-account/${account()}/mcp`, { name });
  if (made.status !== 201) return assert.equal(made.status, 400);  // refused at the door is as good
  const steers = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;
  for (const args of [['server', 'list'], ['server', 'show', made.body.id], ['server', 'list', '--json']]) {
    assert.doesNotMatch(await shell.ok(args), steers);
  }
  assert.doesNotMatch(await shell.refused(1, ['server', 'delete', made.body.id]), steers);
  await shell.ok(['server', 'delete', made.body.id, '--yes']);
});

test('a list goes on to its end', async () => {
  const wanted = 120;
  for (let n = 0; n < wanted; ++n) {
    await demo.admin.create(`/integrated-account/${account()}/mcp`, { name: `Many ${n}`, config: { methods: ['read'] } });
  }
  const { result } = await shell.json(['server', 'list']);
  assert.equal(result.filter(({ name }) => name.startsWith('Many ')).length, wanted);
  // The API gives a thousand at a time: one that gives one a page is followed as well.
  const pages = createServer((request, response) => {
    const at = Number(new URL(request.url, 'http://x').searchParams.get('next_cursor') ?? 0);
    response.writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ result: [{ id: `env_${at}`, name: `E${at}` }], next_cursor: at < 4 ? String(at + 1) : null }));
  });
  await new Promise((done) => { pages.listen(0, '127.0.0.1', done); });
  const other = shell.with({ PATCHBAY_URL: `http://127.0.0.1:${pages.address().port}/base`, PATCHBAY_API_TOKEN: 'pba_x' });
  assert.equal((await other.json(['environment', 'list'])).result.length, 5);
  pages.close();
});

test('what is no Patchbay is told of as such', async (t) => {
  const other = createServer((request, response) => response.writeHead(request.url.startsWith('/environment') ? 302 : 502, { location: 'https://login.example.com' }).end('<h1>no</h1>'));
  await new Promise((done) => { other.listen(0, '127.0.0.1', done); });
  t.after(() => other.close());
  const there = shell.with({ PATCHBAY_URL: `http://127.0.0.1:${other.address().port}`, PATCHBAY_API_TOKEN: 'pba_x' });
  assert.match(await there.refused(1, ['environment', 'list']), /HTTP status 302, and not as Patchbay's admin API/);
  assert.match(await there.refused(1, ['account', 'list']), /HTTP status 502/);
});

describe('completion', () => {
  test('bash completes commands, options, values, profiles and files', () => {
    assert.ok(completed(['patchbay', 'acc']).includes('account'));
    assert.deepEqual(completed(['patchbay', 'account', 'pro']), ['probe']);
    assert.ok(completed(['patchbay', 'server', 'create', '--ex']).includes('--expires'));
    assert.deepEqual(completed(['patchbay', 'token', 'create', 'x', '--scope', 'm']), ['mint', 'mcp']);
    assert.deepEqual(completed(['patchbay', 'token', 'create', 'x', '--scope', '=', 'r']), ['read']);
    assert.deepEqual(completed(['patchbay', 'completion', '']), ['bash', 'zsh']);
    // What is not completed offers nothing, and does not fail.
    assert.deepEqual(completed(['patchbay', 'server', 'show', 'xyz']), []);
  });

  test('every command of the help is completed', () => {
    const words = (...place) => spawnSync(binary, [...place, '--help'], { encoding: 'utf8' }).stdout
      .split(/^(?=\S.*:$)/m).filter((part) => !/^(Positionals|Options|First steps|Example)/.test(part))
      .flatMap((part) => [...part.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name]) => name));
    const top = words();
    assert.ok(top.length > 12, top.join());
    for (const name of top) {
      assert.ok(completed(['patchbay', name]).includes(name), name);
      for (const inner of words(name)) assert.ok(completed(['patchbay', name, inner]).includes(inner), `${name} ${inner}`);
    }
  });

  test('zsh loads its script and offers the same', () => {
    const script = `autoload -Uz compinit; compinit -D -u 2>/dev/null; eval "$('${binary}' completion zsh)"
      _describe() { print -l -- \${(P)argv[-1]}; }; compadd() { shift; print -l -- "$@"; }
      words=(patchbay account pro); CURRENT=3; PREFIX=pro; _patchbay
      words=(patchbay token create x --scope ''); CURRENT=6; PREFIX=''; _patchbay`;
    const { status, stdout, stderr } = spawnSync('zsh', ['-fc', script], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^probe:Prove the connection/m);
    assert.match(stdout, /^mint$/m);
  });
});

describe('doctor', () => {
  const examine = async (args, env = {}) => {
    const { code, stdout, stderr } = await new Shell(folder, env).type(['doctor', '--json', ...args]);
    assert.equal(stderr, '');
    const found = JSON.parse(stdout);
    return { code, ...found, of: (check) => found.checks.filter((each) => each.check === check) };
  };

  test('beside a running server all is well, and nothing is changed', async (t) => {
    const data = temporaryFolder(t);
    const sandbox = await startSandbox(t);
    const desk = await startServe(t, data);
    await desk.admin.create('/integrated-account', { integration: 'connectwise_psa', name: 'A', credentials: sandbox.credentials });
    const args = ['--data-dir', join(data, 'data'), '--key-file', join(data, 'patchbay.key'), '--allow-loopback-upstreams',
      '--port', new URL(desk.url).port];
    const before = readdirSync(join(data, 'data')).sort();
    const found = await examine(args);
    assert.equal(found.code, 0, JSON.stringify(found.checks));
    assert.equal(found.faults, 0);
    assert.match(found.of('port')[0].what, /A Patchbay serves/);
    assert.match(found.of('upstream')[0].what, /answers/);
    assert.equal(found.of('clock')[0].verdict, 'ok');
    assert.match(found.of('store').at(-1).what, /Every row is as it was written/);
    assert.deepEqual(readdirSync(join(data, 'data')).sort(), before);
    assert.equal((await desk.admin.get('/integrated-account')).result.length, 1);

    await sandbox.program.stop();
    const gone = await examine(args);
    assert.equal(gone.code, 1);
    assert.match(gone.of('upstream')[0].what, /Cannot connect/);
    assert.ok(gone.of('upstream')[0].mend);

    await desk.program.stop();
    const wrong = file('other.key');
    spawnSync(binary, ['key', 'new', wrong]);
    const other = await examine([...args.map((each) => (each.endsWith('patchbay.key') ? wrong : each))]);
    assert.equal(other.code, 1);
    assert.equal(other.of('key')[0].verdict, 'fault');
    assert.match(other.of('port')[0].what, /is free/);
  });

  test('says what keeps a server from starting, and how to mend each', async (t) => {
    const data = temporaryFolder(t);
    const taken = createServer((request, response) => response.end('no'));
    await new Promise((done) => { taken.listen(0, '127.0.0.1', done); });
    t.after(() => taken.close());
    const found = await examine(['--data-dir', join(data, 'none'), '--port', String(taken.address().port), '--tls-cert', 'none.pem']);
    assert.equal(found.code, 1);
    for (const check of ['configuration', 'key', 'port']) {
      assert.equal(found.of(check)[0].verdict, 'fault', check);
      assert.ok(found.of(check)[0].mend, check);
    }
    assert.equal(found.of('data folder')[0].verdict, 'warning');
    assert.ok(!existsSync(join(data, 'none')), 'it makes nothing');
    const unread = await examine(['--config', join(data, 'none.yaml')]);
    assert.equal(unread.code, 1);
    assert.equal(unread.of('configuration')[0].verdict, 'fault');
  });

  test('a certificate that ends soon is a warning', async (t) => {
    const data = temporaryFolder(t);
    const make = (days) => {
      const [cert, key] = [join(data, `${days}.pem`), join(data, `${days}.key`)];
      const { status, stderr } = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
        '-subj', '/CN=x', '-days', String(days), '-keyout', key, '-out', cert], { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
      return ['--tls-cert', cert, '--tls-key', key, '--port', '0', '--data-dir', join(data, 'none')];
    };
    assert.equal((await examine(make(90))).of('certificate')[0].verdict, 'ok');
    const soon = (await examine(make(5))).of('certificate')[0];
    assert.equal(soon.verdict, 'warning');
    assert.match(soon.what, /ends in [45] day/);
  });
});
