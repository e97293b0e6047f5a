// The house of DESIGN 3: a room sees the rooms below it and no other.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { after, test } from 'node:test';

const root = new URL('../..', import.meta.url).pathname;
const source = join(root, 'src');
const build = dirname(process.env.PATCHBAY_BIN);

// ---- what is declared --------------------------------------------------------------------------

const rooms = new Map();  // name → the rooms that it names
const testRooms = new Map();  // name → the rooms that its tests see beside those
const listOf = (word, text) => (text.match(
  new RegExp(`(?<![A-Z_])${word}\\s+((?:(?!(?:LIBS|TEST_ROOMS)\\b)\\S+\\s*)*)`))?.[1] ?? '')
  .trim().split(/\s+/).filter(Boolean);
for (const [, name, rest] of readFileSync(join(source, 'CMakeLists.txt'), 'utf8')
  .replace(/#.*/g, '').matchAll(/patchbay_room\((\w+)([^)]*)\)/g)) {
  rooms.set(name, listOf('ROOMS', rest));
  testRooms.set(name, listOf('TEST_ROOMS', rest));
}

// All that a room sees: itself, what it names, and what these see.
function seen(room, path = []) {
  assert.ok(rooms.has(room), `${path.at(-1)} names ${room}, which is no room`);
  assert.ok(!path.includes(room), `a circle: ${[...path, room].join(' → ')}`);
  return new Set([room, ...rooms.get(room).flatMap((below) => [...seen(below, [...path, room])])]);
}

const files = readdirSync(source, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(h|cpp)$/.test(entry.name))
  .map((entry) => relative(source, join(entry.parentPath, entry.name)));
const roomOf = (file) => (file.includes('/') ? file.split('/')[0] : 'cli');  // main.cpp is cli's

function* includes(file) {
  const text = readFileSync(join(source, file), 'utf8');
  for (const [, quoted, angled] of text.matchAll(/^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)/gm)) {
    yield quoted ?? angled;
  }
}

test('every room of src/ is declared, and every declared room is there', () => {
  const folders = readdirSync(source, { withFileTypes: true })
    .filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  assert.deepEqual(folders.sort(), [...rooms.keys()].sort());
});

test('the declared arrows run downward only: there is no circle', () => {
  for (const room of rooms.keys()) seen(room);
});

// What only tests include may see what tests see.
const isTest = (file) => file.endsWith('_test.cpp') || isTestSupport(file);
const isTestSupport = (file) => /(\/test_\w+|_harness|_world)\.h$/.test(file);

test('what is there for tests is included by tests only', () => {
  const wrong = files.filter((file) => !isTest(file))
    .filter((file) => [...includes(file)].some((name) => name?.includes('/') && isTestSupport(name)));
  assert.deepEqual(wrong, []);
});

test('every include stays within what its room sees', () => {
  const wrong = [];
  for (const file of files) {
    const visible = seen(roomOf(file));
    if (isTest(file)) {
      for (const room of testRooms.get(roomOf(file))) seen(room).forEach((one) => visible.add(one));
    }
    for (const name of includes(file)) {
      const target = name.split('/')[0];
      if (rooms.has(target) && !visible.has(target)) wrong.push(`${file} includes ${name}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('the rooms whose independence matters most see no more than they should', () => {
  // Two independent readings of one API keep each other honest.
  for (const room of ['gateway', 'dialect', 'catalog', 'upstream', 'control', 'mcp']) {
    assert.ok(!seen('sandbox').has(room), `sandbox sees ${room}`);
    assert.ok(!seen(room).has('sandbox'), `${room} sees sandbox`);
  }
  assert.deepEqual([...seen('base')], ['base']);
  for (const room of rooms.keys()) {
    if (room !== 'cli') assert.ok(!seen(room).has('cli'), `${room} sees cli`);
    if (room !== 'cli' && room !== 'app') assert.ok(!seen(room).has('app'), `${room} sees app`);
  }
});

test('each library is seen by the rooms that own it', () => {
  const owners = [
    { library: /^simdjson/, rooms: ['json'] },
    { library: /^sqlite3/, rooms: ['store'] },
    { library: /^yaml\.h/, rooms: ['catalog', 'app'] },
    { library: /^re2\//, rooms: ['schema', 'catalog', 'upstream', 'dialect'] },
    { library: /^CLI\//, rooms: ['cli'] },
    { library: /^boost\/(asio|beast)/, rooms: ['io', 'http'] },
    { library: /^boost\/json/, rooms: [] },
  ];
  const wrong = [];
  for (const file of files) {
    for (const name of includes(file)) {
      const owner = owners.find(({ library }) => library.test(name));
      if (owner && !owner.rooms.includes(roomOf(file))) wrong.push(`${file} includes ${name}`);
    }
  }
  assert.deepEqual(wrong, []);
});

// ---- what compiles -----------------------------------------------------------------------------

const scratch = mkdtempSync(join(tmpdir(), 'patchbay-arrows-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

const commands = JSON.parse(readFileSync(join(build, 'compile_commands.json'), 'utf8'));

// The command that really compiles a source file of that room, up to its flags' end.
function commandOf(room) {
  const found = commands.find(({ file }) =>
    file.startsWith(join(source, room) + '/') && !/_(test|bench)\.cpp$/.test(file));
  return found && { directory: found.directory, command: found.command.split(' -o ')[0] };
}

function preprocess({ directory, command }, header) {
  const file = join(scratch, 'include.cpp');
  writeFileSync(file, `#include "${header}"\n`);
  return spawnSync('/bin/sh', ['-c', `${command} -E -o /dev/null ${file}`],
    { cwd: directory, encoding: 'utf8' });
}

for (const room of rooms.keys()) {
  test(`in ${room}, an include of a room that it does not see does not compile`, () => {
    const real = commandOf(room);
    assert.ok(real, `no source file of ${room} is in ${build}/compile_commands.json`);
    const visible = seen(room);
    for (const other of rooms.keys()) {
      const header = files.find((file) => file.startsWith(`${other}/`) && file.endsWith('.h'));
      if (!header) continue;
      const { status, stderr } = preprocess(real, header);
      if (visible.has(other)) {
        assert.equal(status, 0, `${room} should see ${header}: ${stderr}`);
      } else {
        assert.notEqual(status, 0, `${room} compiles with #include "${header}"`);
        assert.match(stderr, /file not found/);
      }
    }
  });
}
