// An MCP server may be a person's: what is written through it is that person's in the PSA, "me" is that
// person, and nobody's keys go anywhere but on the calls of their own server.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { hourOfToday } from './harness/days.mjs';
import { startSandbox, startServe, temporaryFolder } from './harness/demo.mjs';
import { legacyCall, post } from './harness/http.mjs';
import { runWith } from './harness/process.mjs';

const kNote = 'create_a_connect_wise_psa_ticket_note';
const kTime = 'create_a_connect_wise_psa_time_entry';
const kTickets = 'list_all_connect_wise_psa_tickets';
const keysOf = (who) => ({ public_key: `${who}-public-key`, private_key: `${who}-private-key-${who}` });

let sandbox, folder, desk, account, servers, ticket;
const ends = [];
const kept = { after: (end) => ends.unshift(end) };
after(async () => { for (const end of ends) await end(); });

before(async () => {
  sandbox = await startSandbox(kept);
  folder = temporaryFolder(kept);
  desk = await startServe(kept, folder);
  account = await desk.admin.create('/integrated-account',
    { integration: 'connectwise_psa', name: 'Shared', credentials: sandbox.credentials });
  servers = `/integrated-account/${account.id}/mcp`;
  [ticket] = await sandbox.psa.get('/service/tickets', { conditions: 'closedFlag = false', pageSize: 1 });
});
beforeEach(async () => {
  await sandbox.psa.control('DELETE', 'keys');
  for (const member of ['jdoe', 'bmorgan']) await give(member);
  await sandbox.psa.control('DELETE', 'requests');
});

const give = (member) => sandbox.psa.control('POST', 'keys', { member, ...keysOf(member) });
const mint = (who, more = {}) =>
  desk.admin.create(servers, { name: who, credentials: keysOf(who), ...more });
async function call(server, name, args) {
  const answer = await post(server.url, legacyCall(name, args));
  assert.equal(answer.status, 200, answer.text);
  const { result } = answer.body;
  return { isError: result.isError ?? false, ...JSON.parse(result.content[0].text) };
}
async function done(server, name, args) {
  const answer = await call(server, name, args);
  assert.equal(answer.isError, false, JSON.stringify(answer));
  return answer;
}
// Whose keys came with what was asked, oldest first.
async function members(path = '') {
  const { requests } = await sandbox.psa.control('GET', 'requests?limit=1000');
  return requests.filter((one) => one.path.includes(path)).map((one) => one.member).reverse();
}
const forget = () => sandbox.psa.control('DELETE', 'requests');

test('two technicians on one account: each writes as themselves, with no other keys', async () => {
  const [john, ben] = [await mint('jdoe'), await mint('bmorgan')];
  const shared = await desk.admin.create(servers, { name: 'Shared' });
  assert.deepEqual(john.member, { id: john.member.id, login: 'jdoe', name: 'John Doe' });
  assert.equal(john.has_own_credentials, true);
  assert.equal(ben.member.login, 'bmorgan');
  assert.deepEqual([shared.member, shared.has_own_credentials], [null, false]);

  // The integration's own entry says no member, and so is held against everybody's of that moment.
  for (const [server, who, hour] of [[john, 'jdoe', 9], [ben, 'bmorgan', 9], [shared, 'srivera', 11]]) {
    await forget();
    const note = await done(server, kNote, { ticketId: ticket.id, text: `By ${who}`, internalAnalysisFlag: true });
    const time = await done(server, kTime, { ticketId: ticket.id, actualHours: 0.25,
      timeStart: hourOfToday(hour), notes: `Worked by ${who}` });
    assert.deepEqual([...new Set(await members())], [who], 'only the keys of who writes');
    const stored = await sandbox.psa.get(`/service/tickets/${ticket.id}/notes/${note.id}`);
    assert.equal(stored.createdBy, who);
    assert.equal((await sandbox.psa.get(`/service/tickets/${ticket.id}`))._info.updatedBy, who);
    const entry = await sandbox.psa.get(`/time/entries/${time.id}`);
    assert.deepEqual([entry.member.identifier, entry.enteredBy], [who, who]);
  }
});

test('"me" is who the server is of, in filters and in what is written', async () => {
  const [john, ben] = [await mint('jdoe'), await mint('bmorgan')];
  for (const [server, who, name] of [[john, 'jdoe', 'John Doe'], [ben, 'bmorgan', 'Ben Morgan']]) {
    const mine = await sandbox.psa.all('/service/tickets', `owner/identifier = "${who}"`);
    const listed = await done(server, kTickets, { owner: 'me', limit: 1000, fields: ['id'] });
    assert.deepEqual(listed.result.map((one) => one.id).sort(), mine.map((one) => one.id).sort());
    const counted = await done(server, kTickets, { resourcesContains: 'Me', count: true });
    assert.equal(counted.count, await sandbox.psa.count('/service/tickets', `resources contains "${who}"`));
    const changed = await done(server, 'update_a_connect_wise_psa_ticket_by_id', { id: ticket.id, owner: 'me' });
    assert.match(JSON.stringify(changed.resolved), new RegExp(name));
    assert.equal((await sandbox.psa.get(`/service/tickets/${ticket.id}`)).owner.identifier, who);
    const { body } = await post(server.url, { jsonrpc: '2.0', id: 1, method: 'initialize', params: {
      protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'e2e', version: '1' } } });
    assert.match(body.result.instructions, new RegExp(`${name} \\(${who}\\).*own keys`));
    const list = await post(server.url, { jsonrpc: '2.0', id: 1, method: 'tools/list' });
    const tool = list.body.result.tools.find((one) => one.name === kTickets);
    assert.match(tool.inputSchema.properties.owner.description, new RegExp(`"me" is ${name} \\(${who}\\)`));
  }
});

test('a named member without keys is the author of notes and time, and the answer says whose write it is', async () => {
  const rachel = await desk.admin.create(servers, { name: 'Rachel', member: 'RGreen' });
  assert.equal(rachel.member.login, 'rgreen');
  assert.equal(rachel.has_own_credentials, false);
  const time = await done(rachel, kTime, { ticketId: ticket.id, actualHours: 0.5,
    timeStart: hourOfToday(13), notes: 'Named' });
  assert.match(time.notice, /Rachel Green.*made by the integration/);
  const entry = await sandbox.psa.get(`/time/entries/${time.id}`);
  assert.deepEqual([entry.member.identifier, entry.enteredBy], ['rgreen', 'srivera']);
  const other = await done(rachel, kTime, { ticketId: ticket.id, actualHours: 0.5, member: 'bmorgan',
    timeStart: hourOfToday(15), notes: 'Said' });
  assert.equal((await sandbox.psa.get(`/time/entries/${other.id}`)).member.identifier, 'bmorgan');
  assert.doesNotMatch(other.notice ?? '', /integration/);
  assert.deepEqual([...new Set(await members())], ['srivera']);
  // By id as well; and who is not there is refused before anything is made.
  const byId = await desk.admin.create(servers, { name: 'By id', member: rachel.member.id });
  assert.equal(byId.member.login, 'rgreen');
  const before = (await desk.admin.get(servers)).result.length;
  const refused = await desk.admin.refused(400, 'POST', servers, { name: 'Nobody', member: 'nobody' });
  assert.match(refused.message, /no member 'nobody'/);
  assert.equal((await desk.admin.get(servers)).result.length, before);
});

test('"me" is nobody where nobody was named, and the error says so', async () => {
  const shared = await desk.admin.create(servers, { name: 'Nobody\'s' });
  for (const args of [{ owner: 'me' }, { resourcesContains: 'me' }]) {
    const answer = await call(shared, kTickets, args);
    assert.equal(answer.isError, true);
    assert.match(JSON.stringify(answer.error), /'me' is nobody.*login/);
  }
});

test('wrong keys are refused at minting, and nothing is stored', async () => {
  const before = (await desk.admin.get(servers)).result.length;
  const bad = [
    [{ ...keysOf('jdoe'), private_key: 'not-the-private-key' }, /refused the credentials/],
    [{ public_key: keysOf('jdoe').public_key }, /private_key/],
    [{ ...keysOf('jdoe'), site: 'http://127.0.0.1:1' }, /'site' is not a member's own/],
    [{ ...keysOf('jdoe'), company_id: 'other' }, /'company_id' is not a member's own/],
    [{}, /empty/],
  ];
  for (const [credentials, why] of bad) {
    const refused = await desk.admin.refused(400, 'POST', servers, { name: 'Wrong', credentials });
    assert.match(refused.message, why);
    assert.doesNotMatch(JSON.stringify(refused), /private-key/);
  }
  const other = await desk.admin.refused(400, 'POST', servers,
    { name: 'Wrong', member: 'bmorgan', credentials: keysOf('jdoe') });
  assert.match(other.message, /are of John Doe \(jdoe\), and not of 'bmorgan'/);
  assert.equal((await desk.admin.get(servers)).result.length, before);
});

test('where the PSA does not tell whose keys they are, the operator says it', async () => {
  const faults = (count) => sandbox.psa.control('POST', 'faults',
    { path_prefix: '/system/myMembers', count, status: 404, body: '{"code":"NotFound","message":"no"}' });
  await faults(2);
  const refused = await desk.admin.refused(400, 'POST', servers, { name: 'Who', credentials: keysOf('jdoe') });
  assert.match(refused.message, /does not tell whose/);
  assert.match(refused.details.hint, /member/);
  const told = await mint('jdoe', { member: 'jdoe' });
  assert.equal(told.member.login, 'jdoe');
  assert.equal(told.has_own_credentials, true);
  await sandbox.psa.control('DELETE', 'faults');
});

test('revoked keys end this server\'s calls alone, and new ones mend it', async () => {
  const [john, ben] = [await mint('jdoe'), await mint('bmorgan')];
  await sandbox.psa.control('DELETE', `keys?public_key=${keysOf('jdoe').public_key}`);
  const refused = await call(john, kTickets, { limit: 1 });
  assert.equal(refused.isError, true);
  assert.equal(refused.error.code, 'unauthenticated');
  const status = async () => (await desk.admin.get(`${servers}/${john.id}`)).status;
  for (let i = 0; await status() !== 'needs_reauth'; ++i) {
    assert.ok(i < 100, 'it is told');
    await sleep(20);
  }
  assert.equal((await desk.admin.get(`/integrated-account/${account.id}`)).status, 'active');
  assert.equal((await desk.admin.get(`${servers}/${ben.id}`)).status, 'active');
  await done(ben, kTickets, { limit: 1 });
  assert.ok(!(await members()).includes('srivera'), 'never by the account\'s keys in their place');
  await give('jdoe');
  const mended = await desk.admin.change(`${servers}/${john.id}`, { credentials: keysOf('jdoe') });
  assert.equal(mended.status, 'active');
  await done(john, kTickets, { limit: 1 });
});

test('an account that moves takes no member\'s keys along', async () => {
  const there = await startSandbox(kept);
  await there.psa.control('POST', 'keys', { member: 'jdoe', ...keysOf('jdoe') });
  const moving = await desk.admin.create('/integrated-account',
    { integration: 'connectwise_psa', name: 'Moving', credentials: sandbox.credentials });
  const path = `/integrated-account/${moving.id}/mcp`;
  const john = await desk.admin.create(path, { name: 'John', credentials: keysOf('jdoe') });
  const shared = await desk.admin.create(path, { name: 'Shared' });
  await there.psa.control('DELETE', 'requests');
  await desk.admin.change(`/integrated-account/${moving.id}`, { credentials: there.credentials });
  await done(shared, kTickets, { limit: 1 });
  const refused = await call(john, kTickets, { limit: 1 });
  assert.equal(refused.error.code, 'unauthenticated', JSON.stringify(refused));
  const { requests } = await there.psa.control('GET', 'requests?limit=1000');
  assert.ok(requests.length > 0);
  assert.deepEqual([...new Set(requests.map((one) => one.member))], ['srivera']);
  const now = await desk.admin.get(`${path}/${john.id}`);
  assert.deepEqual([now.has_own_credentials, now.status], [false, 'needs_reauth']);
  assert.match(now.last_error, /entered for another/);
  const again = await desk.admin.change(`${path}/${john.id}`, { credentials: keysOf('jdoe') });
  assert.equal(again.status, 'active');
  await done(john, kTickets, { limit: 1 });
});

test('keys are taken away, and the account\'s used again, only where that is said', async () => {
  const john = await mint('jdoe');
  await desk.admin.refused(400, 'PATCH', `${servers}/${john.id}`, { member: null });
  const named = await desk.admin.change(`${servers}/${john.id}`, { credentials: null });
  assert.deepEqual([named.has_own_credentials, named.member.login], [false, 'jdoe']);
  await forget();
  await done(john, kTickets, { owner: 'me', limit: 1 });
  assert.deepEqual([...new Set(await members())], ['srivera']);
  const nobody = await desk.admin.change(`${servers}/${john.id}`, { member: null });
  assert.equal(nobody.member, null);
});

test('what waits for a yes shows who "me" is, and is sent by their keys', async () => {
  const john = await mint('jdoe', { config: { require_approval: ['write'] } });
  const asked = await call(john, 'update_a_connect_wise_psa_ticket_by_id', { id: ticket.id, owner: 'me' });
  const [waiting] = (await desk.admin.get('/approval?state=pending')).result;
  const shown = await desk.admin.get(`/approval/${waiting.id}`);
  assert.match(JSON.stringify([shown.names, shown.request]), /John Doe|jdoe/, JSON.stringify(asked));
  await forget();
  const answer = await desk.admin.request('POST', `/approval/${waiting.id}/approve`, { reason: 'yes' });
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual([...new Set(await members())], ['jdoe']);
});

test('the log names the member, and nothing has the keys in it', async () => {
  const john = await mint('jdoe');
  await done(john, kTickets, { limit: 1 });
  let events = [];
  for (let i = 0; events.length === 0 && i < 100; ++i) {
    await sleep(50);
    events = (await desk.admin.get(`/log?mcp_server_id=${john.id}`)).result.filter((one) => one.tool === kTickets);
  }
  assert.equal(events[0].member, 'John Doe (jdoe)');
  const secrets = new RegExp(Object.values(keysOf('jdoe')).concat(Object.values(keysOf('bmorgan'))).join('|'));
  const { text } = await desk.admin.request('GET', '/log/export');
  assert.doesNotMatch(text, secrets);
  assert.doesNotMatch(JSON.stringify(await desk.admin.get(servers)), secrets);
  assert.doesNotMatch(desk.program.stderr, secrets);
  for (const file of ['patchbay.db', 'patchbay.db-wal']) {
    assert.doesNotMatch(readFileSync(join(folder, 'data', file), 'latin1'), secrets);
  }
});

test('it is all there after a start', async () => {
  const john = await mint('jdoe');
  await desk.program.stop();
  desk = await startServe(kept, folder);
  const url = `${desk.url}/mcp/${john.token}`;
  await forget();
  await done({ url }, kTickets, { owner: 'me', limit: 1 });
  assert.deepEqual([...new Set(await members())], ['jdoe']);
});

test('from the command line, with keys in a file and never in an argument', async () => {
  const file = join(folder, 'jdoe.json');
  writeFileSync(file, JSON.stringify(keysOf('jdoe')));
  const run = (...args) => runWith({ PATCHBAY_URL: desk.url, PATCHBAY_API_TOKEN: desk.token }, ...args);
  const made = await run('server', 'create', account.id, 'From a terminal',
    '--credentials-file', file, '--json');
  assert.equal(made.code, 0, made.stderr);
  const server = JSON.parse(made.stdout);
  assert.equal(server.member.login, 'jdoe');
  const shown = await run('server', 'show', server.id);
  assert.match(shown.stdout, /John Doe \(jdoe\), by own keys/);
  const taken = await run('server', 'update', server.id, '--no-credentials', '--no-member', '--json');
  assert.equal(taken.code, 0, taken.stderr);
  assert.deepEqual([JSON.parse(taken.stdout).member, JSON.parse(taken.stdout).has_own_credentials], [null, false]);
  const both = await run('server', 'update', server.id, '--member', 'jdoe', '--no-member');
  assert.notEqual(both.code, 0);
});
