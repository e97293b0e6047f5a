// The wall clock jumps while the server runs (libfaketime, from a file that it reads again): what is over by the
// clock is over at once, what was over stays so, and what has no end is served all along.
import assert from 'node:assert/strict';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isAnswered, kLook, mint } from '../attack/harness/desk.mjs';
import { startSandbox, startServe, temporaryFolder } from '../e2e/harness/demo.mjs';
import { legacyCall, post } from '../e2e/harness/http.mjs';
import { until } from '../nodes/harness/cluster.mjs';

const kLibrary = ['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`)
  .find((path) => existsSync(path));
const kHour = 3_600;

test('forward by two hours, and back', async (t) => {
  assert.ok(kLibrary, 'libfaketime is missing: run `make test`, which installs what it needs');
  const { credentials } = await startSandbox(t);
  const folder = temporaryFolder(t);
  const file = join(folder, 'time');
  // By seconds, as libfaketime reads them; never half a file.
  const jump = (seconds) => { writeFileSync(`${file}.new`, `${seconds < 0 ? '' : '+'}${seconds}s\n`); renameSync(`${file}.new`, file); };
  jump(0);
  const serve = await startServe(t, folder, { env: { LD_PRELOAD: kLibrary, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1' } });
  const forever = await mint(serve.admin, credentials, 'Clock');
  const servers = `/integrated-account/${forever.account.id}/mcp`;
  const brief = await serve.admin.create(servers, { name: 'An hour', expires_at: new Date(Date.now() + kHour * 1_000).toISOString() });
  const served = async ({ url }) => (await post(url, legacyCall(kLook, { id: 5012 }))).status === 200;
  assert.ok(await served(brief));

  jump(2 * kHour);
  assert.equal(await served(brief), false, 'the very next request is refused');
  await isAnswered(forever);
  await until('its row is gone', async () => !(await serve.admin.get(`${servers}?limit=100`)).result.some(({ id }) => id === brief.id));

  jump(0);
  assert.equal(await served(brief), false);
  await isAnswered(forever);
  // By the latest time that was seen this is over already.
  const early = await serve.admin.request('POST', servers, { name: 'Too early', expires_at: new Date(Date.now() + kHour * 1_000).toISOString() });
  assert.equal(early.status, 400, early.text);
  const later = await serve.admin.create(servers, { name: 'Later', expires_at: new Date(Date.now() + 3 * kHour * 1_000).toISOString() });
  assert.ok(await served(later));

  jump(-24 * kHour);
  await isAnswered(forever);
  assert.ok(await served(later));
  assert.equal(await served(brief), false);
});
