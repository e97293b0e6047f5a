// The tree as it stands: rooms as src/'s CMakeLists.txt declare them, and source files with what they
// include. Whatever reads this holds for tomorrow's rooms as for today's: nothing here names one.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export const root = resolve(new URL('../..', import.meta.url).pathname);
export const source = join(root, 'src');
export const read = (path) => readFileSync(join(root, path), 'utf8');

// Every file of the repository, committed or about to be.
export const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'],
  { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 }).split('\0')
  .filter((path) => path && existsSync(join(root, path)));

// C++ below src/, by its path from there, as an #include writes it.
export const files = tracked.filter((path) => /^src\/.*\.(h|cpp)$/.test(path))
  .map((path) => path.slice('src/'.length));
const texts = new Map();
export function textOf(file) {
  if (!texts.has(file)) texts.set(file, read(join('src', file)));
  return texts.get(file);
}

// ---- rooms -------------------------------------------------------------------------------------

const kLists = ['SHOWS', 'USES', 'LIBS', 'PRIVATE_LIBS', 'TEST_ROOMS'];

// Folder → {name, SHOWS, USES, LIBS, PRIVATE_LIBS, TEST_ROOMS, where}
export const rooms = new Map();
for (const path of tracked.filter((each) => /^src\/(.*\/)?(CMakeLists\.txt|[^/]*\.cmake)$/.test(each))) {
  for (const [, inside] of read(path).replace(/#.*/g, '').matchAll(/\bpatchbay_room\(([^)]*)\)/g)) {
    const [folder, ...words] = inside.trim().split(/\s+/);
    const room = { folder, where: path };
    for (const list of kLists) room[list] = [];
    let list;
    for (const word of words) {
      if (kLists.includes(word)) list = word;
      else room[list].push(word);
    }
    if (rooms.has(folder)) throw new Error(`${folder} is declared twice: ${path}, ${rooms.get(folder).where}`);
    rooms.set(folder, room);
  }
}

// main.cpp stands in no room: it opens the door of the topmost.
export const roomOf = (file) => (dirname(file) === '.' ? undefined : dirname(file));
export const outermost = (room) => room.split('/')[0];

// ---- kinds of files ----------------------------------------------------------------------------

export const isHeader = (file) => file.endsWith('.h');
// What tests share; named so that nobody takes it for the program's.
export const isTestSupport = (file) => /(^|\/)test_\w+\.(h|cpp)$/.test(file);
export const isTest = (file) => /_test\.cpp$/.test(file) || isTestSupport(file);
export const isBench = (file) => /_bench\.cpp$/.test(file);
// What the program is made of.
export const isProgram = (file) => !isTest(file) && !isBench(file);

// ---- includes ----------------------------------------------------------------------------------

// [{line, name, quoted}]
export function includesOf(file) {
  return includesIn(textOf(file));
}

export function includesIn(text) {
  return [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]+(?:"([^"\n]+)"|<([^>\n]+)>)/gm)]
    .map(({ 1: quoted, 2: angled, index }) => ({
      name: quoted ?? angled, quoted: quoted !== undefined,
      line: text.slice(0, index).split('\n').length,
    }));
}

// Of the rooms named, themselves and all that they show, and what those show.
export function shownBy(names, into = new Set()) {
  for (const name of names) {
    if (into.has(name) || !rooms.has(name)) continue;
    into.add(name);
    shownBy(rooms.get(name).SHOWS, into);
  }
  return into;
}
