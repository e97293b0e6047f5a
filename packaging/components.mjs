// What a built program is made of, as the build and the system know it: libraries that it loads (readelf),
// archives and headers that were compiled into it (ninja), and the npm packages of its dashboard (the lock).
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
const said = (program, ...args) => execFileSync(program, args, { encoding: 'utf8', maxBuffer: 1e9 });

// The Debian packages that files belong to. What dpkg does not know (our own files) is left out.
function owners(files) {
  // Since /lib became /usr/lib a file may be known by either name.
  const names = new Set();
  for (const file of files) {
    if (!existsSync(file)) continue;
    for (const each of [file, realpathSync(file)]) {
      names.add(each);
      names.add(each.startsWith('/usr/') ? each.slice(4) : `/usr${each}`);
    }
  }
  const packages = new Set();
  const list = [...names].sort();
  for (let at = 0; at < list.length; at += 1000) {
    // It fails where one name of many is not known, and still says the others.
    const { stdout } = spawnSync('dpkg', ['-S', ...list.slice(at, at + 1000)], { encoding: 'utf8', maxBuffer: 1e9 });
    for (const line of stdout.split('\n')) {
      if (line === '' || line.startsWith('diversion ')) continue;
      for (const name of line.slice(0, line.lastIndexOf(': /')).split(', ')) packages.add(name.replace(/:.*/, ''));
    }
  }
  return packages;
}

// The files that are loaded when it starts, but for the C library's own and the kernel's page.
export function librariesOf(program) {
  const found = [...said('ldd', program).matchAll(/^\s*\S+ => (\/\S+)/gm)].map(([, path]) => path);
  return found.filter((path) => !owners([path]).has('libc6'));
}

// Those of the C library, and of what the tarball has beside the program.
const loaded = (program) => [...owners(librariesOf(program)), 'libc6'];

function compiledIn(build) {
  const inputs = new Set(said('ninja', '-C', build, '-t', 'inputs', 'patchbay').trim().split('\n'));
  const files = new Set([...inputs].filter((path) => path.startsWith('/usr/') && path.endsWith('.a')));
  let counts = false;
  for (const line of said('ninja', '-C', build, '-t', 'deps').split('\n')) {
    const [, object] = line.match(/^(\S.*): #deps /) ?? [];
    if (object) counts = inputs.has(object);
    else if (counts && line.startsWith('    /usr/')) files.add(line.trim());
  }
  if (files.size === 0) throw new Error(`${build} knows of no header: build the program there first`);
  return owners(files);
}

const kIds = new Map(Object.entries({
  'apache-2.0': 'Apache-2.0', 'apache-2': 'Apache-2.0', 'apache-2-llvm-exceptions': 'Apache-2.0 WITH LLVM-exception',
  expat: 'MIT', mit: 'MIT', isc: 'ISC', zlib: 'Zlib', postgresql: 'PostgreSQL', 'bsl-1.0': 'BSL-1.0',
  'bsd-2-clause': 'BSD-2-Clause', 'bsd-3-clause': 'BSD-3-Clause', 'bsd-3-google': 'BSD-3-Clause',
}));

// What a copyright file of the machine-readable form says of all files that it does not tell otherwise.
function licence(name) {
  const path = `/usr/share/doc/${name}/copyright`;
  if (!existsSync(path)) return { told: undefined };
  const text = readFileSync(path, 'utf8');
  const stanza = text.split(/\n\s*\n/).find((each) => /^Files:\s*\*\s*$/m.test(each));
  const told = /^Format: \S*copyright-format/m.test(text) ? stanza?.match(/^License: *(.+)$/m)?.[1].trim() : undefined;
  return { told, id: kIds.get(told?.toLowerCase()), text };
}

function debian(name, how) {
  const [version, architecture, source] = said('dpkg-query', '-W', '-f=${Version}\n${Architecture}\n${source:Package}', name).split('\n');
  return { kind: 'deb', name, version, architecture, source, how, licence: licence(name) };
}

function npm() {
  const lock = JSON.parse(readFileSync(join(root, 'dashboard/package-lock.json'), 'utf8'));
  return Object.entries(lock.packages).filter(([path, { dev, devOptional }]) => path && !dev && !devOptional).map(([path, each]) => ({
    kind: 'npm', name: path.slice(path.lastIndexOf('node_modules/') + 13), version: each.version, how: 'bundled',
    integrity: each.integrity, licence: { id: each.license }, folder: join(root, 'dashboard', path),
  }));
}

// Whether the program was built with its dashboard.
const hasDashboard = (build) => /^PATCHBAY_DASHBOARD:\w+=(ON|1|TRUE|YES)$/mi.test(readFileSync(join(build, 'CMakeCache.txt'), 'utf8'));

// Sorted by name: [{kind, name, version, how: loaded, compiled or bundled, licence: {id, told, text}, …}].
export function componentsOf(program, build) {
  return [
    ...loaded(program).map((name) => debian(name, 'loaded')),
    ...[...compiledIn(build)].map((name) => debian(name, 'compiled')),
    ...(hasDashboard(build) ? npm() : []),
  ].sort((left, right) => (`${left.kind} ${left.name} ${left.how}` < `${right.kind} ${right.name} ${right.how}` ? -1 : 1));
}
