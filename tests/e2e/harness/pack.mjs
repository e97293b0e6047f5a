// The pack's own files, read by a second reader: what each tool's arguments are meant to be, so that a
// test can make some up. What a call then does is held against the sandbox, not against this.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const kFolder = new URL('../../../integrations/connectwise_psa/', import.meta.url).pathname;
const kPrefix = 'connect_wise_psa';
const kVerbs = { create: 'post', update: 'patch', delete: 'delete' };
const kOperators = ['=', '!=', '<', '<=', '>', '>=', 'contains', 'not contains', 'like', 'in', 'is null',
  'as email', 'as phone', 'as domain'];
const kPlain = ['string', 'integer', 'number', 'boolean', 'date_time', 'date', 'object', 'array',
  'reference'];

const integration = parse(readFileSync(join(kFolder, 'integration.yaml'), 'utf8'));

// `board`, `[Low, High]`, `{type: board, description: …}` → {type, values?, ref?, …}
function fieldOf(given) {
  const of = typeof given === 'string' ? { type: given }
    : Array.isArray(given) ? { type: 'string', values: given } : { type: 'string', ...given };
  if (kPlain.includes(of.type)) return of;
  if (integration.enums[of.type]) return { ...of, type: 'string', values: integration.enums[of.type] };
  if (!(of.type in integration.references)) throw new Error(`no type ${of.type}`);
  const { called_by_number: isNumber, resource, match } = integration.references[of.type];
  if (isNumber) return { ...of, type: 'reference', number: { resource, field: match[0] } };
  return { ...of, type: 'reference', ref: reference(of.type, of) };
}

// {resource, match: [[field, …], …], scopes: [{parameter, argument, required}]}; nothing where the
// pack looks nothing up. A field may have other scopes than its kind.
function reference(name, { scope, narrow }) {
  const said = integration.references[name];
  const of = { ...(typeof said === 'string' ? { resource: said } : said),
    ...(scope && { scope }), ...(narrow && { narrow }) };
  if (!of.resource) return undefined;
  const scopes = (given, required) => Object.entries(given ?? {})
    .map(([parameter, argument]) => ({ parameter, argument, required }));
  return {
    resource: of.resource,
    match: (of.match ?? ['name']).map((fields) => fields.split(' ')),
    scopes: [...scopes(of.scope, true), ...scopes(of.narrow, false)],
  };
}

// Of a path to an id, "agreement/id", how the records there are looked up; nothing of others.
export function referenceAt(target) {
  const kind = target?.match(/^(\w+)\/id$/)?.[1];
  return kind in integration.references ? reference(kind, {}) : undefined;
}

function readResource(file) {
  const said = parse(readFileSync(join(kFolder, 'resources', file), 'utf8'));
  const fields = {};
  for (const [type, names] of Object.entries(said.more_fields ?? {})) {
    for (const name of names) fields[name] = fieldOf(type);
  }
  for (const [name, of] of Object.entries(said.fields)) fields[name] = fieldOf(of);
  const resource = { name: said.resource, path: said.path, fields, methods: {},
    inherits: [said.inherits ?? []].flat(),
    ownedBy: said.owned_by, pointsTo: said.points_to ?? {},
    outOfUse: said.out_of_use ?? integration.out_of_use };
  resource.singular = said.singular ?? said.resource
    .replace(/statuses$/, 'status').replace(/ies$/, 'y').replace(/(?<!s|statu)s$/, '');
  for (const [name, of] of Object.entries(said.methods)) {
    resource.methods[name] = readMethod(resource, name, typeof of === 'string' ? {} : of,
      said.parameters ?? {});
  }
  return resource;
}

const toolName = (resource, method) => ({
  list: `list_all_${kPrefix}_${resource.name}`,
  get: `get_single_${kPrefix}_${resource.singular}_by_id`,
  create: `create_a_${kPrefix}_${resource.singular}`,
  update: `update_a_${kPrefix}_${resource.singular}_by_id`,
  delete: `delete_a_${kPrefix}_${resource.singular}_by_id`,
}[method] ?? `${kPrefix}_${resource.name}_${method}`);

// `[a, b]` and `[[a, b], [c, d]]`: of each group one must be given.
const groups = (said = []) => (said.length && !Array.isArray(said[0]) ? [said] : said);

function readMethod(resource, name, said, shared) {
  const standard = ['list', 'get', 'create', 'update', 'delete'].includes(name);
  const onRecord = ['get', 'update', 'delete'].includes(name);
  const path = said.path ?? (standard && onRecord ? `${resource.path}/{id}` : resource.path);
  const method = { name, resource: resource.name, tool: said.tool_name ?? toolName(resource, name), path,
    kind: said.composite ? 'composite' : standard ? name : 'custom',
    verb: said.verb ?? kVerbs[name] ?? (said.composite?.writes ? 'post' : 'get'), arguments: {}, record: said.record,
    makesTool: said.tool !== false,
    combinations: said.combinations ?? [], oneOf: groups(said.one_of), clear: said.clear ?? [],
    guards: [said.duplicate_guard ?? []].flat().map(({ fields = [] }) => fields) };
  const placeholders = [...path.matchAll(/\{(\w+)\}/g)].map(([, placeholder]) => placeholder);
  for (const [argument, of] of Object.entries({ ...shared, ...said.parameters })) {
    const { target = argument, ...field } = { ...fieldOf(of) };
    const place = placeholders.includes(target) ? 'path' : 'query';
    if (place === 'query' && !(argument in (said.parameters ?? {}))) continue;
    method.arguments[argument] = { ...field, place, target };
  }
  for (const [argument, of] of Object.entries(said.filters ?? {})) {
    const { filter, ...rest } = typeof of === 'string' ? { filter: of } : of;
    const [target, ...operator] = filter.split(' ');
    const op = operator.join(' ') || '=';
    if (!kOperators.includes(op)) throw new Error(`${resource.name}: ${filter}`);
    const [head, ...below] = target.split('/');
    const field = below.length ? { type: below[0] === 'id' ? 'integer' : 'string' }
      : resource.fields[head];
    method.arguments[argument] = { ...field, ...rest, place: 'filter', target, op,
      ...(rest.hours_ahead && { type: 'integer' }) };
  }
  for (const [argument, of] of Object.entries(said.parts ?? {})) {
    const { target = argument, ...field } = fieldOf(of);
    method.arguments[argument] = { ...field, place: 'body', target, returned: false };
  }
  for (const [argument, of] of Object.entries(said.composite?.arguments ?? {})) {
    method.arguments[argument] = { ...fieldOf(of), place: 'step', target: argument };
  }
  for (const argument of Object.keys(said.expansions ?? {})) {
    method.arguments[argument] = { type: 'boolean', place: 'expansion',
      target: said.expansions[argument].target };
  }
  for (const entry of said.body ?? []) {
    const [argument, of] = typeof entry === 'string' ? [entry, {}] : Object.entries(entry)[0];
    const target = of.field ?? argument;
    method.arguments[argument] = { ...resource.fields[target], ...of, place: 'body', target };
  }
  for (const [argument, schema] of Object.entries(said.body_schema?.properties ?? {})) {
    const kind = said.references?.[argument];
    const type = schema.format === 'date-time' ? 'date_time' : schema.type;
    method.arguments[argument] = { type, ...(kind && fieldOf(kind)), place: 'body',
      values: schema.enum, target: said.binding?.[argument]?.target ?? argument, raw: schema };
  }
  return method;
}

export const resources = Object.fromEntries(readdirSync(join(kFolder, 'resources'))
  .filter((file) => file.endsWith('.yaml')).sort()
  .map((file) => readResource(file)).map((resource) => [resource.name, resource]));

export const methods = Object.values(resources).flatMap(({ methods: all }) => Object.values(all))
  .filter(({ makesTool }) => makesTool);
const byTool = new Map(methods.map((method) => [method.tool, method]));
export const methodOf = (tool) => byTool.get(tool);

// `company/id`, in the record as the sandbox gives it; what stands in _info is found there.
export function valueAt(record, path) {
  const [head, ...below] = path.split('/');
  let value = record[head] ?? record._info?.[head];
  for (const name of below) value = value?.[name];
  return value;
}

// All that stands there, where the path may lead through a list: `types/name`.
export function valuesAt(record, path) {
  const [head, ...below] = path.split('/');
  let values = [record[head] ?? record._info?.[head]];
  for (const name of below) values = values.flat().map((value) => value?.[name]);
  return values.filter((value) => value !== undefined && value !== null && value !== '');
}

// What a record is called, by one of the ways that the reference names.
export const nameBy = (record, fields) => fields.map((field) => String(valueAt(record, field) ?? '').trim())
  .filter(Boolean).join(' ');
