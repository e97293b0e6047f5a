// A port of loopback for a program that is told its port before it starts, or starts again at the same one.
//
// What the system gives for port 0 is of the range that it also takes for connections: between asking for it and
// listening on it, any connection on the machine can get it. So these are below that range, and each is held
// from other tests, which run beside, by a name that the system lets go with the process.
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

const kLowest = 10000;
const kRange = '/proc/sys/net/ipv4/ip_local_port_range';
const kHeld = [];  // for the process's life: what is no longer listened on may be again

const listens = (where) => new Promise((done) => {
  const server = createServer();
  server.once('error', () => done(undefined)).listen(where, () => done(server.unref()));
});

export async function freePort() {
  const [first, last] = readFileSync(kRange, 'utf8').split(/\s+/).map(Number);
  // Where connections may take nearly all, the few above are as good.
  const [low, high] = first > kLowest + 1000 ? [kLowest, first] : [last + 1, 65536];
  for (let tries = 0; tries < 1000; ++tries) {
    const port = randomInt(low, high);
    const held = await listens({ path: `\0patchbay-test-port-${port}` });
    if (!held) continue;
    const probe = await listens({ port, host: '127.0.0.1' });
    if (!probe) { held.close(); continue; }
    await new Promise((done) => { probe.close(done); });
    kHeld.push(held);
    return port;
  }
  throw new Error(`no free port from ${low} to ${high - 1}`);
}
