// Nobody is locked out, and nobody is let in by a file: starts that fail, starts that are given a
// trap, and two processes on one folder.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, existsSync, lstatSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync,
  writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { Admin } from '../e2e/harness/admin.mjs';
import { startSandbox, startServe, temporaryFolder } from '../e2e/harness/demo.mjs';
import { Program, run } from '../e2e/harness/process.mjs';

async function prepared(t) {
  const folder = temporaryFolder(t);
  const key = join(folder, 'patchbay.key');
  assert.equal((await run('key', 'new', key)).code, 0);
  const data = join(folder, 'data');
  return { folder, key, data, file: join(data, 'first-api-token'),
    args: ['serve', '--data-dir', data, '--key-file', key] };
}
async function serving(t, args) {
  const program = new Program(args);
  t.after(() => program.stop());
  const url = await program.until('address',
    () => program.stderr.match(/"message":"serving".*?"url":"([^"]+)"/)?.[1]);
  return { program, url };
}
const opens = async (url, token) =>
  (await new Admin(url, token).request('GET', '/environment')).status === 200;

test('a first start that fails because the port is in use leaves its owner a token', async (t) => {
  const { file, args } = await prepared(t);
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.after(() => taken.close());
  const failed = await run(...args, '--port', String(taken.address().port));
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /Cannot listen on .*in use[^]*choose a port/);
  const { url } = await serving(t, [...args, '--port', '0']);
  assert.ok(await opens(url, readFileSync(file, 'utf8').trim()));
});

test('until a token was used the same one is given at each start; after that none', async (t) => {
  const { file, args } = await prepared(t);
  const first = await serving(t, [...args, '--port', '0']);
  const token = readFileSync(file, 'utf8');
  await first.program.stop('SIGKILL');
  rmSync(file);  // lost before anybody read it
  const second = await serving(t, [...args, '--port', '0']);
  assert.equal(readFileSync(file, 'utf8'), token);
  assert.equal(statSync(file).mode & 0o7777, 0o600);
  assert.ok(await opens(second.url, token.trim()));
  await second.program.stop();
  rmSync(file);
  const third = await serving(t, [...args, '--port', '0']);
  assert.ok(!existsSync(file), 'a token was used: it is told no more');
  assert.ok(await opens(third.url, token.trim()));
  assert.doesNotMatch(third.program.output, /first one is in the file/);
});

test('a file in the place of the first token is neither followed nor read by others', async (t) => {
  for (const trap of ['link to a file', 'link to nothing', 'file of others']) {
    const { folder, data, file, args } = await prepared(t);
    await run(...args, '--address', '192.0.2.1', '--port', '1');  // makes the folder, and no more
    assert.ok(existsSync(data) && !existsSync(file), 'nothing was told by a start that failed');
    const victim = join(folder, 'victim');
    if (trap === 'link to a file') writeFileSync(victim, 'theirs');
    if (trap === 'file of others') {
      writeFileSync(file, '');
      chmodSync(file, 0o666);
    } else {
      symlinkSync(victim, file);
    }
    const trapped = await run(...args, '--port', '0');
    assert.equal(trapped.code, 1, trap);
    assert.match(trapped.stderr, /first-api-token' is there, and is no private file/, trap);
    if (trap === 'link to a file') assert.equal(readFileSync(victim, 'utf8'), 'theirs');
    if (trap === 'link to nothing') assert.ok(!existsSync(victim), 'made through the link');
    if (trap === 'file of others') assert.equal(readFileSync(file, 'utf8'), '');
    rmSync(file);
    const { url } = await serving(t, [...args, '--port', '0']);
    assert.ok(lstatSync(file).isFile());
    assert.ok(await opens(url, readFileSync(file, 'utf8').trim()), 'nobody is locked out by it');
    assert.deepEqual(readdirSync(data).filter((name) => name.startsWith('first-api-token.')), []);
  }
});

test('whoever has the key and the data makes a token; nobody else, and not beside a server', async (t) => {
  const { folder, key, data, file, args } = await prepared(t);
  const dataArgs = ['--data-dir', data, '--key-file', key];
  const nothing = await run('token', 'new', ...dataArgs);
  assert.equal(nothing.code, 1);
  assert.match(nothing.stderr, /There is no instance in the folder/);
  assert.ok(!existsSync(data), 'a slip in the name makes no folder');

  const up = await serving(t, [...args, '--port', '0']);
  assert.ok(await opens(up.url, readFileSync(file, 'utf8').trim()));
  const beside = await run('token', 'new', ...dataArgs);
  assert.equal(beside.code, 1);
  assert.match(beside.stderr, new RegExp(`Another Patchbay \\(process ${up.program.pid}\\)`));
  assert.match(beside.stderr, /POST \/api-token/);
  assert.doesNotMatch(beside.stdout, /pba_/);
  await up.program.stop();

  const other = join(folder, 'other.key');
  await run('key', 'new', other);
  const wrong = await run('token', 'new', '--data-dir', data, '--key-file', other);
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /does not fit this database/);

  for (const empty of ['', ' ']) {
    const unset = await run('token', 'new', ...dataArgs, '--environment', empty);
    assert.equal(unset.code, 1);
    assert.match(unset.stderr, /--environment is given empty/);
    assert.doesNotMatch(unset.stdout, /pba_/);
  }
  const told = await run('token', 'new', ...dataArgs);
  assert.match(told.stdout, /^pba_[\w-]{43}\n$/);
  const out = join(folder, 'token.txt');
  const filed = await run('token', 'new', ...dataArgs, '--name', 'Found again', out);
  assert.equal(filed.code, 0, filed.stderr);
  assert.doesNotMatch(filed.stdout, /pba_/);
  assert.equal(statSync(out).mode & 0o7777, 0o600);
  assert.equal((await run('token', 'new', ...dataArgs, out)).code, 1, 'no file is overwritten');

  const again = await serving(t, [...args, '--port', '0']);
  assert.ok(await opens(again.url, told.stdout.trim()));
  assert.ok(await opens(again.url, readFileSync(out, 'utf8').trim()));
});

test('all that a configuration names is tried at start, and all faults are told at once', async (t) => {
  const { folder, data, key, args } = await prepared(t);
  const no = join(folder, 'no.pem');
  writeFileSync(no, 'no certificate');
  writeFileSync(data, 'no folder');
  const { code, stderr } = await run('serve', '--address', '192.0.2.1', '--port', '1',
    '--data-dir', data, '--key-file', `${key}.none`, '--tls-cert', no, '--tls-key', `${no}.none`,
    '--upstream-ca-file', no, '--integrations', join(folder, 'nowhere'));
  assert.equal(code, 1);
  for (const told of [/There are 6 reasons not to start/, /Cannot listen on 192\.0\.2\.1:1/,
    /TLS key file '.*none' cannot be read: No such file/, /CA file '.*' cannot be used/,
    /integrations from '.*nowhere'/, /master key from '.*none'/, /data folder '.*data'/,
    /--upstream-ca-file/, /--integrations/, /patchbay key new/, /--data-dir/]) {
    assert.match(stderr, told);
  }
  rmSync(data);
  const { url } = await serving(t, [...args, '--port', '0']);
  assert.ok(url);
});

test('one folder, one process: also after a crash, and a revocation is everybody’s', async (t) => {
  const { credentials } = await startSandbox(t);
  const folder = temporaryFolder(t);
  const first = await startServe(t, folder);
  const account = await first.admin.create('/integrated-account',
    { integration: 'connectwise_psa', name: 'PSA', credentials });
  const server = await first.admin.create(`/integrated-account/${account.id}/mcp`, { name: 'x' });
  const second = await run('serve', '--port', '0', '--data-dir', join(folder, 'data'),
    '--key-file', join(folder, 'patchbay.key'));
  assert.equal(second.code, 1);
  assert.match(second.stderr, /Another Patchbay \(process \d+\) uses the data folder/);
  await first.admin.remove(`/integrated-account/${account.id}/mcp/${server.id}`);
  await first.program.stop('SIGKILL');
  const after = await startServe(t, folder);  // the lock goes with its process
  assert.deepEqual((await after.admin.get(`/integrated-account/${account.id}/mcp`)).result, []);
});
