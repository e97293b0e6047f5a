// The house: a room names the rooms below it that it includes, sees no other, and names none in vain.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { scan } from './declarations.mjs';
import { files, includesIn, includesOf, isBench, isHeader, isProgram, isTest, isTestSupport, outermost,
  read, roomOf, rooms, shownBy, source, textOf, tracked } from './tree.mjs';

const build = dirname(process.env.PATCHBAY_BIN);

// ---- what is declared --------------------------------------------------------------------------

// All that a room stands on, itself among it.
function below(name, path = []) {
  assert.ok(rooms.has(name), `${path.at(-1)} names ${name}, which is no room`);
  assert.ok(!path.includes(name), `a circle: ${[...path, name].join(' → ')}`);
  const { SHOWS, USES } = rooms.get(name);
  return new Set([name, ...[...SHOWS, ...USES].flatMap((each) => [...below(each, [...path, name])])]);
}

test('every folder with sources is a room, and every room has sources', () => {
  const folders = new Set(files.map(roomOf).filter(Boolean));
  assert.deepEqual([...folders].sort(), [...rooms.keys()].sort());
});

test('the arrows run downward only: there is no circle', () => {
  for (const name of rooms.keys()) below(name);
});

test('tests are run against rooms that there are', () => {
  for (const [name, { TEST_ROOMS }] of rooms) {
    for (const other of TEST_ROOMS) assert.ok(rooms.has(other), `${name} names ${other}, which is no room`);
  }
});

test('a room names another once', () => {
  for (const [name, { SHOWS, USES, TEST_ROOMS }] of rooms) {
    const named = [name, ...SHOWS, ...USES, ...TEST_ROOMS];
    assert.deepEqual(named.filter((each, at) => named.indexOf(each) !== at), [], `twice in ${name}`);
  }
});

test('the rooms whose independence matters most see no more than they should', () => {
  const outer = (name) => new Set([...below(name)].map(outermost));
  for (const name of rooms.keys()) {
    const seen = outer(name);
    // Two independent readings of one API keep each other honest.
    if (outermost(name) === 'sandbox') {
      for (const reading of ['integration', 'pack', 'catalog', 'dialect', 'upstream', 'gateway', 'control',
        'mcp', 'servers']) {
        assert.ok(!seen.has(reading), `${name} sees ${reading}`);
      }
    } else if (!['app', 'cli', 'doctor'].includes(outermost(name))) {
      assert.ok(!seen.has('sandbox'), `${name} sees sandbox`);
    }
    if (outermost(name) !== 'cli') assert.ok(!seen.has('cli'), `${name} sees cli`);
    if (!['app', 'cli', 'doctor'].includes(outermost(name))) assert.ok(!seen.has('app'), `${name} sees app`);
  }
  assert.deepEqual([...below('base')], ['base']);
});

// ---- what is included --------------------------------------------------------------------------

const known = new Set(files);

test('an include is written from src/ on; what a program of bench/ or fuzz/ has for itself stands beside it', () => {
  const wrong = [];
  for (const path of tracked.filter((each) => /^(src|fuzz|bench)\/.*\.(h|cpp)$/.test(each))) {
    for (const { name, quoted, line } of includesIn(read(path))) {
      const isItsOwn = !path.startsWith('src/') && tracked.includes(join(dirname(path), name));
      if (quoted !== (known.has(name) || isItsOwn)) wrong.push(`${path}:${line} ${name}`);
    }
  }
  assert.deepEqual(wrong, []);
});

// Which rooms a file may include.
function allowed(file) {
  const name = roomOf(file);
  if (name === undefined) return new Set(['cli']);
  const { SHOWS, USES, TEST_ROOMS } = rooms.get(name);
  if (isTest(file)) return new Set([name, ...SHOWS, ...USES, ...shownBy(TEST_ROOMS)]);
  return new Set([name, ...SHOWS, ...(isHeader(file) ? [] : USES)]);
}

const roomsIncluded = (file) => includesOf(file)
  .filter(({ name }) => known.has(name) && roomOf(name) !== roomOf(file))
  .map(({ name, line }) => ({ line, name, room: roomOf(name) }));

test('a file includes what its room names: headers what it shows, sources also what it uses', () => {
  const wrong = [];
  for (const file of files) {
    const may = allowed(file);
    for (const { line, name, room } of roomsIncluded(file)) {
      if (!may.has(room)) wrong.push(`src/${file}:${line} includes ${name}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('every arrow is one that an include takes', () => {
  const idle = [];
  for (const [name, { SHOWS, USES, TEST_ROOMS }] of rooms) {
    const of = files.filter((file) => roomOf(file) === name);
    const taken = (those) => new Set(of.filter(those).flatMap(roomsIncluded).map(({ room }) => room));
    const byHeaders = taken((file) => isHeader(file) && isProgram(file));
    const byProgram = taken(isProgram);
    const byTests = taken(isTest);
    // What tests share of another room includes what that needs.
    for (const { name } of of.filter(isTest).flatMap(roomsIncluded)) {
      if (isTest(name)) for (const { room } of roomsIncluded(name)) byTests.add(room);
    }
    for (const other of SHOWS) {
      if (!byHeaders.has(other)) {
        idle.push(`${name} SHOWS ${other}, ${byProgram.has(other) ? 'which its sources alone USE' : 'and includes it nowhere'}`);
      }
    }
    for (const other of USES) if (!byProgram.has(other)) idle.push(`${name} USES ${other}`);
    for (const other of TEST_ROOMS) if (!byTests.has(other)) idle.push(`${name} TEST_ROOMS ${other}`);
  }
  assert.deepEqual(idle, []);
});

test('what is there for tests is included by tests only', () => {
  const wrong = files.filter((file) => !isTest(file))
    .filter((file) => includesOf(file).some(({ name }) => known.has(name) && isTestSupport(name)));
  assert.deepEqual(wrong, []);
});

// A header that tests alone reach is theirs, and its name must say so: whoever looks for the
// program's parts passes it by.
test('what tests share is called test_*', () => {
  const includers = new Map(files.filter(isHeader).map((file) => [file, []]));
  for (const file of files) {
    for (const { name } of includesOf(file)) includers.get(name)?.push(file);
  }
  // Benchmarks and fuzz targets are no tests.
  const elsewhere = tracked.filter((path) => /^(fuzz|bench)\/.*\.(h|cpp)$/.test(path)).map(read).join('\n');
  const kPrograms = [
    'pack/embedded.h',  // what the build lays down, for its own .cpp
    'store/transfer.h',  // until `patchbay store backup`
  ];
  const ofTests = new Set();
  const isTheirs = (file) => isTest(file) || ofTests.has(file) || ofTests.has(file.replace(/\.cpp$/, '.h'));
  for (let before = -1; before !== ofTests.size;) {
    before = ofTests.size;
    for (const [header, by] of includers) {
      const users = by.filter((file) => file !== header.replace(/\.h$/, '.cpp'));
      if (kPrograms.includes(header) || elsewhere.includes(`"${header}"`)) continue;
      if (users.every(isTheirs)) ofTests.add(header);
    }
  }
  assert.deepEqual([...ofTests].filter((file) => !isTestSupport(file)), [], 'nothing but tests includes these');
  const odd = files.filter((file) => /(^|_)(test|harness|mock|fake|stub)(_|\.)/.test(basename(file)) && !isTest(file));
  assert.deepEqual(odd, []);
});

test('a library is seen by the rooms that own it', () => {
  const owners = [
    { library: /^simdjson/, rooms: ['json'] },
    { library: /^sqlite3/, rooms: ['store'] },
    { library: /^libpq/, rooms: ['store'] },
    { library: /^yaml\.h/, rooms: ['yaml'] },
    { library: /^re2\//, rooms: ['schema', 'pack', 'upstream', 'dialect'] },
    { library: /^CLI\//, rooms: ['cli'] },
    { library: /^boost\/(asio|beast)/, rooms: ['io', 'http'] },
    { library: /^boost\/json/, rooms: [] },
  ];
  const wrong = [];
  for (const file of files.filter(roomOf)) {
    for (const { name, line } of includesOf(file)) {
      const owner = owners.find(({ library }) => library.test(name));
      if (owner && !owner.rooms.includes(outermost(roomOf(file)))) {
        wrong.push(`src/${file}:${line} includes ${name}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

// Sources of a room are compiled together, as many as a preset says: `make demo` takes all of them.
test('what a source keeps to itself has a name of its own in its room', () => {
  const wrong = [];
  for (const room of rooms.keys()) {
    const kept = new Map();
    for (const file of files.filter((each) => roomOf(each) === room && isProgram(each) && !isHeader(each))) {
      const lines = textOf(file).split('\n');
      for (const { name, kind, line, scope } of scan(textOf(file)).declared) {
        if (scope || !/^(constant|type)$/.test(kind) || /^\s*(using|namespace) /.test(lines[line - 1])) continue;
        if (new RegExp(`::${name}\\b`).test(lines[line - 1])) continue;  // of a class: `struct Api::Impl {`
        const where = `${file}:${line}`;
        if (kept.has(name) && !kept.get(name).startsWith(`${file}:`)) wrong.push(`${name}: ${kept.get(name)} and ${where}`);
        else kept.set(name, where);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

// ---- what compiles -----------------------------------------------------------------------------

const scratch = mkdtempSync(join(tmpdir(), 'patchbay-house-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

const commands = JSON.parse(readFileSync(join(build, 'compile_commands.json'), 'utf8'));

// The command that really compiles the room's sources, alone or some of them together, up to its
// output; a room of headers alone is compiled into its tests.
function commandOf(room) {
  const of = commands.filter(({ file }) => dirname(file) === join(source, room) && !isBench(file));
  const together = new RegExp(`/units/${room.replaceAll('/', '_')}_\\d+\\.cpp$`);
  const found = of.find(({ file }) => !isTest(file)) ?? commands.find(({ file }) => together.test(file)) ?? of[0];
  return found && { ofTests: isTest(found.file), directory: found.directory,
    command: found.command.split(' -o ')[0] };
}

function preprocess({ directory, command }, lines) {
  const file = join(scratch, 'include.cpp');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return spawnSync('/bin/sh', ['-c', `${command} -E -o /dev/null ${file}`],
    { cwd: directory, encoding: 'utf8' });
}

const doorOf = (room) => files.find((file) => roomOf(file) === room && isHeader(file));

for (const [name, { SHOWS, USES, TEST_ROOMS }] of rooms) {
  test(`in ${name}, an include of a room that it does not see does not compile`, (t) => {
    const real = commandOf(name);
    // A folder that was just added is not configured yet.
    assert.ok(real, `no source file of ${name} is in ${build}/compile_commands.json: build it anew`);
    // The compiler follows what is shown; that a room names what it includes is asked for above.
    const visible = shownBy([name, ...SHOWS, ...USES, ...(real.ofTests ? TEST_ROOMS : [])]);
    const others = [...rooms.keys()].filter(doorOf);
    const asked = others.map((other) => `#if __has_include("${doorOf(other)}")\n#warning "sees ${other}."\n#endif`);
    const { stderr } = preprocess({ ...real, command: `${real.command} -Wno-error` }, asked);
    const seen = [...stderr.matchAll(/"sees (\S+)\."/g)].map(([, other]) => other);
    assert.deepEqual([...new Set(seen)].sort(), others.filter((other) => visible.has(other)).sort(), stderr.slice(0, 500));

    const hidden = others.find((other) => !visible.has(other));
    if (!hidden) return;
    const tried = preprocess(real, [`#include "${doorOf(hidden)}"`]);
    assert.notEqual(tried.status, 0, `${name} compiles with #include "${doorOf(hidden)}"`);
    assert.match(tried.stderr, /file not found/);
  });
}
