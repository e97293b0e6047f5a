// The tarball on a system that has a C library and nothing else that the program needs: unpacked as docs/installing.md
// says, it serves by the libraries that it brings.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { BareRoot } from './harness/bare_root.mjs';
import { named } from './harness/files.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'patchbay-tarball-'));
let bare;
after(() => {
  bare?.close();
  rmSync(scratch, { recursive: true, force: true });
});
before(() => {
  bare = new BareRoot(join(scratch, 'root'), 'libc6');
  mkdirSync(bare.path('usr/local'), { recursive: true });
  cpSync(named('.tar.gz'), bare.path('patchbay.tar.gz'));
  bare.run('tar', '-C', '/usr/local', '--strip-components=1', '--no-same-owner', '-xzf', '/patchbay.tar.gz');
});
const kProgram = '/usr/local/bin/patchbay';

test('all that it loads but the C library is what it brings, though the system had others', () => {
  const loaded = [...bare.run('env', 'LD_TRACE_LOADED_OBJECTS=1', kProgram).matchAll(/^\s*(\S+) => (\S+)/gm)]
    .map(([, name, path]) => ({ name, path }));
  assert.ok(loaded.length > 20, JSON.stringify(loaded));
  const others = loaded.filter(({ path }) => !path.startsWith('/usr/local/bin/../lib/patchbay/') && !path.startsWith('/usr/local/lib/patchbay/'));
  assert.deepEqual(others.filter(({ name }) => !/^lib(c|m|resolv|pthread|dl|rt)\.so\.\d+$/.test(name)), []);
  // Each was brought for a reason.
  const brought = bare.run('ls', '/usr/local/lib/patchbay').trim().split('\n');
  assert.deepEqual(brought.filter((name) => !loaded.some((each) => each.name === name)), []);
});

test('it makes a key, and serves its API and its pages', async () => {
  bare.run('mkdir', '-p', '/etc/patchbay', '/var/lib/patchbay');
  bare.run(kProgram, 'key', 'new', '/etc/patchbay/key');
  const { url, stop } = await bare.serve('setpriv', '--pdeathsig', 'TERM', kProgram, 'serve', '--port', '0',
    '--data-dir', '/var/lib/patchbay', '--key-file', '/etc/patchbay/key');
  try {
    const Authorization = `Bearer ${bare.text('/var/lib/patchbay/first-api-token').trim()}`;
    assert.equal((await fetch(`${url}/environment`, { headers: { Authorization } })).status, 200);
    assert.equal((await (await fetch(`${url}/readyz`)).json()).status, 'ok');
    assert.equal((await fetch(`${url}/openapi.json`)).status, 200);
  } finally { await stop(); }
});
