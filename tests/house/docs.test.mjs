// What documentation promises, the binary does: commands and flags, variables, keys of the configuration
// file, series of metrics, and the words that the format of integrations knows.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startDemo } from '../e2e/harness/demo.mjs';
import { legacyCall, post } from '../e2e/harness/http.mjs';
import { run } from '../e2e/harness/process.mjs';
import { files, isProgram, read, textOf, tracked } from './tree.mjs';

const pages = tracked.filter((path) => /^(docs\/(?!integrations\/).*\.md|[^/]*\.md|deploy\/.*)$/.test(path)
  && path !== 'CHANGELOG.md');  // it tells of what was

// ---- what an operator can set ------------------------------------------------------------------

// The table of options, as app/ writes it.
const options = new Map();  // name → whether it is a secret, which no flag takes
for (const file of files.filter((each) => /^app\/config\w*\.cpp$/.test(each) && isProgram(each))) {
  const text = textOf(file);
  for (const { 1: name, index } of text.matchAll(/^ *\{"([a-z]+(?:-[a-z]+)*)",\s*"[A-Z]*",/gm)) {
    const entry = text.slice(index, text.indexOf('\n    {"', index + 1));
    options.set(name, /\}\s*,\s*false,\s*true\}/.test(entry));
  }
}
const flagsOf = (help) => new Set([...help.matchAll(/(?<![\w-])--([a-z]+(?:-[a-z]+)*)/g)].map(([, flag]) => flag));

const commands = new Map();  // name → its flags, with those of the commands below it
const groups = new Map();  // name → the commands below it
// They stand under headings; what is told by its place, options and examples do too.
const below = (help) => help.split(/^(?=\S.*:$)/m).filter((part) => !/^(Positionals|Options|First steps|Example)/.test(part))
  .flatMap((part) => [...part.matchAll(/^  ([a-z]+(?:-[a-z]+)*) {2,}/gm)].map(([, name]) => name));
before(async () => {
  for (const name of below((await run('--help')).stdout)) {
    const help = [(await run(name, '--help')).stdout];
    const inner = below(help[0]);
    for (const each of inner) help.push((await run(name, each, '--help')).stdout);
    commands.set(name, flagsOf(help.join('\n')));
    if (inner.length > 0) groups.set(name, inner);
  }
});

test('help lists every option but those that are secret', () => {
  assert.ok(options.size > 15, `only ${options.size} options were found in app/config*.cpp`);
  const flags = [...commands.get('serve')].filter((flag) => !['config', 'help'].includes(flag));
  // Help speaks of other flags in passing; all of the table must be there, and no other begins a line.
  assert.deepEqual([...options].filter(([, secret]) => !secret).map(([name]) => name)
    .filter((name) => !flags.includes(name)), []);
  assert.deepEqual(flags.filter((flag) => !options.has(flag)), []);
});

// A page's lines of code: blocks, with continued lines put together, and whatever stands in backticks.
function codeOf(page) {
  const text = read(page);
  if (!page.endsWith('.md')) return { lines: text.split('\n'), inline: [] };
  const blocks = [...text.matchAll(/^```[^\n]*\n([\s\S]*?)^```/gm)].map(([, inside]) => inside).join('\n');
  const rest = text.replace(/^```[\s\S]*?^```/gm, '');
  const inline = [...rest.matchAll(/`([^`]+)`/g)].map(([, inside]) => inside.replace(/\s+/g, ' '));
  return { lines: [...blocks.replace(/\\\n\s*/g, ' ').split('\n'), ...inline], inline };
}

test('the commands and flags that pages name exist', () => {
  const wrong = [];
  const all = new Set([...commands.values()].flatMap((flags) => [...flags]));
  for (const page of pages) {
    const { lines, inline } = codeOf(page);
    for (const line of lines) {
      const [, command, rest] = line.match(/(?:^|\/|\s)patchbay +([a-z]+)\b(.*)/) ?? [];
      if (!command) continue;
      // Prose in a comment, the name of a unit or a folder: no command stands there.
      if (!commands.has(command)) {
        if (/^(\$ |build\/\S*|\S*\/)?patchbay /.test(line)) wrong.push(`${page}: patchbay ${command}`);
        continue;
      }
      const [, inner] = rest.match(/^ +([a-z]+(?:-[a-z]+)*)\b/) ?? [];
      if (inner && groups.get(command)?.includes(inner) === false) wrong.push(`${page}: patchbay ${command} ${inner}`);
      for (const flag of flagsOf(rest.replace(/(^|\s)#.*/, ''))) {
        if (!commands.get(command).has(flag)) wrong.push(`${page}: patchbay ${command} --${flag}`);
      }
    }
    // `--flag` by itself is one of ours, but on pages about other programs.
    if (/benchmarks|mcp-conformance|decisions/.test(page)) continue;
    for (const each of inline.filter((code) => code.startsWith('--'))) {
      for (const flag of flagsOf(each)) if (!all.has(flag)) wrong.push(`${page}: --${flag}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('the environment variables that pages name are read', () => {
  const known = new Set([...options.keys()].map((name) => `PATCHBAY_${name.toUpperCase().replaceAll('-', '_')}`));
  for (const file of files.filter(isProgram)) {
    for (const [, name] of textOf(file).matchAll(/"(PATCHBAY_[A-Z_]+)"/g)) known.add(name);
  }
  // Macros are called so too.
  for (const path of tracked.filter((each) => /\.(h|cpp)$|CMakeLists\.txt$|\.cmake$/.test(each))) {
    for (const [, name] of read(path).matchAll(/(?:#\s*define|option\(|set\()\s*(PATCHBAY_[A-Z_]+)/g)) known.add(name);
  }
  const wrong = pages.flatMap((page) => [...read(page).matchAll(/\bPATCHBAY_[A-Z_]+\b/g)]
    .filter(([name]) => !known.has(name)).map(([name]) => `${page}: ${name}`));
  assert.deepEqual(wrong, []);
});

test('the keys and limits of the operations page are options', () => {
  const page = read('docs/operations.md');
  const named = [];
  for (const [, block] of page.matchAll(/^```yaml\n([\s\S]*?)^```/gm)) {
    named.push(...[...block.matchAll(/^([a-z_]+):/gm)].map(([, key]) => key));
  }
  for (const [, cell] of page.matchAll(/^\| *`([a-z_-]+)` *\|/gm)) named.push(cell);
  assert.ok(named.length > 6, 'the page shows a file and a table of limits');
  // The table of what a defender sees names events, that of gauges series (which are held against /metrics).
  const events = read('src/telemetry/watch.cpp');
  assert.deepEqual(named.filter((name) => !name.startsWith('patchbay_') && !options.has(name.replaceAll('_', '-')) && !events.includes(`"${name}"`)), []);
});

// The reference lists every tool of the pack, which src/pack/manual_test.cpp sees to.
test('the tools that pages name exist', () => {
  const manual = 'docs/integrations/connectwise-psa.md';
  const tools = new Set([...read(manual).matchAll(/^#### `(\w+)`/gm)].map(([, name]) => name));
  assert.ok(tools.size > 200, `only ${tools.size} tools stand in ${manual}`);
  const wrong = [...pages, manual].flatMap((page) => [...read(page).matchAll(/\b\w*connect_wise_psa_\w+/g)]
    .filter(([name]) => !tools.has(name)).map(([name]) => `${page}: ${name}`));
  assert.deepEqual(wrong, []);
});

// Debian 12 has a Node.js that npm leaves parts of the dashboard out for.
test('packages of npm are installed by the Node.js that their lock file pins', () => {
  const scripts = tracked.filter((path) => /(\.sh|Makefile|Dockerfile|\.cmake)$/.test(path) && path !== 'scripts/npm_ci.sh');
  assert.ok(scripts.length > 20);
  assert.deepEqual(scripts.filter((path) => /^[^#]*\bnpm (ci|i|install)\b/m.test(read(path))), []);
});

// ---- what it tells of itself -------------------------------------------------------------------

describe('metrics', () => {
  let series;  // name → its labels
  before(async () => {
    const demo = await startDemo();
    try {
      assert.equal((await post(demo.mcp_url, legacyCall('list_all_connect_wise_psa_priorities', { limit: 1 }))).status, 200);
      const { text } = await demo.admin.request('GET', '/metrics');
      series = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)/gm)].map(([, name]) => [name, new Set()]));
      for (const [, name, labels] of text.matchAll(/^(patchbay_\w+?)(?:_bucket|_sum|_count)?\{([^}]*)\}/gm)) {
        for (const [, label] of labels.matchAll(/(\w+)="/g)) if (label !== 'le') series.get(name).add(label);
      }
    } finally {
      await demo.program.stop();
    }
  });
  const told = () => [...series].map(([name, labels]) => `${name}{${[...labels].sort()}}`).sort();

  test('the README of telemetry lists every series, with its labels', () => {
    const listed = [...read('src/telemetry/README.md').matchAll(/`(patchbay_\w+)\{([\w,]*)\}`/g)]
      .map(([, name, labels]) => `${name}{${labels.split(',').sort()}}`).sort();
    assert.deepEqual(listed, told());
  });

  test('no page names another', () => {
    const wrong = [...pages, ...tracked.filter((path) => /README\.md$/.test(path))].flatMap((page) =>
      [...read(page).matchAll(/\bpatchbay_[a-z_]+(?:_total|_seconds|_bytes|_count|_sum|_bucket)\b/g)]
        .map(([name]) => name).filter((name) => !series.has(name) && !series.has(name.replace(/_(count|sum|bucket)$/, '')))
        .map((name) => `${page}: ${name}`));
    assert.deepEqual(wrong, []);
  });
});

// ---- the words of the format -------------------------------------------------------------------

// What `patchbay integration validate` says of a word that nobody knows names those that it knows.
const kUnheardOf = 'zzqx';
const kPage = 'docs/authoring-integrations.md';

describe('the format of integrations', () => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-house-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  let serial = 0;

  // A small pack with these lines in its places: what validate has against it.
  async function problems({ credential = 'name: site', integration = '', resource = '', method = '', prompt }) {
    const pack = join(folder, `pack_${++serial}`, 'acme');
    mkdirSync(join(pack, 'resources'), { recursive: true });
    writeFileSync(join(pack, 'integration.yaml'),
      `name: acme\nbase_url: "https://{site}/api"\ncredentials:\n  - {${credential}, help: The host}\n${integration}`);
    writeFileSync(join(pack, 'resources', 'tasks.yaml'), `resource: tasks\ntags: [work]\npath: /tasks\nfields:\n  id: integer\n  title: {type: string}\n${
      resource}methods:\n  list: {description: Tasks of all projects, default_fields: [id, title]}\n${method}`);
    if (prompt) {
      mkdirSync(join(pack, 'prompts'));
      writeFileSync(join(pack, 'prompts', 'tidy.yaml'), prompt);
    }
    const { stdout, stderr } = await run('integration', 'validate', '--json', pack);
    assert.ok(stdout.startsWith('{'), stderr);
    return JSON.parse(stdout).problems.filter(({ severity }) => severity === 'error');
  }

  // The words that are told when `zzqx` stands there.
  async function known(pack) {
    const all = await problems(pack);
    const problem = all.find(({ message, fix }) => message.includes(kUnheardOf) && /^(known:|use one of) /.test(fix));
    assert.ok(problem, `nothing is told of ${kUnheardOf}, with what is known, in ${JSON.stringify(pack)}: ${JSON.stringify(all)}`);
    return problem.fix.replace(/^(known:|use one of) /, '').split(/, | or /).sort();
  }

  const text = read(kPage);
  // A table of the page: key → what it says, as it stands.
  function table(heading) {
    const section = text.slice(text.indexOf(`\n${heading}\n`)).slice(heading.length + 2);
    const rows = new Map();
    for (const line of section.slice(section.search(/^\|/m)).split('\n')) {
      if (!line.startsWith('|')) break;
      const [, first, ...rest] = line.split(/(?<!\\)\|/);
      for (const [, key] of first.matchAll(/`([a-z_]+)`/g)) rows.set(key, rest.join('|'));
    }
    assert.ok(rows.size > 3, `no table under ${heading}`);
    return rows;
  }
  // What a cell puts in backticks and could be a key or a word, but for what it tells of by the way.
  const namedIn = (cell) => [...new Set([...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word)
    .filter((word) => /^[a-z_][a-z_0-9]*$/.test(word)))].sort();
  const union = (...lists) => [...new Set(lists.flat())].sort();

  const top = table('## integration.yaml');

  // Each row's keys, and the words of those that take one of several.
  const rows = {
    auth: ['style'], rate_limit: [], errors: [], probe: [], shape: [], dialects: ['filter', 'wildcards', 'update', 'errors'],
  };
  const required = { probe: 'path: /me, ' };
  // Of a word that is nothing without another.
  const beside = { wildcards: 'filter: connectwise_conditions, ' };
  for (const [row, enumerated] of Object.entries(rows)) {
    test(`${row}: the keys and words that are told of are those that are known`, async () => {
      const within = (inside) => ({ integration: `${row}: {${inside}}\n` });
      const keys = await known(within(`${required[row] ?? ''}${kUnheardOf}: 1`));
      const words = await Promise.all(enumerated.map((key) => known(within(`${beside[key] ?? ''}${key}: ${kUnheardOf}`))));
      assert.deepEqual(namedIn(top.get(row)), union(keys, ...words));
    });
  }

  test('credentials: the types that are told of are those that are known', async () => {
    const types = await known({ credential: `name: site, type: ${kUnheardOf}` });
    assert.deepEqual(types.filter((word) => !namedIn(top.get('credentials')).includes(word)), []);
  });

  test('pagination: the keys and styles that are told of are those that are known', async () => {
    const section = table('### Pages');
    assert.deepEqual([...section.keys()].sort(), await known({ integration: `pagination: {${kUnheardOf}: 1}\n` }));
    const styles = await known({ integration: `pagination: {style: ${kUnheardOf}}\n` });
    assert.deepEqual(namedIn(section.get('style')), union(styles, namedIn(section.get('style'))
      .filter((word) => section.has(word))));
  });

  test('the keys of integration.yaml, of a resource and of a prompt are those that are read', async () => {
    assert.deepEqual([...top.keys()].sort(), await known({ integration: 'zzqx: 1\n' }));
    assert.deepEqual([...table('## resources/&lt;name&gt;.yaml').keys()].sort(), await known({ resource: 'zzqx: 1\n' }));
    assert.deepEqual([...table('## prompts/&lt;name&gt;.yaml').keys()].sort(),
      await known({ prompt: 'prompt: tidy\ntitle: Tidy\ndescription: Tidy up\ntext: "{tasks.list}"\nzzqx: 1\n' }));
  });

  test('the keys of a method are read, and those that are read are told of', async () => {
    // There are more than a problem lists, so each is tried.
    const method = (key) => ({ method: `  get: {description: One task by its id, ${key}: 1}\n` });
    const isUnknown = ({ message }, key) => message.includes(`unknown key '${key}'`);
    assert.ok((await problems(method(kUnheardOf))).some((each) => isUnknown(each, kUnheardOf)));
    for (const key of table('### Methods').keys()) {
      if (key === 'description') continue;
      assert.ok(!(await problems(method(key))).some((each) => isUnknown(each, key)), `no method has ${key}`);
    }
    const untold = (await known(method(kUnheardOf)))
      .filter((key) => !new RegExp(`\`${key}\`|^ *(- \\{?)?${key}:`, 'm').test(text));
    assert.deepEqual(untold, []);
  });
});
