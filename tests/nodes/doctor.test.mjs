// `patchbay doctor` beside a server that shares a PostgreSQL: the store, its rows and its clock.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Program } from '../e2e/harness/process.mjs';
import { mintOf, startCluster, tenant } from './harness/cluster.mjs';

let cluster, node;
const ends = [];
after(async () => { for (const end of ends.reverse()) await end(); });
before(async () => {
  cluster = await startCluster({ after: (end) => ends.push(end) }, { nodes: 1 });
  [node] = cluster.nodes;
});

async function examine() {
  const program = new Program(['doctor', '--json', '--port', String(node.port), '--allow-loopback-upstreams',
    ...node.args, '--data-dir', node.data], { env: node.env });
  program.stdin.end();
  const { code } = await program.exited;
  const found = JSON.parse(program.stdout);
  return { code, stderr: program.stderr, text: program.stdout, of: (check) => found.checks.filter((each) => each.check === check) };
}

test('beside a running server all is well, and its clock is held against the database\'s', async () => {
  await mintOf(await tenant(cluster), node.admin);
  const found = await examine();
  assert.match(found.of('store').at(-1).what, /Every row is as it was written/);
  assert.equal(found.of('key')[0].verdict, 'ok');
  const clock = found.of('clock').find(({ what }) => what.includes('the database'));
  assert.equal(clock.verdict, 'ok', found.text);
  assert.match(clock.what, /^It is [0-2] seconds? from that of the database\.$/);
});

test('an altered row is a fault', async () => {
  const { id } = await mintOf(await tenant(cluster), node.admin);
  cluster.postgres.sql(cluster.database, `UPDATE patchbay.mcp_server SET config = '{"tags":[]}' WHERE id = '${id}'`);
  const found = await examine();
  assert.equal(found.code, 1);
  const store = found.of('store').at(-1);
  assert.equal(store.verdict, 'fault');
  assert.match(store.what, new RegExp(id));
  cluster.postgres.sql(cluster.database, `DELETE FROM patchbay.mcp_server WHERE id = '${id}'`);
});

test('a database that is away is a fault of the store, told without its password', async () => {
  await cluster.postgres.stop();
  const found = await examine();
  assert.equal(found.code, 1);
  assert.equal(found.of('store')[0].verdict, 'fault');
  assert.ok(found.of('store')[0].mend);
  assert.equal(found.of('clock').find(({ what }) => what.includes('the database')), undefined);
  for (const secret of ['s3cret', encodeURIComponent('s3cret/of:the@nodes')]) {
    assert.ok(!(found.text + found.stderr).includes(secret), found.text);
  }
  await cluster.postgres.start();
});
