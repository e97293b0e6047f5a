// A load such as real clients bring, on one node and on three: memory and descriptors stay as they are, and no error
// comes. `make soak` does it for long.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { held, kLook, mint, raw, whole } from '../attack/harness/desk.mjs';
import { kLoadSeconds, size } from '../attack/harness/size.mjs';
import { startSandbox, startServe, temporaryFolder } from '../e2e/harness/demo.mjs';
import { modernRequest } from '../e2e/harness/http.mjs';
import { startCluster, startNginx, tenant } from './harness/cluster.mjs';
import { assertFlat, Soak } from './harness/soak.mjs';

const kTenants = 8;
const kListeners = size(100, 2_000);
const kParts = size(6, 30);
const kConnections = size(400, 10_000);

async function one(t) {
  const { credentials } = await startSandbox(t);
  const serve = await startServe(t, temporaryFolder(t), { args: ['--least-lifetime', '1', '--loops', '2'] });
  return { admin: serve.admin, credentials, nodes: [serve], at: (url) => url };
}
async function three(t) {
  const cluster = await startCluster(t);
  const nginx = await startNginx(t, cluster.nodes);
  return { ...cluster, at: nginx.at };
}

describe('for long', () => {
  for (const [name, start] of Object.entries({ 'one node': one, 'three nodes': three })) {
    test(`${name} under a mixed load`, async (t) => {
      const site = await start(t);
      const places = [];
      for (let i = 0; i < kTenants; ++i) places.push(await tenant(site));
      const soak = new Soak({ ...site, places });
      await soak.begin({ workers: 16, listeners: kListeners, mintsPerSecond: size(5, 10) });
      const parts = [];
      for (let i = 0; i < kParts; ++i) {
        await sleep(kLoadSeconds * 1_000 / kParts);
        parts.push(soak.figures());
      }
      const lost = soak.lost;
      await soak.end();
      const last = parts.at(-1);
      t.diagnostic(`${JSON.stringify(soak.counts)} in ${kLoadSeconds} s, ${soak.errors.length} errors, ${kListeners} listeners`);
      t.diagnostic(`p50 ${last.p50.toFixed(1)} ms, p99 ${last.p99.toFixed(1)} ms at the end (${parts[0].p99.toFixed(1)} at the beginning); `
        + `MB ${parts.map(({ megabytes }) => megabytes.join('/')).filter((_, i) => i % Math.ceil(kParts / 6) === 0).join(' ')} ${last.megabytes.join('/')}; `
        + `descriptors ${parts[0].descriptors.join('/')} to ${last.descriptors.join('/')}`);
      assert.deepEqual([...new Set(soak.errors)], []);
      assert.equal(lost, 0, 'listeners that were ended');
      assert.ok(soak.counts.writes > 0 && soak.counts.expired > 0);
      assertFlat(parts);
      for (const { program } of site.nodes) {
        assert.deepEqual(program.stderr.split('\n').filter((line) => line.includes('"level":"error"')), []);
      }
    });
  }

  test(`${kConnections} connections on one node`, async (t) => {
    const { credentials, nodes: [serve], admin } = await one(t);
    const mine = await mint(admin, credentials, 'Many');
    const ping = whole(mine.url, modernRequest('tools/call', { name: kLook, arguments: { id: 5012 } })).replace('{host}', new URL(mine.url).host);
    const asked = async (it) => {
      it.answer = '';
      const began = performance.now();
      it.socket.write(ping);
      await new Promise((done, fail) => {
        it.heard = () => { if (it.answer.includes('5012') || it.closed) done(); };
        it.socket.on('data', it.heard).once('close', () => fail(new Error(`closed: ${it.answer.slice(0, 200)}`)));
      });
      it.socket.off('data', it.heard);
      return performance.now() - began;
    };
    const before = held(serve);
    const open = [];
    // One address may have half of a loop's.
    for (let i = 0; i < kConnections; ++i) {
      open.push(raw(mine.url, '', { from: `127.0.0.${2 + (i % 8)}` }).reads());
      if (i % 16 === 15) await Promise.all(open.slice(-16).map(asked));
    }
    const now = held(serve);
    const times = [];
    for (let i = 0; i < size(500, 20_000); i += 16) times.push(...await Promise.all(Array.from({ length: 16 }, (_, j) => asked(open[(i * 7 + j) % open.length]))));
    times.sort((a, b) => a - b);
    assert.equal(open.filter(({ closed }) => closed).length, 0);
    t.diagnostic(`${(now - before).toFixed(0)} MB more (${((now - before) * 1024 / kConnections).toFixed(1)} KB each), ${now.toFixed(0)} MB in all; calls on them, 16 at a time: `
      + `p50 ${times[times.length >> 1].toFixed(1)} ms, p99 ${times[Math.floor(times.length * 0.99)].toFixed(1)} ms`);
    for (const each of open) each.socket.destroy();
  });
});
