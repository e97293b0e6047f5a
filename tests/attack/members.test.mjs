// A member's own keys open for one server alone: whoever can write the database cannot lend them to
// another, take them off so that the account's are used, or have somebody else called "me".
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startSandbox, startServe, temporaryFolder } from '../e2e/harness/demo.mjs';
import { legacyCall, post } from '../e2e/harness/http.mjs';
import { run } from '../e2e/harness/process.mjs';
import { alter } from './harness/rows.mjs';

const keysOf = (who) => ({ public_key: `${who}-public-key`, private_key: `${who}-private-key` });
const ends = [];
const kept = { after: (end) => ends.unshift(end) };
after(async () => { for (const end of ends) await end(); });
let sandbox, desk, database, john, ben;

before(async () => {
  sandbox = await startSandbox(kept);
  for (const member of ['jdoe', 'bmorgan']) {
    await sandbox.psa.control('POST', 'keys', { member, ...keysOf(member) });
  }
  const folder = temporaryFolder(kept);
  desk = { folder, ...(await startServe(kept, folder)) };
  database = join(folder, 'data', 'patchbay.db');
  const account = await desk.admin.create('/integrated-account',
    { integration: 'connectwise_psa', name: 'Members', credentials: sandbox.credentials });
  const mint = (who) => desk.admin.create(`/integrated-account/${account.id}/mcp`,
    { name: who, credentials: keysOf(who) });
  john = await mint('jdoe');
  ben = await mint('bmorgan');
});

const ask = ({ token }) => post(`${desk.url}/mcp/${token}`,
  legacyCall('list_all_connect_wise_psa_tickets', { owner: 'me', limit: 1 }));

const of = (server, column) => `(SELECT ${column} FROM mcp_server WHERE id = '${server.id}')`;
const alterations = {
  'another server\'s keys': () => `credentials = ${of(ben, 'credentials')}`,
  'another server\'s keys and member':
    () => `credentials = ${of(ben, 'credentials')}, member = ${of(ben, 'member')}`,
  'another server\'s keys, member and code':
    () => `credentials = ${of(ben, 'credentials')}, member = ${of(ben, 'member')}, mac = ${of(ben, 'mac')}`,
  'no keys': () => "credentials = x''",
  'no keys, and signed in by the account\'s': () => "credentials = x'', member = '{}'",
  'another "me"': () => `member = ${of(ben, 'member')}`,
};
for (const [what, how] of Object.entries(alterations)) {
  test(`a server whose row was given ${what} is not served`, async () => {
    await desk.program.stop();
    const back = alter(database, `UPDATE mcp_server SET ${how()} WHERE id = '${john.id}'`);
    Object.assign(desk, await startServe(kept, desk.folder));
    await sandbox.psa.control('DELETE', 'requests');
    assert.equal((await ask(john)).status, 404);
    assert.equal((await ask(ben)).status, 200);
    const { requests } = await sandbox.psa.control('GET', 'requests?limit=1000');
    assert.deepEqual([...new Set(requests.map((one) => one.member))], ['bmorgan']);
    await desk.program.stop();
    const { code, stdout } = await run('store', 'check', '--json', '--data-dir',
      join(desk.folder, 'data'), '--key-file', join(desk.folder, 'patchbay.key'));
    assert.notEqual(code, 0);
    assert.match(JSON.parse(stdout).faults.join(), new RegExp(`${john.id}.*altered`));
    back();
    Object.assign(desk, await startServe(kept, desk.folder));
    assert.equal((await ask(john)).status, 200);
  });
}
