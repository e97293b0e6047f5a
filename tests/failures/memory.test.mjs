// Memory has a limit (a control group): with max-bytes-in-flight below it calls are refused with 503 while others are
// answered, and the kernel kills nobody.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { head, isAnswered, kList, mint, raw } from '../attack/harness/desk.mjs';
import { Innocent } from '../attack/harness/observer.mjs';
import { startSandbox, startServe, temporaryFolder } from '../e2e/harness/demo.mjs';
import { boundMemory } from './harness/cgroup.mjs';

// What docs/operations.md says of sizing: the limit is max-bytes-in-flight, server-memory and 150 MB.
const kInFlight = 48 << 20;
const kServers = 16 << 20;
const kLimit = kInFlight + kServers + 150_000_000;

describe('with a limit of memory', () => {
  test('clients that want more memory than there is', async (t) => {
    const { credentials } = await startSandbox(t);
    const serve = await startServe(t, temporaryFolder(t),
      { args: ['--max-bytes-in-flight', String(kInFlight), '--server-memory', String(kServers)] });
    const others = await Promise.all(Array.from({ length: 8 }, (_, i) => mint(serve.admin, credentials, `Greedy ${i}`)));
    const calm = await mint(serve.admin, credentials, 'Calm');
    await isAnswered(calm);
    const group = boundMemory(t, serve.program.pid, kLimit);
    if (!group) { t.diagnostic('not tried: no control group can be made here (not root, or no controller of memory)'); return; }
    t.after(() => serve.program.stop('SIGKILL'));

    const innocent = new Innocent(calm, 50);
    const batch = `[${Array.from({ length: 50 }, () => kList).join(',')}]`;
    let refused = 0;
    for (let round = 0; round < 3; ++round) {
      // Answers of some megabytes each, of which nothing is read, and bodies that do not end.
      const open = others.flatMap(({ url }) => [
        ...Array.from({ length: 12 }, () => raw(url, head(url, batch.length, 'Accept: application/json\r\n') + batch)),
        ...Array.from({ length: 12 }, () => raw(url, head(url, 1_000_000) + '{'.padEnd(900_000))),
      ]);
      await sleep(700);
      for (const each of open) each.reads();
      await sleep(300);
      refused += open.filter(({ answer }) => /^HTTP\/1\.1 503 /.test(answer)).length;
      for (const each of open) each.socket.destroy();
    }
    await innocent.stop();
    assert.ok(serve.program.alive, 'nobody was killed');
    assert.equal(group.kills(), 0);
    assert.ok(refused > 0, 'somebody was refused');
    assert.ok(innocent.answers > 0);
    t.diagnostic(`${refused} refused, ${Math.round(group.peak() / 1e6)} of ${Math.round(kLimit / 1e6)} MB at most`);
    await isAnswered(calm);
  });
});
