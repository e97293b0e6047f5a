// How servers begin on a database: several at once, one that is too old for it; and that nobody is told its
// password.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Admin } from '../e2e/harness/admin.mjs';
import { startSandbox, temporaryFolder } from '../e2e/harness/demo.mjs';
import { freePort } from '../e2e/harness/port.mjs';
import { Program } from '../e2e/harness/process.mjs';
import { size } from '../attack/harness/size.mjs';
import { isServed, mintOf, newKey, Node, tenant, until } from './harness/cluster.mjs';
import { kPassword, Postgres } from './harness/postgres.mjs';

let postgres, sandbox;
const ends = [];
after(async () => { for (const end of ends.reverse()) await end(); });
before(async () => {
  const kept = { after: (end) => ends.push(end) };
  postgres = await Postgres.start(kept);
  sandbox = await startSandbox(kept);
});

async function newNodes(t, count, database) {
  const folder = temporaryFolder(t);
  const key = await newKey(folder);
  const nodes = [];
  for (let i = 0; i < count; ++i) {
    const node = new Node(join(folder, `node${i}`), await freePort(),
      { args: ['--key-file', key], env: { PATCHBAY_DATABASE: postgres.url(database) } });
    t.after(() => node.kill());
    nodes.push(node);
  }
  return nodes;
}
const rows = (database, table) => Number(postgres.sql(database, `SELECT count(*) FROM patchbay.${table}`));

describe('on one empty database', () => {
  test('servers that start at the same moment all serve, with one set of tables and one first token', async (t) => {
    for (let round = 0; round < size(2, 20); ++round) {
      const database = postgres.createDatabase();
      const nodes = await newNodes(t, 3, database);
      await Promise.all(nodes.map((node) => node.start()));
      assert.equal(rows(database, 'api_token'), 1);
      assert.equal(rows(database, 'schema_version'), 1);
      assert.equal(rows(database, 'instance_revision'), 1);
      const tokens = nodes.map((node) => node.firstToken()).filter(Boolean);
      assert.ok(tokens.length >= 1);
      assert.equal(new Set(tokens).size, 1, 'all tell the same token');
      for (const node of nodes) node.admin = new Admin(node.url, tokens[0]);
      const place = await tenant({ admin: nodes[1].admin, credentials: sandbox.credentials });
      const made = await mintOf(place, nodes[2].admin);
      for (const node of nodes) assert.ok(await isServed(node.at(made.url)));
      // It was used: the next start tells it nobody.
      await until('that is written down', () => postgres.sql(database,
        "SELECT length(sealed) FROM patchbay.instance_secret WHERE name = 'first_token'") === '0', 15);
      const [late] = await newNodes(t, 1, database);
      late.args = nodes[0].args;
      await late.start();
      assert.equal(late.firstToken(), undefined);
      assert.equal(rows(database, 'api_token'), 1);
      for (const node of [...nodes, late]) await node.kill();
    }
  });

  test('with another key no server starts', async (t) => {
    const database = postgres.createDatabase();
    const [first] = await newNodes(t, 1, database);
    await first.start();
    const [other] = await newNodes(t, 1, database);
    await assert.rejects(other.start(), /ended before address/);
    assert.match(other.program.output, /key/i);
    assert.equal((await other.program.exited).code, 1);
    assert.equal((await first.ready()).status, 'ok');
  });
});

test('a database of a newer version is refused in clear words, and left as it is', async (t) => {
  const database = postgres.createDatabase();
  const [node] = await newNodes(t, 1, database);
  await node.start();
  await node.kill();
  postgres.sql(database, 'UPDATE patchbay.schema_version SET version = 99');
  await assert.rejects(node.start(), /version 99/);
  assert.equal((await node.program.exited).code, 1);
  assert.match(node.program.output, /newer/);
  assert.equal(postgres.sql(database, 'SELECT version FROM patchbay.schema_version'), '99');
});

describe('the password of the database stands nowhere', () => {
  const secret = [kPassword, encodeURIComponent(kPassword), 'wr0ng%2Fpassword', 'wr0ng/password'];
  function isKept(where, text) {
    for (const one of secret) assert.ok(!text.includes(one), `${where}: ${text}`);
  }
  const shown = (pid) => readdirSync(`/proc/${pid}/task`).flatMap((task) => ['cmdline', 'comm'].map((what) =>
    readFileSync(`/proc/${pid}/task/${task}/${what}`, 'utf8'))).join('');

  for (const how of ['in the environment', 'in the file', 'on the command line']) {
    test(`given ${how}`, async (t) => {
      const database = postgres.createDatabase();
      const [node] = await newNodes(t, 1, database);
      const url = postgres.url(database);
      if (how !== 'in the environment') node.env = {};
      if (how === 'on the command line') node.args.push('--database', url);
      if (how === 'in the file') {
        const file = join(temporaryFolder(t), 'config.yaml');
        writeFileSync(file, `database: "${url}"\n`, { mode: 0o600 });
        node.args.push('--config', file);
      }
      node.args.push('--log-level', 'debug', '--max-unconfirmed', '1', '--serve-without-database', '1');
      await node.start();
      assert.match(shown(node.program.pid), /serve/);
      isKept('the command line', shown(node.program.pid));
      const admin = new Admin(node.url, node.firstToken());
      const read = async () => {
        for (const path of ['/metrics', '/readyz', '/openapi.json', '/environment', '/no-such-thing']) {
          isKept(path, (await admin.request('GET', path)).text);
        }
        const refused = await admin.request('POST', '/environment', { name: 'Password' });
        isKept('an answer', refused.text);
        return refused.status;
      };
      assert.equal(await read(), 201);
      await postgres.stop();
      try {
        await until('changes are refused', async () => await read() === 503, 10);
        await until('it says that it is unavailable', async () => (await node.ready()).status === 'unavailable', 10);
        await read();
      } finally {
        await postgres.start();
      }
      await node.untilReady();
      await node.program.stop();
      isKept('the log', node.program.output);
      isKept('the log of the database', postgres.log);
    });
  }

  for (const [what, change] of Object.entries({
    'that is wrong': (url) => url.replace(encodeURIComponent(kPassword), 'wr0ng%2Fpassword'),
    'of a host that is not there': (url) => url.replace(/:\d+\//, ':1/'),
    'of a URL that cannot be read': (url) => url.replace('127.0.0.1', '127.0.0.1:none:'),
    'of a URL with an option that is none': (url) => `${url}?no_such_option=1`,
    'of a URL of something else': (url) => url.replace('postgresql:', 'mysql:'),
    'of a database that is not there': (url) => `${url}_not`,
  })) {
    test(`not in the refusal of one ${what}`, async (t) => {
      const [node] = await newNodes(t, 1, 'postgres');
      const url = change(postgres.url('postgres'));
      for (const form of [{ env: { PATCHBAY_DATABASE: url } }, { args: ['--database', url] }]) {
        const program = new Program(['serve', '--port', '0', '--data-dir', node.data, ...node.args,
          ...(form.args ?? [])], { env: form.env ?? {} });
        t.after(() => program.alive && program.stop('SIGKILL'));
        const { code } = await program.exited;
        assert.equal(code, 1, program.output);
        isKept('the refusal', program.output);
        assert.match(program.output, /database/i);
      }
    });
  }
});
