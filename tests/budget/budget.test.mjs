// The budget of a call (bench/budget) bites: a second parse of what was shaped, planted into a
// program that is linked beside the real one, is over it, and the parser is named.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const root = new URL('../..', import.meta.url).pathname;
const build = dirname(process.env.PATCHBAY_BIN);
const kPath = '25 tickets, default fields';

const shell = (command) => execFileSync('/bin/sh', ['-c', command], { cwd: build, stdio: 'pipe' });

// The real program, but for one source.
function linkWith(scratch, file, change) {
  const source = readFileSync(join(root, file), 'utf8');
  const changed = change(source);
  assert.notEqual(changed, source, `${file} is no longer what this test changes`);
  const planted = join(scratch, 'planted.cpp');
  writeFileSync(planted, changed);
  const { command } = JSON.parse(readFileSync(join(build, 'compile_commands.json'), 'utf8'))
    .find((one) => one.file === join(root, file));
  const object = command.match(/ -o (\S+)/)[1].split('/').at(-1);
  shell(command.replace(/ -o \S+ -c \S+/, ` -o ${join(scratch, object)} -c ${planted}`)
    .replaceAll(/ -M[FT] \S+| -MD/g, ''));
  const link = execFileSync('ninja', ['-C', build, '-t', 'commands', 'patchbay'], { encoding: 'utf8',
    maxBuffer: 1e9 }).trim().split('\n').at(-1);
  const library = link.match(/\S+libgateway_answers\.a/)[0];
  copyFileSync(join(build, library), join(scratch, 'planted.a'));
  shell(`ar r ${join(scratch, 'planted.a')} ${join(scratch, object)}`);
  const program = join(scratch, 'patchbay');
  shell(link.replaceAll(library, join(scratch, 'planted.a')).replace(/ -o patchbay /, ` -o ${program} `));
  return program;
}

test('a second parse of what was shaped is over the budget, and its functions are named', (t) => {
  const scratch = mkdtempSync(join(tmpdir(), 'patchbay-planted-'));
  t.after(() => rmSync(scratch, { recursive: true, force: true }));
  const program = linkWith(scratch, 'src/gateway/answers/shape.cpp', (source) => source
    .replace('#include "gateway/sending/read_answer.h"\n',
      '#include "gateway/sending/read_answer.h"\n#include "json/parse.h"\n')
    .replace('  list.records = std::move(*records);\n',
      '  list.records = std::move(*records);\n'
      + '  if (const auto again = json::parse(list.text); !again) list.text.clear();\n'));
  const { status, stdout, stderr } = spawnSync(join(root, 'bench/budget/run.sh'), ['--only', kPath],
    { env: { ...process.env, PATCHBAY_BIN: program }, encoding: 'utf8' });
  assert.equal(status, 1, stdout + stderr);
  assert.match(stdout, new RegExp(`^Over its budget: ${kPath}`, 'm'));
  assert.match(stdout, /^ +\+[\d,]+ {2}json::Parser::parse_\w+$/m);
  assert.match(stdout, /^1 over budget\.$/m);
});
