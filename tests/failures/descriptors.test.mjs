// All file descriptors are used up: who is connected is answered, nobody spins, and with some free again all is well.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { descriptors, isAnswered, kLook, mint, raw, whole } from '../attack/harness/desk.mjs';
import { startSandbox, startServe, temporaryFolder } from '../e2e/harness/demo.mjs';
import { modernRequest } from '../e2e/harness/http.mjs';

const ends = [];
const kept = { after: (end) => ends.push(end) };
after(async () => { for (const end of ends.reverse()) await end(); });
let serve, mine;
before(async () => {
  const sandbox = await startSandbox(kept);
  serve = await startServe(kept, temporaryFolder(kept));
  mine = await mint(serve.admin, sandbox.credentials, 'Mine');
  await isAnswered(mine);
});

// Seconds of processor time so far: utime and stime, of a hundredth each.
const spent = () => readFileSync(`/proc/${serve.program.pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13)
  .reduce((sum, ticks) => sum + Number(ticks) / 100, 0);
const limit = (files) => execFileSync('prlimit', ['--pid', String(serve.program.pid), `--nofile=${files}:`]);
const asks = (name, args) => whole(mine.url, modernRequest('tools/call', { name, arguments: args }));

test('with none left', async () => {
  const open = raw(mine.url, asks(kLook, { id: 5012 })).reads();
  await open.until(({ answer }) => answer.includes('5012'));
  open.answer = '';
  const most = descriptors(serve) + 20;
  limit(most);
  const others = Array.from({ length: 60 }, () => raw(mine.url, ''));
  try {
    for (let i = 0; descriptors(serve) < most; ++i) { assert.ok(i < 250, `${descriptors(serve)} of ${most}`); await sleep(20); }
    // Its connection to the API is there already, as is that of the client.
    open.socket.write(asks(kLook, { id: 5012 }).replace('{host}', new URL(mine.url).host));
    await open.until(({ answer }) => /5012/.test(answer), 10_000);
    const before = spent();
    await sleep(1_500);
    assert.ok(spent() - before < 0.5, `${spent() - before} s of the processor for nothing`);
  } finally {
    for (const each of others) each.socket.destroy();
    limit(4_096);
  }
  for (let i = 0; i < 20; ++i) await isAnswered(mine);
  assert.ok(serve.program.alive);
});
