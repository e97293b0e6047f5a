// One vendor is known in a few places only: whatever else knows a word of its API stands in the way of
// the next API. What an API is called, how it calls its fields and what its records are called is data.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tokensOf } from './declarations.mjs';
import { files, isProgram, read, textOf, tracked } from './tree.mjs';

// Where the vendor is known: its dialect; the sandbox that imitates it; the demo of that sandbox and
// the commands that start both. The pack itself is no code. Tests try the program on the shipped pack.
const kAtHome = [
  { files: /^dialect\/connectwise/, why: 'how this API family speaks' },
  { files: /^sandbox\//, why: 'the imitation' },
  { files: /^app\/demo\./, why: 'connects the sandbox' },
  { files: /^cli\/(demo|sandbox)_command\./, why: 'say what was started' },
];
const program = files.filter(isProgram).filter((file) => !kAtHome.some((home) => home.files.test(file)));

// Literals that are no knowledge, each with its reason; one that is not found any more must go.
const kExceptions = new Map(Object.entries({
  'Start a sandbox PSA and a server for it, and print an MCP URL': 'help of `patchbay demo`',
  'Run an imitation of ConnectWise PSA, for demos and tests': 'help of `patchbay sandbox`',
  'How much data: 1 is about 2,000 tickets': 'help of both, about what they are seeded with',
  '  {\\"mcpServers\\": {\\"psa\\": {\\"command\\": \\"patchbay\\", \\"args\\": [\\"stdio\\"],\\n': 'help of `patchbay stdio`: a name that a person gives',
  // Examples in advice on the format of packs.
  'connectwise_psa': '`name`', 'customFields': '`field` of custom fields',
  'tickets.list': '`call` of a step', 'agreement': '`step` of count_when', 'Name of the board': 'of an argument of a prompt',
  'The agreement is not in force in this span': '`otherwise` of count_when',
  'pageSize': 'how a page\'s size is called where a definition does not say', ' desc': 'how `default_order` is written',
  desc: 'how the order of a report is written, whatever its API', asc: 'the same',
  'write it as below base_url: /tickets/{id}/notes': 'a path',
  'orderBy': 'an argument that every list takes, whatever its API calls it',
  'fileName': 'an argument of every upload',
}));
const met = new Set();
const isExcepted = (literal) => kExceptions.has(literal) && met.add(literal);

// Every literal of the program: [{file, line, literal}]; what stands within R"(…)" line by line.
function* literals() {
  for (const file of program) {
    let line = 1;
    const text = textOf(file);
    for (const { 0: token } of text.matchAll(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|R"(\w*)\([\s\S]*?\)\1"|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+'|\n|[^"'/\nR]+|./g)) {
      if (token.startsWith('R"')) {
        for (const [at, each] of token.split('\n').entries()) yield { file, line: line + at, literal: each };
      } else if (token.startsWith('"')) {
        yield { file, line, literal: token.slice(1, -1) };
      }
      line += token.split('\n').length - 1;
    }
  }
}
// The path of a source file only says where something stands.
const all = [...literals()].filter(({ literal }) => !files.includes(literal));
const told = ({ file, line, literal }) => `src/${file}:${line} "${literal}"`;

test('no code names the vendor or its product', () => {
  const vendor = /connect_?wise|\bpsa\b|\bcw\b|manage\.net/i;
  const wrong = all.filter(({ literal }) => vendor.test(literal) && !isExcepted(literal)).map(told);
  for (const file of program) {
    for (const { text, line } of tokensOf(textOf(file))) {
      if (/connect_?wise|(^|_)psa(_|$)/i.test(text)) wrong.push(`src/${file}:${line} ${text}`);
    }
  }
  // The register of dialects calls the family by its function; see kExceptions.
  assert.deepEqual(wrong.filter((each) => !/^src\/dialect\/\w+\.cpp:\d+ \w*connectwise\w*$/i.test(each)), []);
});

test('no code knows a field or parameter of its API', () => {
  // As the pack calls them. Names in one word (id, name, status) are everybody's, but these are not.
  const own = new Set(['identifier', '_info', 'id desc', 'id asc', 'desc', 'asc', 'inactive']);
  for (const path of tracked.filter((each) => /^integrations\/connectwise_psa\/.*\.yaml$/.test(each))) {
    for (const [name] of read(path).matchAll(/\b[a-z]+(?:[A-Z][a-z0-9]*)+\b/g)) own.add(name);
  }
  const isOwn = (literal) => literal.split(/[/,]/).some((each) => own.has(each.trim()));
  const wrong = all.filter(({ literal }) => literal && isOwn(literal) && !isExcepted(literal)).map(told);
  assert.deepEqual(wrong, []);
});

test('no message speaks of its records, or of the server that it runs on', () => {
  const records = /\b(boards?|triage|tickets?|agreements?|IIS)\b/i;
  const wrong = all.filter(({ literal }) => records.test(literal) && !isExcepted(literal)).map(told);
  assert.deepEqual(wrong, []);
});

test('no exception is left over', () => {
  assert.deepEqual([...kExceptions.keys()].filter((each) => !met.has(each)), []);
});
