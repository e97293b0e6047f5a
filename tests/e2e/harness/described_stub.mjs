// An API that answers as a description of it says: every operation that the document has, with a sample of what its
// answer is said to be.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parse } from 'yaml';

const verbs = ['get', 'put', 'post', 'delete', 'patch'];

class Samples {
  constructor(document) { this.document = document; }

  follow(schema, hops = 0) {
    if (!schema?.$ref || hops > 20) return schema ?? {};
    const found = schema.$ref.slice(2).split('/').reduce((at, part) =>
      at?.[decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')], this.document);
    return this.follow(found, hops + 1);
  }

  of(given, depth = 0) {
    const schema = this.follow(given);
    if (schema.const !== undefined) return schema.const;
    if (schema.enum) return schema.enum.find((one) => one !== null);
    if (schema.allOf) {
      const parts = schema.allOf.map((part) => this.of(part, depth));
      return parts.every((part) => part && typeof part === 'object' && !Array.isArray(part))
        ? Object.assign({}, ...parts, schema.properties ? this.of({ ...schema, allOf: undefined }, depth) : {}) : parts[0];
    }
    const choice = schema.oneOf ?? schema.anyOf;
    if (choice) return this.of(choice.find((one) => this.follow(one).type !== 'null') ?? choice[0], depth);
    const type = [schema.type].flat().find((one) => one !== 'null') ?? (schema.properties ? 'object' : undefined);
    if (type === 'array') return depth > 5 ? [] : [this.of(schema.items ?? {}, depth + 1)];
    if (type === 'object') {
      if (depth > 5) return {};
      return Object.fromEntries(Object.entries(schema.properties ?? {}).slice(0, 40)
        .map(([name, value]) => [name, this.of(value, depth + 1)]));
    }
    if (type === 'integer' || type === 'number') return Math.max(schema.minimum ?? 1, 1);
    if (type === 'boolean') return true;
    if (schema.format === 'date-time') return '2026-01-02T03:04:05Z';
    if (schema.format === 'date') return '2026-01-02';
    if (schema.format === 'uuid') return '0190f0e0-0000-7000-8000-000000000001';
    if (schema.format === 'uri' || schema.format === 'uri-reference') return 'https://api.example/x';
    const text = typeof schema.example === 'string' ? schema.example : 'sample';
    return text.padEnd(schema.minLength ?? 0, 'x').slice(0, schema.maxLength ?? 200);
  }
}

export class DescribedStub {
  asked = [];  // {verb, path (as the document writes it), target}

  static async start(t, file) {
    const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
    const made = new DescribedStub();
    made.document = file.endsWith('.json') ? JSON.parse(text) : parse(text);
    made.samples = new Samples(made.document);
    made.routes = Object.entries(made.document.paths).map(([path, item]) => ({ path, item,
      pattern: new RegExp(`^${path.split(/\{[^}]+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[^/]+')}$`),
      fixed: path.replaceAll(/\{[^}]+\}/g, '').length }))
      .sort((a, b) => b.fixed - a.fixed);
    made.server = createServer((request, response) => made.#answer(request, response));
    await new Promise((resolve) => { made.server.listen(0, '127.0.0.1', resolve); });
    made.url = `http://127.0.0.1:${made.server.address().port}`;
    t.after(() => made.server.close());
    return made;
  }

  #answer(request, response) {
    request.resume();
    const { pathname } = new URL(request.url, this.url);
    const verb = request.method.toLowerCase();
    const route = this.routes.find(({ pattern, item }) => pattern.test(decodeURI(pathname)) && item[verb]);
    this.asked.push({ verb, path: route?.path, target: request.url });
    if (!route) {
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ message: 'No operation of the document is there.' }));
      return;
    }
    const [status, answer] = Object.entries(route.item[verb].responses ?? {}).find(([code]) => /^2/.test(code)) ?? ['200', {}];
    const content = this.samples.follow(answer).content ?? {};
    const schema = (content['application/json'] ?? Object.values(content)[0])?.schema ?? this.samples.follow(answer).schema;
    response.writeHead(Number(status) || 200, { 'content-type': 'application/json' });
    const sample = schema && this.samples.of(schema);
    // The record that was asked for.
    if (route.path.endsWith('}') && sample?.id !== undefined) {
      const id = decodeURIComponent(pathname.split('/').at(-1));
      sample.id = typeof sample.id === 'number' ? Number(id) : id;
    }
    response.end(schema ? JSON.stringify(sample) : '');
  }

  // Arguments that a tool must be given.
  argumentsFor(tool) {
    const { properties = {}, required = [] } = tool.inputSchema;
    return Object.fromEntries(required.map((name) => [name, this.samples.of(properties[name])]));
  }
}

// Calls that only read, as many as `most`, each of a tool of its own: what they asked is there in the document.
export async function readThrough(stub, tools, call, most) {
  const reads = tools.filter(({ annotations }) => annotations.readOnlyHint).slice(0, most);
  assert.ok(reads.length > 0, 'there is something to read');
  for (const tool of reads) {
    stub.asked.length = 0;
    await call(tool.name, stub.argumentsFor(tool));
    assert.ok(stub.asked.length > 0, tool.name);
    for (const { path, verb, target } of stub.asked) assert.ok(path, `${tool.name}: ${verb} ${target}`);
  }
  return reads.length;
}
