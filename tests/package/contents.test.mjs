// What is in the packages: each page, list and file says what the program says.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { binary, field, judged, named, read, root, said, unpacked } from './harness/files.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'patchbay-package-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
const tree = unpacked(join(scratch, 'tree'));
const version = said(binary, '--version').trim().split(' ')[1];

// Every command with its help.
const below = (help) => help.split(/^(?=\S.*:$)/m).filter((part) => !/^(Positionals|Options|First steps|Example)/.test(part))
  .flatMap((part) => [...part.matchAll(/^  ([a-z]+(?:-[a-z]+)*) {2,}/gm)].map(([, name]) => name));
const helps = new Map();  // the command's first word → what help says of it and of those below it
for (const name of below(said(binary, '--help'))) {
  const help = said(binary, name, '--help');
  helps.set(name, [[name, help], ...below(help).map((each) => [`${name} ${each}`, said(binary, name, each, '--help')])]);
}

// It packs once more, which a busy machine takes minutes for.
test('the same program packed again, elsewhere and with another mask, makes the same bytes', { timeout: 600_000 }, () => {
  const again = join(scratch, 'again');
  said('sh', '-c', `umask 077; TMPDIR=${scratch} TZ=Asia/Tokyo '${root}packaging/build.sh' '${binary}' '${again}'`);
  for (const ending of ['.deb', '.tar.gz', '.spdx.json']) {
    assert.equal(judged('cmp', named(ending), join(again, basename(named(ending)))).text, '');
  }
});

test('lintian has nothing against it', () => {
  // Run as root it says so itself.
  const { status, text } = judged('lintian', '--allow-root', '--fail-on', 'error,warning', '--no-tag-display-limit', named('.deb'));
  assert.equal(status, 0, text);
});

test('what it depends on was found in the program', () => {
  const depends = field('Depends');
  for (const each of ['libc6', 'libpq5', 'libssl3', 'libsqlite3-0', 'ca-certificates']) assert.match(depends, new RegExp(`(^|, )${each}( \\(>= [^)]+\\))?(,|$)`));
  assert.match(depends, /libc6 \(>= 2\./);
});

describe('manual pages', () => {
  cpSync(join(tree, 'usr/share/man/man1'), join(scratch, 'man'), { recursive: true });
  said('gunzip', '-r', join(scratch, 'man'));
  const pages = readdirSync(join(scratch, 'man')).map((name) => join(scratch, 'man', name));
  // As a reader sees them, without overstriking and in one line; the width is more than that of any example.
  const shown = (page) => said('mandoc', '-T', 'utf8', '-O', 'width=200', page).replace(/.\x08/g, '').replace(/\s+/g, ' ');

  test('there is one of the program and of each command, and none has a fault', () => {
    assert.deepEqual(pages.map((page) => basename(page)).sort(),
      ['patchbay.1', ...[...helps.keys()].map((name) => `patchbay-${name}.1`)].sort());
    assert.equal(judged('mandoc', '-T', 'lint', '-W', 'warning', ...pages).text, '');
  });

  test('every command, option and example that help tells of is told', () => {
    const missing = [];
    for (const [name, all] of helps) {
      const text = shown(join(scratch, 'man', `patchbay-${name}.1`)).replaceAll(/[‐−]/g, '-').replaceAll('’', "'").replaceAll('‘', '`');
      for (const [command, help] of all) {
        if (!text.includes(`patchbay ${command}`)) missing.push(command);
        // Whatever help says but its headings, word by word.
        const said = help.split('\n').filter((line) => !/^(Usage: |[A-Z].*:$)/.test(line)).join(' ')
          .split(/\s{2,}/).map((part) => part.trim()).filter((part) => part.length > 1);
        for (const part of said) if (!text.includes(part.replace('-h,--', '-h, --').replace(/\s+/g, ' '))) missing.push(`${command}: ${part}`);
      }
    }
    assert.deepEqual(missing, []);
  });
});

describe('completion', () => {
  for (const [shell, path] of [['bash', 'bash-completion/completions/patchbay'], ['zsh', 'zsh/vendor-completions/_patchbay']]) {
    test(`of ${shell} is what the program prints, and ${shell} reads it`, () => {
      const file = join(tree, 'usr/share', path);
      assert.equal(read(file), said(binary, 'completion', shell));
      assert.equal(judged(shell, '-n', file).text, '');
    });
  }
});

describe('the unit', () => {
  // In a folder of its own, with a program that is there.
  const unit = join(scratch, 'patchbay.service');
  const [installed] = said('find', tree, '-name', 'patchbay.service').trim().split('\n');
  writeFileSync(unit, read(installed).replace('/usr/bin/patchbay', binary));

  test('is the one of deploy/, and systemd understands it', () => {
    assert.equal(read(installed), read(join(root, 'deploy/patchbay.service')));
    const { status, text } = judged('systemd-analyze', 'verify', '--man=no', unit);
    assert.equal(status, 0, text);
    assert.doesNotMatch(text, /patchbay\.service/);
  });

  test('exposes 2.0 at most', (t) => {
    const { status, text } = judged('systemd-analyze', 'security', '--offline=yes', '--no-pager', '--threshold=20', unit);
    t.diagnostic(text.match(/Overall exposure level.*?: (\d+\.\d+)/)?.[0] ?? text);
    assert.equal(status, 0, text);
  });
});

test('every setting of the example configuration, also those behind a #, is an option', () => {
  const options = said(binary, 'serve', '--help');
  const settings = [...read(join(tree, 'etc/patchbay/config.yaml')).matchAll(/^#?([a-z_]+):/gm)].map(([, name]) => name);
  assert.ok(settings.length > 8);
  assert.deepEqual(settings.filter((name) => !options.includes(`  --${name.replaceAll('_', '-')} `)), []);
  assert.equal(read(join(root, 'packaging/config.yaml')), read(join(tree, 'etc/patchbay/config.yaml')));
});

describe('the bill of materials', () => {
  const bill = JSON.parse(read(named('.spdx.json')));
  const byName = (name) => bill.packages.filter((each) => each.name === name);

  test('is SPDX 2.3 with everything that its form asks for', () => {
    assert.equal(bill.spdxVersion, 'SPDX-2.3');
    assert.equal(bill.dataLicense, 'CC0-1.0');
    assert.match(bill.creationInfo.created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const ids = bill.packages.map((each) => each.SPDXID);
    assert.equal(new Set(ids).size, ids.length);
    for (const each of bill.packages) {
      assert.match(each.SPDXID, /^SPDXRef-[A-Za-z0-9.-]+$/);
      for (const field of ['name', 'versionInfo', 'downloadLocation', 'licenseConcluded', 'licenseDeclared', 'copyrightText']) assert.ok(each[field], `${each.name}: ${field}`);
    }
    for (const { spdxElementId, relatedSpdxElement } of bill.relationships) {
      for (const id of [spdxElementId, relatedSpdxElement]) assert.ok(id === bill.SPDXID || ids.includes(id), id);
    }
    assert.equal(byName('patchbay')[0].versionInfo, version);
    const sum = said('sha256sum', join(tree, 'usr/bin/patchbay')).split(' ')[0];
    assert.deepEqual(byName('patchbay')[0].checksums, [{ algorithm: 'SHA256', checksumValue: sum }]);
  });

  test('names what the program loads, in the versions that are here, and what was compiled in', () => {
    const libraries = field('Depends').split(', ').map((each) => each.replace(/ .*/, '')).filter((name) => name.startsWith('lib'));
    for (const name of libraries) {
      assert.equal(byName(name)[0]?.versionInfo, said('dpkg-query', '-W', '-f=${Version}', name), name);
    }
    assert.equal(byName('libssl3')[0].licenseDeclared, 'Apache-2.0');
    assert.equal(byName('libboost1.81-dev')[0].licenseDeclared, 'BSL-1.0');
    // Of tests alone.
    assert.deepEqual([byName('doctest-dev'), byName('libbenchmark-dev')], [[], []]);
  });

  test('has the packages of the dashboard where that was built in', () => {
    const cache = read(join(process.env.PATCHBAY_BIN, '../CMakeCache.txt'));
    const react = byName('react');
    if (!/^PATCHBAY_DASHBOARD:\w+=ON$/m.test(cache)) return assert.deepEqual(react, []);
    const lock = JSON.parse(read(join(root, 'dashboard/package-lock.json'))).packages['node_modules/react'];
    assert.equal(react[0].versionInfo, lock.version);
    assert.equal(react[0].licenseDeclared, 'MIT');
  });
});

test('the tarball has the program, its pages and its licences, and tells nothing of where it was made', () => {
  said('tar', '-C', scratch, '-xzf', named('.tar.gz'));
  const [name] = readdirSync(scratch).filter((each) => each.startsWith(`patchbay-${version}-linux-`));
  assert.equal(said(join(scratch, name, 'bin/patchbay'), '--version'), said(binary, '--version'));
  for (const file of ['share/man/man1/patchbay.1', 'share/doc/patchbay/LICENSE', 'share/doc/patchbay/THIRD-PARTY-NOTICES',
    'lib/systemd/system/patchbay.service', 'lib/sysusers.d/patchbay.conf', 'etc/patchbay/config.yaml']) read(join(scratch, name, file));
  assert.match(read(join(scratch, name, 'lib/systemd/system/patchbay.service')), /^ExecStart=\/usr\/local\/bin\/patchbay serve/m);
  for (const place of [tree, join(scratch, name)]) {
    assert.equal(judged('grep', '-rlaF', '-e', root, '-e', tmpdir() + '/tmp.', place).text, '');
  }
});
