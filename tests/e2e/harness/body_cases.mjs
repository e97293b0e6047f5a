// Arguments for a write, made of what the sandbox has: a record's own values where they belong
// together, real records for references, and texts, numbers and times that are new each time.
import { hourOfToday } from './days.mjs';
import { valueAt } from './pack.mjs';
import { inUse, soleName } from './records.mjs';

const kDay = 86_400_000;

// How many of a method's arguments a record could fill.
const fullness = (method, record) => Object.values(method.arguments)
  .filter(({ place, target }) => place === 'body' && valueAt(record, target) !== undefined).length;

// The records to take values from, the fullest first.
export const templates = (method, records) =>
  records.slice(0, 300).sort((a, b) => fullness(method, b) - fullness(method, a));

// Whether it must be the record's own: a company's main contact. One that was just made has none.
export const isOwn = ({ ref }) => ref?.scopes?.some(({ argument }) => argument === 'id') ?? false;

// An argument and what scopes it, and what scopes that.
export function addScoped(method, argument, into) {
  into.add(argument);
  for (const name of into) {
    for (const scope of method.arguments[name]?.ref?.scopes ?? []) into.add(scope.argument);
  }
  return into;
}

// With one of each group of which one must be given: what the scenario has, or the record.
function withOneOf(method, only, template, over) {
  const all = new Set(only);
  for (const group of method.oneOf) {
    if (group.some((name) => all.has(name) || over[name] !== undefined)) continue;
    const left = group.filter((name) => !(name in over));
    const isReference = (name) => method.arguments[name].type === 'reference';
    const name = left.find((each) => isReference(each) && valueAt(template, method.arguments[each].target))
      ?? left.find((each) => !isReference(each)) ?? left[0];
    addScoped(method, name, all);
  }
  return all;
}

function plainValue(argument, of, serial) {
  if (of.values) return of.values[serial % of.values.length];
  if (of.written_as) return `${argument}.${serial}@patchbay.example`;
  const late = /end|close|due|expir|required|until/i.test(argument) ? 7 * kDay : 0;
  const day = new Date(Date.parse(hourOfToday(9)) + (serial % 20) * kDay + late).toISOString();
  switch (of.type) {
    case 'string': return `${argument} ${serial}`.slice(0, of.max_length ?? 100);
    case 'integer': return 1 + (serial % 50);
    case 'number': return 1.5 + (serial % 50);
    case 'boolean': return serial % 2 === 0;
    case 'date_time': return day.replace('.000', '');
    case 'date': return day.slice(0, 10);
    default: return undefined;
  }
}

// For a create or an update: {args, expected: [{argument, path, value, of}], named, unnamed}, the last
// two the references that could be given and those for which nothing was found.
//   how     'name' or 'id': how references are given
//   over    values by argument that the scenario insists on; undefined leaves the argument out
//   known   records' ids by argument that are not given but stand (an update's record, the path)
export async function bodyCase(method, live, { template = {}, how, over = {}, known = {}, serial,
  only }) {
  const args = {};
  const expected = [];
  const named = [];
  const unnamed = [];
  const ids = { ...known };
  const combined = await combination(method, live, template, known, over);
  const wanted = only && withOneOf(method, only, template, over);
  const waiting = Object.entries(method.arguments).filter(([argument, of]) => of.place === 'body'
    && (!wanted || wanted.has(argument)));
  const names = new Set(waiting.map(([argument]) => argument));
  while (waiting.length) {
    const at = waiting.findIndex(([, { ref }]) => !(ref?.scopes ?? []).some(({ argument }) =>
      waiting.some(([other]) => other === argument)));
    const [[argument, of]] = waiting.splice(Math.max(at, 0), 1);
    if (argument in over && (over[argument] === undefined || !of.ref)) {
      if (over[argument] === undefined) continue;
      args[argument] = over[argument];
      if (of.returned !== false) expected.push({ argument, path: of.target, of, value: over[argument] });
      continue;
    }
    if (of.type === 'reference') {
      if (isOwn(of)) continue;
      const like = over[argument] ?? combined[argument] ?? valueAt(template, of.target)?.id;
      const record = await pick(of, live, ids, like, how);
      if (!record) {
        if (of.ref) unnamed.push(argument);
        continue;
      }
      ids[argument] = record.id;
      args[argument] = record.number ?? (how === 'name' && record.name !== undefined ? record.name : record.id);
      if (of.ref) named.push(argument);
      if (of.returned !== false) expected.push({ argument, path: of.target, of, value: record.id });
      continue;
    }
    const value = plainValue(argument, of, serial);
    if (value === undefined) continue;
    args[argument] = value;
    if (of.returned !== false) expected.push({ argument, path: of.target, of, value });
  }
  for (const [argument, value] of Object.entries(over)) {
    if (!names.has(argument) && value !== undefined) args[argument] = value;
  }
  return { args, expected, named, unnamed };
}

// Values that are valid together only (type, subtype and item of a board), of one record.
async function combination(method, live, template, known, over) {
  const ids = {};
  for (const { resource, scope, fields } of method.combinations) {
    const within = {};
    for (const [parameter, argument] of Object.entries(scope)) {
      within[parameter] = over[argument] ?? valueAt(template, argument)?.id ?? known[argument];
    }
    if (Object.values(within).some((id) => id === undefined)) continue;
    const records = await live.all(resource, within);
    const full = records.find((record) => Object.values(fields).every((field) => valueAt(record, field)));
    for (const [argument, field] of Object.entries(fields)) ids[argument] = valueAt(full ?? {}, field)?.id;
  }
  return ids;
}

// What is called by a number is called so whichever way others are given.
async function numbered({ resource, field }, live, wanted) {
  const records = await live.all(resource);
  const record = records.find(({ id }) => id === wanted) ?? records[0];
  return { id: record.id, number: record[field] };
}

// {id, name}: the wanted record if it can be named (or needs no name), else the first that can.
async function pick(of, live, ids, wanted, how) {
  if (of.number) return numbered(of.number, live, wanted);
  if (!of.ref) return wanted === undefined ? undefined : { id: wanted };
  const missing = of.ref.scopes.some(({ argument, required }) => required && ids[argument] === undefined);
  if (missing) return undefined;
  const candidates = await live.candidates(of.ref, ids);
  const preferred = candidates.find(({ id }) => id === wanted);
  for (const record of [preferred, ...candidates].filter(Boolean)) {
    if (!inUse(of.ref.resource, record)) continue;
    const name = soleName(of.ref, record, candidates);
    if (name || how === 'id') return { id: record.id, name };
  }
  return undefined;
}

// What a record shows of what was written, as texts; nothing: all of it.
export function differences(record, expected) {
  return expected.filter(({ path, of, value }) => {
    const found = valueAt(record, path);
    if (of.type === 'reference') return (found?.id ?? found) !== value;
    if (of.type === 'date_time' || of.type === 'date') {
      return new Date(found).toISOString().slice(0, of.type === 'date' ? 10 : 19)
        !== new Date(value).toISOString().slice(0, of.type === 'date' ? 10 : 19);
    }
    if (of.type === 'object' || of.type === 'array') return false;
    return found !== value;
  }).map(({ argument, path, value }) =>
    `${argument}: gave ${JSON.stringify(value)}, the record has ${JSON.stringify(valueAt(record, path))}`);
}
