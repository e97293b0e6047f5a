// A room's README is its map: it names every file of the room, and no file that is not there. The
// other pages name files too, and these are there as well.
import assert from 'node:assert/strict';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { files, isProgram, read, roomOf, rooms, tracked } from './tree.mjs';

const isThere = new Set(tracked);

// The README that tells of a room: its own, or that of the room that it is an inner one of.
function readmeOf(room) {
  for (let folder = room; folder !== '.'; folder = dirname(folder)) {
    if (isThere.has(`src/${folder}/README.md`)) return `src/${folder}/README.md`;
  }
  return undefined;
}

// Whatever stands in backticks, without blocks of code: [{text, line}]
function* quoted(text) {
  for (const [at, line] of text.replace(/^```.*?^```/gms, (block) => block.replace(/[^\n]/g, '')).split('\n').entries()) {
    for (const [, inside] of line.matchAll(/`([^`]+)`/g)) yield { text: inside, line: at + 1 };
  }
}

// The first cells of tables that list files: what stands there names files, also without an ending.
function* listed(text) {
  let inTable = false;
  for (const [at, line] of text.split('\n').entries()) {
    if (!line.startsWith('|')) inTable = false;
    else if (/^\|\s*files?\s*\|/.test(line)) inTable = true;
    else if (inTable) for (const { text: name } of quoted(line.split('|')[1])) yield { text: name, line: at + 1 };
  }
}

// `seed_*.cpp`, `rules_<module>.cpp` and `…_test.cpp` name all files of that form; `cell.*` both.
const pattern = (name, before = '') => new RegExp(`^${before}${name.replace(/<\w+>|…|\*/g, '\0')
  .replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('\0', '.*')}$`);
const looksLikeFile = (text) => /^\w[\w./*<>…-]*\.(h|cpp|mjs|sh|cmake|md|ya?ml|json|conf|service|\*)$/.test(text)
  && !text.startsWith('foo');  // what a reader is to put a name for

const stem = (file) => file.replace(/\.(h|cpp|\*)$/, '');

for (const room of rooms.keys()) {
  test(`${room} has a README that names its files`, () => {
    const readme = readmeOf(room);
    assert.ok(readme, `src/${room}/README.md: say what stands where`);
    const folder = dirname(readme).slice('src/'.length);
    const text = read(readme);
    const names = [...quoted(text), ...listed(text)].map(({ text: name }) => pattern(stem(name)));
    const unnamed = new Set(files.filter((file) => roomOf(file) === room && isProgram(file)).map(stem));
    for (const file of unnamed) {
      // By its own name, its path from the README, or its path from src/.
      const forms = [basename(file), file.slice(folder.length + 1), file];
      if (names.some((name) => forms.some((form) => name.test(form)))) unnamed.delete(file);
    }
    assert.deepEqual([...unnamed], [], readme);
  });
}

// Whether a page in this folder can mean a file by that name: from its own folder or one within it,
// from src/, from the root, and, of an inner room, from the outer one.
function isMeant(folder, name) {
  const from = [folder, ...(/^src\/.+\//.test(folder) ? [dirname(folder)] : [])];
  const whole = [pattern(name), pattern(name, 'src/'), ...from.map((each) => pattern(name, `${each}/(.*/)?`))];
  return tracked.some((each) => whole.some((form) => form.test(each)));
}

const isFolder = (path) => tracked.some((each) => each.startsWith(`${path}/`));

for (const page of tracked.filter((path) => /^(src|tests)\/.*README\.md$/.test(path) && !path.includes('node_modules'))) {
  test(`${page} names no file that is not there`, () => {
    const text = read(page);
    const folder = dirname(page);
    const gone = [...quoted(text)].filter(({ text: name }) => looksLikeFile(name) && !isMeant(folder, name));
    // In a list of files a name may go without its ending, and may be a folder's.
    gone.push(...[...listed(text)].filter(({ text: name }) => /^[\w/*<>…]+$/.test(name)
      && !isMeant(folder, `${name}.*`) && !isFolder(join(folder, name.replace(/\/$/, '')))));
    assert.deepEqual(gone.map(({ text: name, line }) => `${page}:${line} ${name}`), []);
  });
}

// What a page of docs/ calls by a bare name may be the reader's own file; a source is ours.
test('docs and the pages of the root name no source file that is not there', () => {
  const gone = [];
  for (const page of tracked.filter((path) => /^(docs\/.*|[^/]*)\.md$/.test(path) && path !== 'CHANGELOG.md')) {
    for (const { text: name, line } of quoted(read(page))) {
      const isOurs = /\.(h|cpp)$/.test(name) || /^(src|tests|scripts|cmake|bench|fuzz|deploy)\//.test(name);
      const path = name.split(/[ :#]/)[0].replace(/\/$/, '');
      if (isOurs && !name.startsWith('foo') && !isMeant('src', path) && !isFolder(path)) {
        gone.push(`${page}:${line} ${name}`);
      }
    }
  }
  assert.deepEqual(gone, []);
});
