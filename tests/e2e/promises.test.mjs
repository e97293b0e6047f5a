// The published schema is the truth: several clients check a call against it first, and send nothing
// that does not pass. Each example that a model or a person reads passes a strict check of what is listed.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { startDemo } from './harness/demo.mjs';
import { calls, code, documents, fragments, root } from './harness/examples.mjs';
import { Program } from './harness/process.mjs';

const kPrompts = join(root, 'integrations/connectwise_psa/prompts');
const kResources = join(root, 'integrations/connectwise_psa/resources');

let demo;
let tools;  // by name
let instructions;

const ajv = new Ajv2020({ strict: true, allErrors: true });
const checks = new Map();

async function ask(url, method, params = {}) {
  const answer = await fetch(url, { method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) });
  return (await answer.json()).result;
}
const listed = async (url) => (await ask(url, 'tools/list')).tools;
const mint = (config) => demo.admin.create(`/integrated-account/${demo.integrated_account_id}/mcp`,
  { name: 'promises', config });

before(async () => {
  demo = await startDemo();
  tools = new Map((await listed(demo.mcp_url)).map((tool) => [tool.name, tool]));
  for (const [name, tool] of tools) checks.set(name, ajv.compile(tool.inputSchema));
  const hello = await ask(demo.mcp_url, 'initialize',
    { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'promises', version: '1' } });
  instructions = hello.instructions;
  // What this server offers is read here: of resources the one template, whose answers say no calls.
  assert.deepEqual(Object.keys(hello.capabilities).sort(), ['completions', 'prompts', 'resources', 'tools']);
});
after(() => demo.program.stop());

function pass(toolName, given, where) {
  const check = checks.get(toolName);
  assert.ok(check, `${where}: there is no tool ${toolName}`);
  check(given);
  // Of a part of a call nothing can be said about what it leaves out.
  return (check.errors ?? []).map((error) =>
    `${where}: ${toolName} ${JSON.stringify(given)}: ${error.instancePath} ${error.message}`);
}
const partly = (toolName, given, where) => pass(toolName, given, where)
  .filter((problem) => !problem.includes("must have required property"));

// What is said without a tool: whether any has that argument, and what is wrong with the value for all that
// have it. A value of another kind of record (`clear: ["owner"]` of one that has no owner) is no matter.
function anywhere({ name, value }, where) {
  const having = [...tools.values()].filter((tool) => name in tool.inputSchema.properties);
  const problems = having.map((tool) => partly(tool.name, { [name]: value }, where));
  return { known: having.length > 0,
    problems: problems.some((one) => one.length === 0) ? [] : problems.flat() };
}

function eachObject(schema, see, path = '') {
  if (schema.type === 'object') see(schema, path);
  for (const [name, one] of Object.entries(schema.properties ?? {})) eachObject(one, see, `${path}/${name}`);
  if (schema.items) eachObject(schema.items, see, `${path}[]`);
}

test('each schema compiles strictly, in both dialects, in each variant of a listing', async () => {
  for (const config of [{}, { confirm_writes: true, structured_output: true, max_result_bytes: 90_000 }]) {
    const all = await listed((await mint(config)).url);
    assert.equal(all.length, tools.size);
    for (const Dialect of [Ajv, Ajv2020]) {
      const strict = new Dialect({ strict: true });
      for (const { name, inputSchema, outputSchema } of all) {
        assert.doesNotThrow(() => strict.compile(inputSchema), name);
        if (outputSchema) assert.doesNotThrow(() => strict.compile(outputSchema), name);
      }
    }
  }
});

test('each object says whether it is open or closed', async () => {
  let open = 0;
  const variant = await listed((await mint({ structured_output: true })).url);
  for (const { name, inputSchema, outputSchema } of variant) {
    assert.equal(inputSchema.additionalProperties, false, name);
    for (const schema of [inputSchema, outputSchema].filter(Boolean)) {
      eachObject(schema, (object, path) => {
        assert.equal(typeof object.additionalProperties, 'boolean', `${name}${path}`);
        open += object.additionalProperties;
      });
    }
  }
  assert.ok(open > 50);
});

// What is the same of every tool is said once and listed by none: it has to be taken by those that read, and a
// word that is not meant so must not be.
async function takenUnlisted({ name, value }) {
  const reading = [...tools.values()].filter((tool) => /^list_all_.*_(tickets|companies|members)$/.test(tool.name));
  assert.ok(reading.length >= 3);
  const answers = await Promise.all(reading.map((tool) =>
    ask(demo.mcp_url, 'tools/call', { name: tool.name, arguments: { limit: 1, [name]: value } })));
  return answers.every(({ isError }) => !isError);
}

test('the instructions promise what passes', async () => {
  const found = fragments(instructions);
  assert.ok(found.length >= 5, JSON.stringify(found));
  assert.ok(!await takenUnlisted({ name: 'no_such_argument', value: true }));
  const problems = [];
  for (const one of found) {
    const { known, problems: wrong } = anywhere(one, 'instructions');
    problems.push(...wrong);
    // "what it is given: null means left out" is no argument.
    if (known || one.value === null || await takenUnlisted(one)) continue;
    problems.push(`instructions: no tool has ${one.name}`);
  }
  // Of what is named by name or id: a text, for each tool that names such a record.
  for (const { name, value } of found.slice(0, 2)) {
    assert.equal(typeof value, 'string', name);
    for (const tool of tools.values()) {
      if (!(name in tool.inputSchema.properties)) continue;
      problems.push(...partly(tool.name, { [name]: value }, 'instructions'));
    }
  }
  assert.deepEqual(problems, []);
});

test('descriptions promise what their own tool takes', () => {
  let count = 0;
  const problems = [];
  for (const [name, tool] of tools) {
    const own = tool.inputSchema.properties;
    for (const text of [tool.description, ...Object.values(own).map((one) => one.description ?? '')]) {
      for (const one of fragments(text)) {
        ++count;
        if (!(one.name in own)) problems.push(`${name} has no ${one.name}: ${text}`);
        else problems.push(...partly(name, { [one.name]: one.value }, 'description'));
      }
    }
  }
  assert.deepEqual(problems, []);
  assert.ok(count > 5, count);
});

test('the examples of definitions pass', () => {
  let count = 0;
  const problems = [];
  for (const file of readdirSync(kResources)) {
    const { methods } = parse(readFileSync(join(kResources, file), 'utf8'));
    for (const [method, of] of Object.entries(methods)) {
      for (const example of of?.examples ?? []) {
        ++count;
        const having = [...tools.keys()].filter((name) => pass(name, example, file).length === 0);
        if (having.length === 0) problems.push(`${file}: ${method} ${JSON.stringify(example)}`);
      }
    }
  }
  assert.deepEqual(problems, []);
  assert.ok(count > 50, count);
});

test('prompts tell of tools that are there, and of arguments that they take', async () => {
  const { prompts } = await ask(demo.mcp_url, 'prompts/list');
  assert.equal(prompts.length, readdirSync(kPrompts).length);
  const problems = [];
  let count = 0;
  for (const prompt of prompts) {
    const given = Object.fromEntries(prompt.arguments.map(({ name }) => [name, '7']));
    const { messages } = await ask(demo.mcp_url, 'prompts/get', { name: prompt.name, arguments: given });
    for (const { content } of messages) {
      // The tool that was named last is meant; what it is given stands in brackets behind it.
      for (const [, tool, said] of content.text.matchAll(/\b([a-z]+_\w*connect_wise_psa_\w+)(?:\s+\(([^)]*)\))?/g)) {
        if (!tools.has(tool)) problems.push(`${prompt.name}: there is no ${tool}`);
        for (const part of (said ?? '').split(/[,;]/).filter((one) => one.trim())) {
          ++count;
          const [name] = part.trim().match(/^\w+/);
          if (!(name in tools.get(tool).inputSchema.properties)) problems.push(`${prompt.name}: ${tool} has no ${name}`);
        }
        for (const one of fragments(said ?? '')) {
          problems.push(...partly(tool, { [one.name]: one.value }, prompt.name));
        }
      }
    }
  }
  assert.deepEqual(problems, []);
  assert.ok(count >= 10, count);
});

test('README and docs promise what passes, in whole calls and in single arguments', () => {
  let whole = 0;
  let single = 0;
  const problems = [];
  for (const { file, text } of documents()) {
    for (const call of calls(text, tools.keys())) {
      ++whole;
      problems.push(...pass(call.tool, call.arguments, file));
    }
    for (const piece of code(text)) {
      for (const one of fragments(piece)) {
        const { known, problems: found } = anywhere(one, file);
        single += known;
        problems.push(...found);
      }
    }
  }
  assert.deepEqual(problems, []);
  assert.ok(whole >= 1, `${whole} calls`);
  assert.ok(single >= 8, `${single} arguments`);
});

test('each example of the manual passes what its tool lists', () => {
  const file = 'docs/integrations/connectwise-psa.md';
  const { text } = documents().find((one) => one.file === file);
  // A heading for each tool, and its example below it.
  const examples = text.split(/^#### /m).slice(1).map((part) => ({
    tool: part.match(/^`(\w+)`/)?.[1], json: part.match(/```json\n([\s\S]*?)\n```/)?.[1] }));
  assert.deepEqual(examples.filter(({ tool, json }) => !tool || !json), []);
  assert.deepEqual(examples.map(({ tool }) => tool).sort(), [...tools.keys()].sort());
  assert.deepEqual(examples.flatMap(({ tool, json }) => pass(tool, JSON.parse(json), file)), []);
});

test('the demo: fewer tools than 128, and the call that it prints passes', async (t) => {
  const program = new Program(['demo', '--port', '0', '--sandbox-port', '0']);
  t.after(() => program.stop());
  const text = await program.until('welcome', () => program.stdout.includes('Ctrl-C') && program.stdout);
  const all = await listed(text.match(/http:\S+\/mcp\/pbm_[\w-]+/)[0]);
  assert.ok(all.length < 128, all.length);
  assert.ok(text.includes(`(${all.length} tools of `), text);
  assert.match(text, /within the 128 .* more than the 40/);
  const [printed] = calls(text, tools.keys());
  assert.deepEqual(pass(printed.tool, printed.arguments, 'demo'), []);
  assert.ok(all.some(({ name }) => name === printed.tool));
  // Minting tells the same of all tools, and nothing of a few.
  const minted = await mint({});
  assert.equal(minted.tool_count, tools.size);
  assert.match(minted.notices[0], new RegExp(`^${tools.size} tools: more than the 128`));
  const few = await mint({ tags: ['tickets'], methods: ['list'] });
  assert.ok(few.tool_count <= 40);
  assert.equal(few.notices, undefined);
});
