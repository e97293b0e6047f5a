// What is over is over: with a disk that is full, after a crash, and across a sleep.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox, startServe, temporaryFolder } from '../e2e/harness/demo.mjs';
import { post } from '../e2e/harness/http.mjs';
import { binary } from '../e2e/harness/process.mjs';

const kList = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };
// No file of this process may grow beyond 64 KiB, which is what a full disk looks like.
const fill = (program) => execFileSync('prlimit', ['--pid', String(program.pid), '--fsize=65536:']);
const empty = (program) => execFileSync('prlimit', ['--pid', String(program.pid), '--fsize=unlimited:']);

async function instance(t) {
  const { credentials } = await startSandbox(t);
  const folder = temporaryFolder(t);
  const serve = await startServe(t, folder, { args: ['--least-lifetime', '1'] });
  const account = await serve.admin.create('/integrated-account',
    { integration: 'connectwise_psa', name: 'PSA', credentials });
  const servers = `/integrated-account/${account.id}/mcp`;
  const mint = (more = {}) => serve.admin.create(servers, { name: 'x', ...more });
  const things = { deleted: await mint(), rotated: await mint(), kept: await mint(),
    token: await serve.admin.create('/api-token', { name: 'T' }) };
  // The database's journal is larger by now than what still fits.
  for (let i = 0; i < 40; ++i) await mint();
  return { ...serve, folder, servers, account, things, mint };
}

const status = async (url) => (await post(url, kList)).status;
const moved = (url, { url: to }) => url.replace(/^http:\/\/[^/]+/, to);

async function takeAway({ admin, servers, things }) {
  const deleted = await admin.remove(`${servers}/${things.deleted.id}`);
  const token = await admin.remove(`/api-token/${things.token.id}`);
  const { status: code, body: rotated } =
    await admin.request('POST', `${servers}/${things.rotated.id}/rotate`);
  assert.equal(code, 200, JSON.stringify(rotated));
  for (const answer of [deleted, token, rotated]) {
    assert.equal(answer.not_yet_on_disk, true);
    assert.match(answer.notice, /holds from now on.*cannot be written/);
  }
  return rotated;
}

test('with a full disk a revocation holds at once, is told, and is written when there is room', async (t) => {
  const all = await instance(t);
  const { admin, program, folder, things, mint } = all;
  fill(program);
  assert.equal((await admin.request('POST', '/environment', { name: 'No room' })).status, 503);
  const rotated = await takeAway(all);
  const gone = async (at) => {
    assert.equal(await status(moved(things.deleted.url, at)), 404);
    assert.equal(await status(moved(things.rotated.url, at)), 404);
    assert.equal((await at.admin.as(things.token.token).request('GET', '/environment')).status, 401);
    assert.equal(await status(moved(things.kept.url, at)), 200);
  };
  await gone(all);
  assert.equal(await status(rotated.url), 200);
  await program.until('word of it', () => /Revocations hold, but the disk/.test(program.stderr));
  empty(program);
  await program.until('word of it', () => /All revocations are on disk again/.test(program.stderr));
  const fresh = await mint();
  assert.equal(fresh.not_yet_on_disk, undefined);
  await program.stop('SIGKILL');
  const after = await startServe(t, folder);
  await gone(after);
  assert.equal(await status(moved(rotated.url, after)), 200);
});

test('a start before that serves nothing that was revoked, and is refused while there is no room', async (t) => {
  const all = await instance(t);
  const { program, folder, things } = all;
  fill(program);
  const rotated = await takeAway(all);
  await program.stop('SIGKILL');
  const args = ['serve', '--port', '0', '--data-dir', join(folder, 'data'),
    '--key-file', join(folder, 'patchbay.key')];
  const refused = spawnSync('prlimit', ['--fsize=65536:', binary, ...args],
    { encoding: 'utf8', timeout: 20_000 });
  assert.equal(refused.status, 1, refused.stderr);
  assert.match(refused.stderr, /revoked|database failed/i);
  const after = await startServe(t, folder);
  assert.equal(await status(moved(things.deleted.url, after)), 404);
  assert.equal(await status(moved(things.rotated.url, after)), 404);
  assert.equal(await status(moved(rotated.url, after)), 404, 'it was never kept');
  assert.equal((await after.admin.as(things.token.token).request('GET', '/environment')).status, 401);
  assert.equal(await status(moved(things.kept.url, after)), 200);
});

test('what expires while the process is stopped is gone when it wakes, and for good', async (t) => {
  const { admin, program, servers, mint } = await instance(t);
  const brief = await mint({ expires_at: new Date(Date.now() + 2_000).toISOString() });
  assert.equal(await status(brief.url), 200);
  program.signal('SIGSTOP');
  await sleep(3_000);
  program.signal('SIGCONT');
  assert.equal(await status(brief.url), 404);
  await sleep(300);
  const { result } = await admin.get(`${servers}?limit=100`);
  assert.ok(result.every(({ id }) => id !== brief.id));
});

before(() => execFileSync('prlimit', ['--version']));
