// Ports that tests give to programs: none that a connection can take meanwhile, and none twice.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { temporaryFolder } from './harness/demo.mjs';

const kModule = new URL('harness/port.mjs', import.meta.url).href;

// Takes many, says so, and keeps them until its input ends.
function taker(t) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', `
    import { freePort } from ${JSON.stringify(kModule)};
    const ports = [];
    while (ports.length < 1000) ports.push(await freePort());
    console.log(JSON.stringify(ports));
    process.stdin.resume();`], { stdio: ['pipe', 'pipe', 'inherit'], cwd: temporaryFolder(t) });
  t.after(() => child.kill());
  return new Promise((done) => {
    let text = '';
    child.stdout.on('data', (piece) => { text += piece; if (text.endsWith('\n')) done(JSON.parse(text)); });
  });
}

test('processes that take ports beside each other get none twice, and none of a range for connections', async (t) => {
  const [first, last] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/).map(Number);
  const taken = (await Promise.all([taker(t), taker(t), taker(t)])).flat();
  assert.equal(taken.length, 3000);
  assert.equal(new Set(taken).size, 3000);
  assert.deepEqual(taken.filter((port) => port >= first && port <= last), []);
});
