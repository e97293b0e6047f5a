// What whoever runs the servers sees of the database, and callers do not.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Program } from '../e2e/harness/process.mjs';
import { isServed, mintOf, startCluster, tenant, until } from './harness/cluster.mjs';

let cluster, node, place;
const ends = [];
after(async () => { for (const end of ends.reverse()) await end(); });
before(async () => {
  cluster = await startCluster({ after: (end) => ends.push(end) }, { nodes: 2 });
  [node] = cluster.nodes;
  place = await tenant(cluster);
});
const sql = (text) => cluster.postgres.sql(cluster.database, text);

async function check(...flags) {
  const program = new Program(['store', 'check', ...node.args, '--data-dir', node.data, ...flags], { env: node.env });
  program.stdin.end();
  const { code } = await program.exited;
  return { code, stdout: program.stdout, stderr: program.stderr };
}

describe('whoever runs the servers', () => {
  test('reads in the log what the database said, and callers read our words', async () => {
    sql(`CREATE FUNCTION patchbay.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      RAISE EXCEPTION 'could not extend file "base/5/1249": No space left on device' USING ERRCODE = 'disk_full';
      END $$; CREATE TRIGGER refuse BEFORE INSERT ON patchbay.environment EXECUTE FUNCTION patchbay.refuse()`);
    const refused = await node.admin.request('POST', '/environment', { name: 'Full' });
    assert.equal(refused.status, 503);
    assert.match(JSON.stringify(refused.body), /The database failed\./);
    assert.doesNotMatch(JSON.stringify(refused.body), /extend|base\/5|53100/);
    await until('the log has it', () => /could not extend file[^\n]*53100/.test(node.program.stderr));
    sql('DROP TRIGGER refuse ON patchbay.environment');
    await node.admin.create('/environment', { name: 'Full' });
  });

  test('sees altered rows counted until they are mended or gone, while the servers run', async () => {
    const [one, other] = [await mintOf(place, node.admin), await mintOf(place, node.admin)];
    assert.equal((await check()).code, 0);
    const config = sql(`SELECT config FROM patchbay.mcp_server WHERE id = '${one.id}'`);
    sql(`UPDATE patchbay.mcp_server SET config = '{"tags":[]}' WHERE id IN ('${one.id}', '${other.id}')`);
    const second = cluster.nodes[1];
    for (const { url } of [one, other]) assert.equal(await isServed(second.at(url)), false);
    assert.equal((await second.ready()).altered_rows, 2);
    const faults = await check('--json');
    assert.equal(faults.code, 1);
    const told = JSON.parse(faults.stdout);
    assert.equal(told.count, 2);
    for (const { id } of [one, other]) assert.ok(told.faults.some((fault) => fault.includes(id)));

    sql(`UPDATE patchbay.mcp_server SET config = '${config}' WHERE id = '${one.id}'`);
    sql(`DELETE FROM patchbay.mcp_server WHERE id = '${other.id}'`);
    await until('no row counts as altered', async () => (await second.ready()).altered_rows === undefined);
    await until('the mended one is served', () => isServed(second.at(one.url)));
    assert.equal((await check()).code, 0);
  });

  test('deletes an account with thousands of servers, and nobody is served from then on', async () => {
    const doomed = await tenant(cluster);
    const served = await mintOf(doomed, node.admin);
    for (const each of cluster.nodes) assert.ok(await isServed(each.at(served.url)));
    sql(`INSERT INTO patchbay.mcp_server
      (id, account_id, environment_id, name, config, hash, created_by, created_at, updated_at, version)
      SELECT 'mcp_' || md5(n::text), '${doomed.account.id}', '${doomed.environment.id}', 's', '{}',
        sha256(n::text::bytea), 'c', n, n, 0 FROM generate_series(1, 5000) n`);
    await node.admin.remove(`/integrated-account/${doomed.account.id}`);
    assert.equal(await isServed(node.at(served.url)), false);
    await until('the other hears of it', async () => !await isServed(cluster.nodes[1].at(served.url)));
    await until('the rows are gone', () =>
      sql(`SELECT count(*) FROM patchbay.mcp_server WHERE account_id = '${doomed.account.id}'`) === '0');
    await until('the account is gone', () =>
      sql(`SELECT count(*) FROM patchbay.integrated_account WHERE id = '${doomed.account.id}'`) === '0');
  });
});
