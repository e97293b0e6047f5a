// Who asked to hear of it is told: signed, once more where it has to be, never of what did not happen, and
// never where accounts may not reach either.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { Admin } from './harness/admin.mjs';
import { Shell } from './harness/command.mjs';
import { startSandbox, startServe, temporaryFolder } from './harness/demo.mjs';
import { legacyCall, post } from './harness/http.mjs';
import { freePort } from './harness/port.mjs';
import { Program, run } from './harness/process.mjs';
import { Receiver, delivery, tell } from './harness/receiver.mjs';

const kAll = ['mcp_server.created', 'mcp_server.expiring', 'mcp_server.expired',
  'integrated_account.needs_reauth', 'mcp_server.needs_reauth', 'approval.wanted', 'quota.reached'];
const kShort = { args: ['--least-lifetime', '1'] };
const ahead = (ms) => new Date(Date.now() + ms).toISOString();

let desk;
const ends = [];
const kept = { after: (end) => ends.push(end) };
after(async () => { for (const end of ends.reverse()) await end(); });
before(async () => {
  const sandbox = await startSandbox(kept);
  desk = { ...sandbox, ...await startServe(kept, temporaryFolder(kept), kShort) };
});

let named = 0;
async function tenant({ admin, credentials } = desk) {
  const name = `Hooks ${++named}`;
  const environment = await admin.create('/environment', { name });
  const account = await admin.create('/integrated-account', { integration: 'connectwise_psa', name,
    environment_id: environment.id, credentials });
  return { environment, account, servers: `/integrated-account/${account.id}/mcp`,
    inside: { environment_id: environment.id } };
}
const call = (url, name, args = {}) => post(url, legacyCall(name, args));
const read = (url) => call(url, 'list_all_connect_wise_psa_priorities', { limit: 1 });

describe('what happens is told', () => {
  test('of a server made, soon over and over; of an approval wanted; of a quota', async (t) => {
    const receiver = await Receiver.start(t);
    const { environment, account, servers, inside } = await tenant();
    await tell(desk.admin, receiver, kAll, inside);
    const made = await desk.admin.create(servers, { name: 'Short', expires_at: ahead(4_000) });
    const created = await receiver.one('mcp_server.created');
    assert.deepEqual(created.message.data, { mcp_server_id: made.id, name: 'Short',
      integrated_account_id: account.id, environment_id: environment.id, expires_at: made.expires_at });
    assert.equal(created.method, 'POST');
    assert.equal(created.path, '/hooks?from=patchbay');
    assert.equal(created.headers['content-type'], 'application/json');
    assert.ok(Math.abs(Date.now() - Date.parse(created.message.timestamp)) < 10_000);
    const expiring = await receiver.one('mcp_server.expiring');
    assert.equal(expiring.message.data.mcp_server_id, made.id);
    const expired = await receiver.one('mcp_server.expired');
    assert.equal(expired.message.data.mcp_server_id, made.id);
    assert.ok(expired.at >= Date.parse(made.expires_at));

    const held = await desk.admin.create(servers, { name: 'Held', config: { require_approval: ['write'] } });
    const answer = (await call(held.url, 'create_a_connect_wise_psa_ticket_note',
      { ticketId: 5012, internalAnalysisFlag: true, text: 'Told' })).body;
    const { approval } = JSON.parse(answer.result.content[0].text);
    const wanted = await receiver.one('approval.wanted');
    assert.equal(wanted.message.data.approval_id, approval.id);
    assert.equal(wanted.message.data.tool, 'create_a_connect_wise_psa_ticket_note');
    assert.ok(!wanted.body.includes('Told'), 'no argument of the call is in it');

    const few = await desk.admin.create(servers, { name: 'Few', config: { quota: { calls_per_day: 2 } } });
    for (let i = 0; i < 3; ++i) await read(few.url);
    const reached = await receiver.one('quota.reached');
    assert.equal(reached.message.data.mcp_server_id, few.id);
    assert.equal(reached.message.data.quota, 'calls_per_day');
    assert.equal(reached.message.data.limit, 2);
    assert.ok(Date.parse(reached.message.data.resets_at) > Date.now());
    await sleep(500);
    for (const type of ['mcp_server.expiring', 'mcp_server.expired', 'approval.wanted', 'quota.reached']) {
      assert.equal(receiver.of(type).length, 1, `${type}: once`);
    }
    assert.ok(receiver.got.every(({ message }) => message), 'every signature is right');
  });

  test('of an account whose credentials are refused, once', async (t) => {
    const receiver = await Receiver.start(t);
    const sandbox = await startSandbox(t);
    const { account, servers, inside } = await tenant({ ...desk, credentials: sandbox.credentials });
    await tell(desk.admin, receiver, ['integrated_account.needs_reauth'], inside);
    const { url } = await desk.admin.create(servers, { name: 'x' });
    await fetch(`${sandbox.psa.url}/_sandbox/faults`, { method: 'POST',
      headers: { ...sandbox.psa.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ status: 401, count: 100 }) });
    for (let i = 0; i < 3; ++i) await read(url);
    await desk.admin.request('POST', `/integrated-account/${account.id}/probe`);
    const told = await receiver.one('integrated_account.needs_reauth');
    assert.equal(told.message.data.integrated_account_id, account.id);
    await sleep(300);
    assert.equal(receiver.got.length, 1);
  });

  test('to those of its environment that want to hear of it, and nobody of what was refused', async (t) => {
    const [ours, deaf, theirs] = await Promise.all([1, 2, 3].map(() => Receiver.start(t)));
    const { servers, inside } = await tenant();
    const other = await tenant();
    await tell(desk.admin, ours, ['mcp_server.created'], inside);
    await tell(desk.admin, deaf, ['approval.wanted'], inside);
    await tell(desk.admin, theirs, kAll, other.inside);
    await desk.admin.refused(400, 'POST', servers, { name: 'x', config: { methods: ['nonsense'] } });
    await desk.admin.create(servers, { name: 'x' });
    await ours.one('mcp_server.created');
    await sleep(300);
    assert.deepEqual([ours, deaf, theirs].map(({ got }) => got.length), [1, 0, 0]);
  });
});

describe('a receiver', () => {
  test('that fails is asked again under the same id, with a fresh timestamp, until it takes it', async (t) => {
    const receiver = await Receiver.start(t);
    receiver.answer = (_, time) => (time < 2 ? 500 : 204);
    const webhook = await tell(desk.admin, receiver, ['mcp_server.created'], (await tenant()).inside);
    const { status, body } = await desk.admin.request('POST', `/webhook/${webhook.id}/test`);
    assert.equal(status, 202);
    assert.equal(body.event, 'webhook.test');
    const done = await delivery(desk.admin, webhook, (one) => one.state === 'delivered');
    assert.equal(done.id, body.id);
    assert.deepEqual(done.attempts.map((one) => one.status), [500, 204]);
    assert.ok(done.attempts.every((one) => one.duration_ms >= 0 && Date.parse(one.at)));
    const [first, second] = receiver.got;
    assert.equal(receiver.got.length, 2);
    assert.equal(first.id, body.id);
    assert.equal(second.id, body.id);
    assert.equal(first.body, second.body);
    assert.ok(second.at - first.at >= 3_500, 'four seconds at least lie between');
    assert.ok(Number(second.headers['webhook-timestamp']) > Number(first.headers['webhook-timestamp']));
    assert.ok(receiver.got.every(({ message }) => message));
  });

  test('that redirects is not followed', async (t) => {
    const [receiver, elsewhere] = await Promise.all([Receiver.start(t), Receiver.start(t)]);
    receiver.answer = () => ({ status: 307, headers: { location: elsewhere.url } });
    const webhook = await tell(desk.admin, receiver, kAll, (await tenant()).inside);
    await desk.admin.request('POST', `/webhook/${webhook.id}/test`);
    const { attempts, state, next_attempt_at } = await delivery(desk.admin, webhook, (one) => one.attempts.length > 0);
    assert.match(attempts[0].error, /307; redirects are not followed/);
    assert.equal(state, 'pending');
    assert.ok(Date.parse(next_attempt_at) > Date.now());
    assert.equal(elsewhere.got.length, 0);
  });

  test('that answers 410 is asked no more, until somebody enables it', async (t) => {
    const receiver = await Receiver.start(t);
    receiver.answer = () => 410;
    const webhook = await tell(desk.admin, receiver, kAll, (await tenant()).inside);
    await desk.admin.request('POST', `/webhook/${webhook.id}/test`);
    const gone = await delivery(desk.admin, webhook, (one) => one.state === 'given_up');
    assert.equal(gone.attempts.at(-1).status, 410);
    const now = await desk.admin.get(`/webhook/${webhook.id}`);
    assert.equal(now.enabled, false);
    assert.equal(now.disabled_because, 'gone');
    await desk.admin.refused(409, 'POST', `/webhook/${webhook.id}/test`);
    receiver.answer = () => 200;
    await desk.admin.change(`/webhook/${webhook.id}`, { enabled: true });
    const { status } = await desk.admin.request('POST', `/webhook/${webhook.id}/deliveries/${gone.id}/replay`);
    assert.equal(status, 202);
    await delivery(desk.admin, webhook, (one) => one.id === gone.id && one.state === 'delivered');
    assert.deepEqual(receiver.got.map(({ id }) => id), [gone.id, gone.id]);
  });

  test('that hangs holds up no other, and one that answers without end is cut', async (t) => {
    const [hanging, endless, good] = await Promise.all([1, 2, 3].map(() => Receiver.start(t)));
    hanging.answer = () => null;
    endless.answer = () => ({ status: 200, text: 'x'.repeat(1_000_000) });
    const { servers, inside } = await tenant();
    await tell(desk.admin, hanging, ['mcp_server.created'], inside);
    const large = await tell(desk.admin, endless, ['mcp_server.created'], inside);
    await tell(desk.admin, good, ['mcp_server.created'], inside);
    for (let i = 0; i < 12; ++i) await desk.admin.create(servers, { name: `Server ${i}` });
    const began = Date.now();
    await good.until('all twelve', () => good.of('mcp_server.created').length === 12, 10);
    assert.ok(Date.now() - began < 5_000, 'the others do not wait');
    assert.ok(hanging.got.length <= 4, `four at most at a time: ${hanging.got.length}`);
    const cut = await delivery(desk.admin, large, (one) => one.attempts.length > 0);
    assert.notEqual(cut.state, 'delivered');
    assert.match(cut.attempts[0].error, /large|bytes/i);
  });

  test('verifies by the old secret while it counts, and by the new one from then on', async (t) => {
    const receiver = await Receiver.start(t);
    const webhook = await tell(desk.admin, receiver, kAll, (await tenant()).inside);
    const { status, body: rotated } = await desk.admin.request('POST', `/webhook/${webhook.id}/rotate`);
    assert.equal(status, 200);
    assert.notEqual(rotated.secret, webhook.secret);
    assert.ok(Date.parse(rotated.previous_secret_until) > Date.now() + 23 * 3_600_000);
    await desk.admin.request('POST', `/webhook/${webhook.id}/test`);
    const [both] = await receiver.until('one', () => receiver.got.length === 1 && receiver.got);
    for (const secret of [webhook.secret, rotated.secret]) new Webhook(secret).verify(both.body, both.headers);
    const { body: last } = await desk.admin.request('POST', `/webhook/${webhook.id}/rotate`, { overlap_seconds: 0 });
    await desk.admin.request('POST', `/webhook/${webhook.id}/test`);
    await receiver.until('another', () => receiver.got.length === 2);
    const { body, headers } = receiver.got[1];
    new Webhook(last.secret).verify(body, headers);
    assert.throws(() => new Webhook(rotated.secret).verify(body, headers));
    assert.throws(() => new Webhook(last.secret).verify(`${body} `, headers));
    assert.throws(() => new Webhook(last.secret).verify(body, { ...headers, 'webhook-id': 'msg_other' }));
  });
});

describe('a crash', () => {
  test('between commit and delivery loses nothing: it is delivered after the restart, under its id', async (t) => {
    const receiver = await Receiver.start(t);
    const folder = temporaryFolder(t);
    const first = await startServe(t, folder, kShort);
    const account = await first.admin.create('/integrated-account',
      { integration: 'connectwise_psa', name: 'PSA', credentials: desk.credentials });
    receiver.answer = () => null;  // what is sent is never answered
    const webhook = await tell(first.admin, receiver, kAll);
    const made = await first.admin.create(`/integrated-account/${account.id}/mcp`, { name: 'Told later' });
    const before = await receiver.until('the first attempt', () => receiver.got[0]);
    await first.program.stop('SIGKILL');
    receiver.answer = () => 200;
    const again = await startServe(t, folder, kShort);
    await receiver.until('the second', () => receiver.got.length === 2);
    const [, after] = receiver.got;
    assert.equal(after.id, before.id);
    assert.equal(after.message.data.mcp_server_id, made.id);
    const done = await delivery(new Admin(again.url, first.token), webhook, (one) => one.state === 'delivered');
    assert.equal(done.id, before.id);
    await sleep(500);
    assert.equal(receiver.got.length, 2);
  });
});

describe('where it may go', () => {
  // Without any of the switches that let accounts reach further.
  async function strict(t) {
    const folder = temporaryFolder(t);
    const keyFile = join(folder, 'patchbay.key');
    await run('key', 'new', keyFile);
    const program = new Program(['serve', '--port', '0', '--data-dir', join(folder, 'data'), '--key-file', keyFile]);
    t.after(() => program.stop());
    const url = await program.until('address',
      () => program.stderr.match(/"message":"serving".*?"url":"([^"]+)"/)?.[1]);
    return new Admin(url, readFileSync(join(folder, 'data', 'first-api-token'), 'utf8').trim());
  }

  test('not to this machine or a private network, whatever the name resolves to', async (t) => {
    const admin = await strict(t);
    const receiver = await Receiver.start(t);
    const { port } = new URL(receiver.url);
    for (const url of [receiver.url, `http://localhost:${port}`, 'http://hooks.example.com', 'ftp://hooks.example.com',
      'https://user:secret@hooks.example.com', 'hooks.example.com', '']) {
      await admin.refused(400, 'POST', '/webhook', { url, events: kAll });
    }
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, '10.0.0.1', '192.168.1.1', '169.254.169.254',
      `[::ffff:127.0.0.1]:${port}`]) {
      const webhook = await admin.create('/webhook', { url: `https://${host}/x`, events: kAll });
      await admin.request('POST', `/webhook/${webhook.id}/test`);
      const { attempts, state } = await delivery(admin, webhook, (one) => one.attempts.length > 0);
      assert.equal(state, 'pending');
      assert.equal(attempts[0].status, null);
      assert.match(attempts[0].error, /address|allowed|refused/i, host);
    }
    assert.equal(receiver.got.length, 0);
  });
});

describe('the API', () => {
  const bad = [
    [{}, /url|events/], [{ url: 'https://a.example' }, /events/], [{ events: kAll }, /url/],
    [{ url: 'https://a.example', events: [] }, /events/], [{ url: 'https://a.example', events: ['nothing.happened'] }, /events/],
    [{ url: 'https://a.example', events: 'mcp_server.created' }, /events/], [{ url: 7, events: kAll }, /url/],
    [{ url: 'https://a.example', events: kAll, enabled: 'yes' }, /enabled/],
    [{ url: 'https://a.example', events: kAll, secret: 'whsec_mine' }, /secret/],
    [{ url: 'https://a.example', events: kAll, description: 'x'.repeat(500) }, /description/],
  ];
  test('refuses what is wrong and says what', async () => {
    const { inside } = await tenant();
    for (const [body, what] of bad) {
      const { message } = await desk.admin.refused(400, 'POST', '/webhook', { ...inside, ...body });
      assert.match(message, what, JSON.stringify(body));
    }
    await desk.admin.refused(404, 'POST', '/webhook', { url: 'https://a.example', events: kAll, environment_id: 'env_none' });
    for (const path of ['', '/deliveries']) await desk.admin.refused(404, 'GET', `/webhook/whk_none${path}`);
    for (const path of ['/test', '/rotate', '/deliveries/msg_none/replay']) {
      await desk.admin.refused(404, 'POST', `/webhook/whk_none${path}`);
    }
  });

  test('shows, changes and removes; never the secret again, nor another environment’s', async () => {
    const { admin } = desk;
    const { environment, inside } = await tenant();
    const made = await admin.create('/webhook', { url: 'https://a.example/x', events: ['mcp_server.created'], description: 'Ours', ...inside });
    assert.match(made.secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
    const { secret, ...rest } = made;
    assert.deepEqual(await admin.get(`/webhook/${made.id}`), rest);
    const changed = await admin.change(`/webhook/${made.id}`, { events: ['quota.reached', 'approval.wanted'], description: null, enabled: false });
    assert.deepEqual([changed.events, changed.description, changed.enabled], [['approval.wanted', 'quota.reached'], '', false]);
    await admin.refused(400, 'PATCH', `/webhook/${made.id}`, { url: 'http://a.example' });
    await admin.refused(400, 'PATCH', `/webhook/${made.id}`, { events: [] });
    await admin.refused(400, 'POST', `/webhook/${made.id}/rotate`, { overlap_seconds: 604_801 });
    await admin.refused(400, 'GET', `/webhook/${made.id}/deliveries?state=nonsense`);
    const { result } = await admin.get('/webhook');
    assert.ok(!JSON.stringify(result).includes('whsec_'));

    const reader = admin.as((await admin.create('/api-token', { name: 'r', scope: 'read', environment_id: environment.id })).token);
    assert.equal((await reader.get('/webhook')).result.length, 1);
    await reader.get(`/webhook/${made.id}/deliveries`);
    for (const [method, path, body] of [['POST', '', { url: 'https://a.example', events: kAll }], ['PATCH', `/${made.id}`, {}],
      ['DELETE', `/${made.id}`], ['POST', `/${made.id}/test`], ['POST', `/${made.id}/rotate`]]) {
      await reader.refused(403, method, `/webhook${path}`, body);
    }
    const other = (await tenant()).environment;
    const stranger = admin.as((await admin.create('/api-token', { name: 's', environment_id: other.id })).token);
    assert.deepEqual((await stranger.get('/webhook')).result, []);
    await stranger.refused(404, 'GET', `/webhook/${made.id}`);
    await stranger.refused(404, 'DELETE', `/webhook/${made.id}`);
    await stranger.refused(404, 'POST', `/webhook/${made.id}/test`);

    assert.deepEqual(await admin.remove(`/webhook/${made.id}`), { id: made.id });
    await admin.refused(404, 'GET', `/webhook/${made.id}`);
    const events = (await admin.get(`/log?kind=change&environment_id=${environment.id}`)).result.map(({ tool }) => tool);
    for (const operation of ['createWebhook', 'updateWebhook', 'deleteWebhook']) assert.ok(events.includes(operation), operation);
    assert.ok(!JSON.stringify((await admin.get('/log?limit=1000')).result).includes(secret));
  });
});

test('the command line adds, tests, shows what came of it, and removes', async (t) => {
  const receiver = await Receiver.start(t);
  const { environment } = await tenant();
  const shell = new Shell(temporaryFolder(t), { PATCHBAY_URL: desk.url, PATCHBAY_API_TOKEN: desk.token });
  await shell.ok(['webhook', 'add', receiver.url, '--events', 'mcp_server.created,approval.wanted',
    '--description', 'From a shell', '--environment', environment.name, '--file', 'webhook.secret']);
  receiver.secrets.push(readFileSync(join(shell.folder, 'webhook.secret'), 'utf8').trim());
  assert.match(await shell.ok(['webhook', 'list']), /From a shell/);
  const shown = await shell.json(['webhook', 'show', 'From a shell']);
  assert.deepEqual(shown.events, ['mcp_server.created', 'approval.wanted']);
  assert.equal(shown.secret, undefined);
  await shell.ok(['webhook', 'test', shown.id]);
  await receiver.one('webhook.test');
  await delivery(desk.admin, shown, (one) => one.state === 'delivered');
  const { result: [sent] } = await shell.json(['webhook', 'deliveries', shown.id]);
  assert.equal(sent.state, 'delivered');
  assert.match(await shell.ok(['webhook', 'deliveries', shown.id, '--state', 'delivered']), /webhook\.test.*delivered.*1: 200 in \d+ ms/);
  await shell.ok(['webhook', 'replay', shown.id, sent.id]);
  await receiver.until('it again', () => receiver.got.length === 2);
  assert.equal(receiver.got[1].id, sent.id);
  assert.equal((await shell.json(['webhook', 'update', shown.id, '--enabled', 'no'])).enabled, false);
  assert.match((await shell.json(['webhook', 'rotate', shown.id, '--overlap', '0'])).secret, /^whsec_/);
  assert.match(await shell.refused(1, ['webhook', 'remove', shown.id]), /--yes/);
  await shell.ok(['webhook', 'remove', shown.id, '--yes']);
  assert.match(await shell.refused(1, ['webhook', 'show', shown.id]), /no webhook/i);
});

test('the receiver of the documentation takes what is ours, and nothing else', async (t) => {
  const page = readFileSync(new URL('../../docs/governing.md', import.meta.url), 'utf8');
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'receiver.mjs'), page.match(/^```js\n([\s\S]*?)^```/m)[1]);
  const port = await freePort();
  const webhook = await desk.admin.create('/webhook',
    { url: `http://127.0.0.1:${port}/`, events: kAll, ...(await tenant()).inside });
  writeFileSync(join(folder, 'webhook.secret'), `${webhook.secret}\n`);
  const child = spawn(process.execPath, ['receiver.mjs'], { cwd: folder, env: { ...process.env, PORT: String(port) } });
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text) => { said += text; });
  const post = (headers = {}) => fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{"type":"x"}', headers })
    .then(({ status }) => status, () => 0);
  for (const end = Date.now() + 10_000; await post() === 0 && Date.now() < end;) await sleep(50);
  const now = new Date();
  const sign = (secret, at = now) => ({ 'webhook-id': 'msg_1', 'webhook-timestamp': String(Math.floor(at / 1000)),
    'webhook-signature': new Webhook(secret).sign('msg_1', at, '{"type":"x"}') });
  assert.equal(await post(sign(webhook.secret)), 204);
  assert.equal(await post(sign(`whsec_${Buffer.alloc(32, 7).toString('base64')}`)), 401);
  assert.equal(await post(sign(webhook.secret, new Date(now - 600_000))), 401);
  assert.equal(await post({ ...sign(webhook.secret), 'webhook-id': 'msg_2' }), 401);
  const { body } = await desk.admin.request('POST', `/webhook/${webhook.id}/test`);
  await delivery(desk.admin, webhook, (one) => one.state === 'delivered' && one.attempts.at(-1).status === 204);
  assert.match(said, new RegExp(`${body.id} webhook\\.test`));
});

test('what it counts and logs says nothing of secrets, URLs and payloads', async (t) => {
  const receiver = await Receiver.start(t);
  receiver.answer = () => (receiver.got.length === 1 ? 200 : 410);
  const webhook = await tell(desk.admin, receiver, kAll, (await tenant()).inside);
  for (const state of ['delivered', 'given_up']) {
    const { body } = await desk.admin.request('POST', `/webhook/${webhook.id}/test`);
    await delivery(desk.admin, webhook, (one) => one.id === body.id && one.state === state);
  }
  const { text } = await desk.admin.request('GET', '/metrics');
  assert.match(text, /^patchbay_webhook_attempts_total\{outcome="delivered"\} [1-9]/m);
  assert.match(text, /^patchbay_webhook_attempts_in_flight \d+/m);
  assert.match(text, /^patchbay_webhook_given_up_total [1-9]/m);
  const lines = desk.program.stderr;
  assert.match(lines, new RegExp(`A webhook answered 410.*${webhook.id}`));
  assert.match(lines, new RegExp(`A message to a webhook was given up.*${webhook.id}`));
  for (const what of ['whsec_', '/hooks?from', 'mcp_server_id']) assert.ok(!lines.includes(what), what);
});
