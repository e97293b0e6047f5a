// What the Debian package does to a system: installed, upgraded, removed, installed again and purged, in a bare
// root that has nothing but what the package asks for.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { BareRoot } from './harness/bare_root.mjs';
import { field, named, said } from './harness/files.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'patchbay-install-'));
let bare;
after(() => {
  bare?.close();
  rmSync(scratch, { recursive: true, force: true });
});

// The package as an older version of it: with another number and another example configuration.
function older() {
  const tree = join(scratch, 'older');
  said('dpkg-deb', '-R', named('.deb'), tree);
  const change = (file, from, to) => {
    const text = readFileSync(join(tree, file), 'utf8');
    assert.match(text, from);
    writeFileSync(join(tree, file), text.replace(from, to));
  };
  change('DEBIAN/control', /^Version: .*$/m, 'Version: 0.0.1-1');
  change('etc/patchbay/config.yaml', /^#log_level: info$/m, '#log_level: warning');
  said('dpkg-deb', '-Znone', '-b', tree, join(scratch, 'older.deb'));
  rmSync(tree, { recursive: true });
  return join(scratch, 'older.deb');
}

const installed = (deb) => {
  cpSync(deb, bare.path('patchbay.deb'));
  return bare.run('dpkg', '--force-confold', '-i', '/patchbay.deb');
};
const status = () => bare.run('dpkg-query', '-W', '-f=${db:Status-Status} ${Version}', 'patchbay');
const owner = (path) => bare.run('stat', '-c', '%U:%G %a', path).trim();
const key = () => bare.text('/etc/patchbay/key');

// The server as the unit starts it, as its user, on a port that was free.
function served() {
  const [, line] = bare.text('/lib/systemd/system/patchbay.service').match(/^ExecStart=(.*)$/m);
  return bare.serve('setpriv', '--reuid', 'patchbay', '--regid', 'patchbay', '--clear-groups', '--no-new-privs', '--pdeathsig', 'TERM', ...line.split(' '), '--port', '0');
}
let token;
async function asked(url, method, path, body) {
  const response = await fetch(url + path, { method, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
  assert.ok(response.ok, `${method} ${path}: ${response.status}`);
  return response.json();
}
const kName = 'Kept through upgrades';
async function keptIn(url) {
  const { result } = await asked(url, 'GET', '/environment');
  return result.some(({ name }) => name === kName);
}

before(() => { bare = new BareRoot(join(scratch, 'root'), field('Depends')); });

test('installed, it has a user, a key of its own, a folder for data, and starts with the system', () => {
  const said = installed(older());
  assert.match(said, /made a master key/);
  assert.equal(status(), 'installed 0.0.1-1');
  assert.match(bare.run('getent', 'passwd', 'patchbay'), /^patchbay:x:\d+:\d+:Patchbay:\/var\/lib\/patchbay:\/usr\/sbin\/nologin$/m);
  assert.equal(owner('/etc/patchbay/key'), 'patchbay:patchbay 600');
  assert.equal(owner('/var/lib/patchbay'), 'patchbay:patchbay 700');
  assert.equal(owner('/etc/patchbay/config.yaml'), 'root:root 644');
  assert.equal(bare.run('readlink', '/etc/systemd/system/multi-user.target.wants/patchbay.service').trim(), '/lib/systemd/system/patchbay.service');
});

test('with the configuration that it brings nothing is at fault, and it serves', async () => {
  const told = JSON.parse(bare.run('setpriv', '--reuid', 'patchbay', '--regid', 'patchbay', '--clear-groups',
    'patchbay', 'doctor', '--json', '--config', '/etc/patchbay/config.yaml', '--port', '0'));
  assert.deepEqual(told.checks.filter(({ verdict }) => verdict === 'fault'), []);
  const { url, stop } = await served();
  token = bare.text('/var/lib/patchbay/first-api-token').trim();
  await asked(url, 'POST', '/environment', { name: kName }).catch(async (error) => { await stop(); throw error; });
  const kept = await keptIn(url).finally(stop);
  assert.ok(kept);
});

test('upgraded, it has its data, its key and what was changed in its configuration', async () => {
  const before = key();
  bare.run('sh', '-c', 'echo "log_level: debug" >>/etc/patchbay/config.yaml');
  installed(named('.deb'));
  assert.equal(status(), `installed ${field('Version')}`);
  assert.equal(key(), before);
  assert.match(bare.text('/etc/patchbay/config.yaml'), /^log_level: debug$/m);
  assert.match(bare.text('/etc/patchbay/config.yaml.dpkg-dist'), /^#log_level: info$/m);
  const { url, stop } = await served();
  const kept = await keptIn(url).finally(stop);
  assert.ok(kept);
});

test('removed, it leaves data, key and configuration, with which it goes on when it is installed again', async () => {
  const before = key();
  bare.run('dpkg', '-r', 'patchbay');
  assert.ok(!bare.has('/usr/bin/patchbay'));
  for (const path of ['/var/lib/patchbay/patchbay.db', '/etc/patchbay/config.yaml']) assert.ok(bare.has(path), path);
  assert.equal(key(), before);
  installed(named('.deb'));
  assert.equal(key(), before);
  const { url, stop } = await served();
  const kept = await keptIn(url).finally(stop);
  assert.ok(kept);
});

test('purged, it leaves nothing but its user', () => {
  bare.run('dpkg', '-P', 'patchbay');
  assert.equal(bare.run('find', '/etc', '/usr', '/var', '-name', '*patchbay*'), '');
  assert.match(bare.run('getent', 'passwd', 'patchbay'), /^patchbay:/);
});
