// The old token of a rotated server opens as long as was said, and nothing brings it back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox, startServe, temporaryFolder } from '../e2e/harness/demo.mjs';
import { post } from '../e2e/harness/http.mjs';
import { kList, mint } from './harness/desk.mjs';

let sandbox, folder, desk, here, servers;
const ends = [];
const kept = { after: (end) => ends.push(end) };
after(async () => { for (const end of ends.reverse()) await end(); });
before(async () => {
  sandbox = await startSandbox(kept);
  folder = temporaryFolder(kept);
  desk = await startServe(kept, folder);
  here = await mint(desk.admin, sandbox.credentials, 'Rotation');
  servers = `/integrated-account/${here.account.id}/mcp`;
});

const minted = () => desk.admin.create(servers, { name: 'Rotated' });
const rotate = async (m, overlap_seconds) => {
  const answer = await desk.admin.request('POST', `${servers}/${m.id}/rotate`,
    overlap_seconds === undefined ? undefined : { overlap_seconds });
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
};
const status = async ({ token }) => (await post(`${desk.url}/mcp/${token}`, kList)).status;

test('both open until the moment, and at the moment the old one does not', async () => {
  const old = await minted();
  const fresh = await rotate(old, 3);
  const end = Date.parse(fresh.previous_token_expires_at);
  assert.ok(end > Date.now());
  assert.deepEqual([await status(old), await status(fresh)], [200, 200]);
  const stream = await fetch(`${desk.url}/mcp/${old.token}/sse`, { headers: { accept: 'text/event-stream' } });
  const reader = stream.body.getReader();
  await reader.read();
  let last = 0;
  for (;;) {
    const asked = Date.now();
    const seen = await status(old);
    if (seen !== 200) { assert.equal(seen, 404); break; }
    last = asked;
  }
  assert.ok(last < end, `open ${last - end} ms after its end`);
  for (;;) if ((await reader.read()).done) break;
  assert.ok(Date.now() - end < 1_000, `a stream ${Date.now() - end} ms after its end`);
  assert.equal(await status(fresh), 200);
  await sleep(300);
  assert.equal((await desk.admin.get(`${servers}/${old.id}`)).previous_token_expires_at, null);
});

test('without an overlap, by another rotation, or by deletion it ends at once', async () => {
  const one = await minted();
  const two = await rotate(one);
  assert.deepEqual([await status(one), await status(two)], [404, 200]);
  const three = await rotate(two, 600);
  const four = await rotate(three, 600);
  assert.deepEqual([await status(two), await status(three), await status(four)], [404, 200, 200]);
  await desk.admin.change(`${servers}/${one.id}`, { config: { paused: true } });
  assert.deepEqual([await status(three), await status(four)], [403, 403]);
  await desk.admin.remove(`${servers}/${one.id}`);
  assert.deepEqual([await status(three), await status(four)], [404, 404]);
});

test('it survives kill -9, and ends while nothing runs', async () => {
  const long = await minted();
  const longer = await rotate(long, 600);
  const short = await minted();
  const shorter = await rotate(short, 2);
  await desk.program.stop('SIGKILL');
  await sleep(2_100);
  desk = await startServe(kept, folder);
  assert.deepEqual([await status(long), await status(longer)], [200, 200]);
  assert.deepEqual([await status(short), await status(shorter)], [404, 200]);
});

test('an overlap that is none is refused', async () => {
  const m = await minted();
  for (const wrong of [-1, 604_801, 1.5, '60', null, true, [], {}]) {
    const answer = await desk.admin.request('POST', `${servers}/${m.id}/rotate`, { overlap_seconds: wrong });
    assert.equal(answer.status, 400, JSON.stringify(wrong));
  }
  assert.equal(await status(m), 200);
});
