// Locks are checked: what takes guarded data without its lock does not compile, with the flags of the
// real build. Each .cpp here says on its lines what clang must refuse.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';

const here = new URL('.', import.meta.url).pathname;
const source = join(here, '../../src');
const commands = JSON.parse(
  readFileSync(join(dirname(process.env.PATCHBAY_BIN), 'compile_commands.json'), 'utf8'));

// What the compiler says of a file that stands beside that source: ['file:line: message'].
function refusals(file, beside) {
  const real = commands.find((one) => one.file === join(source, beside));
  assert.ok(real, `${beside} is not in compile_commands.json`);
  const compile = `${real.command.split(' -o ')[0]} -fsyntax-only -ferror-limit=0 ${file}`;
  const { stderr } = spawnSync('/bin/sh', ['-c', compile],
    { cwd: real.directory, encoding: 'utf8' });
  const lines = new Map();
  for (const [, at, line, message] of
    stderr.matchAll(/^([^:\n]+):(\d+):\d+: (?:fatal )?error: (.*?)(?: \[.*\])?$/gm)) {
    const place = `${relative(here, at)}:${line}`;
    lines.set(place, [...lines.get(place) ?? [], message]);
  }
  return [...lines].map(([place, messages]) => `${place}: ${messages.join('; ')}`);
}

for (const [name, beside] of [
  ['mutex.cpp', 'io/runtime.cpp'],
]) {
  const file = join(here, name);
  const wanted = readFileSync(file, 'utf8').split('\n').flatMap((text, index) => {
    const message = text.match(/\/\/ refused: (.*)$/)?.[1];
    return message ? [`${name}:${index + 1}: ${message}`] : [];
  });
  test(`${name}: ${wanted.length} mistakes are refused, and nothing else`, () => {
    assert.ok(wanted.length > 5);
    assert.deepEqual(refusals(file, beside), wanted);
  });
}

test('every lock is one that is checked', () => {
  const own = new RegExp('std::(mutex|shared_mutex|recursive_mutex|timed_mutex|lock_guard|'
    + 'scoped_lock|unique_lock|shared_lock|condition_variable)\\b');
  const wrong = readdirSync(source, { recursive: true })
    .filter((file) => /\.(h|cpp)$/.test(file) && file !== 'base/mutex.h')
    .filter((file) => own.test(readFileSync(join(source, file), 'utf8')));
  assert.deepEqual(wrong, []);
});
