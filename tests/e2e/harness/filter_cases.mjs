// For each filter of a list: values out of a real record, and which records it must leave, by a plain
// reading of what the filter says.
import { hourOfToday, kToday } from './days.mjs';
import { nameBy, referenceAt, valueAt, valuesAt } from './pack.mjs';
import { soleName } from './records.mjs';

const same = (a, b) => String(a).toLowerCase() === String(b).toLowerCase();
const time = (value) => Date.parse(value);

const digits = (text) => String(text).replace(/\D/g, '');
const host = (text) => String(text).toLowerCase().replace(/^\w+:\/\//, '').replace(/[/?#:].*/, '')
  .replace(/^www\./, '');

// What a person is known by: which texts are such, which are alike, and how somebody else would write it.
const kMarks = {
  'as email': { is: (text) => /^\S+@\S+$/.test(text), alike: same, respell: (text) => text.toUpperCase() },
  'as phone': { is: (text) => /^[\d+()./ -]{7,}$/.test(text), alike: (a, b) => digits(a) === digits(b),
    respell: (text) => digits(text).replace(/^(\d{3})(\d{3})/, '($1) $2.') },
  'as domain': { is: (text) => text.includes('.'), alike: (a, b) => host(a) === host(b),
    respell: (text) => `https://www.${host(text).toUpperCase()}/about` },
};

function holds(record, { target, op, type }, wanted) {
  const found = valueAt(record, target);
  if (op === 'is null') {
    return (found === undefined || found === null) === wanted;
  }
  if (type === 'reference') return found?.id === wanted;
  // Of what a record has several of (types, addresses), one is enough.
  return valuesAt(record, target).some((value) => compares(value, op, type, wanted));
}

function compares(found, op, type, wanted) {
  const dated = type === 'date_time' || type === 'date';
  const [left, right] = dated ? [time(found), time(wanted)] : [found, wanted];
  switch (op) {
    case '=': return dated ? left === right : same(left, right);
    case '!=': return !same(left, right);
    case '<': return left < right;
    case '<=': return left <= right;
    case '>': return left > right;
    case '>=': return left >= right;
    case 'contains': return String(found).toLowerCase().includes(String(wanted).toLowerCase());
    default:
      if (!kMarks[op]) throw new Error(`no reading of ${op}`);
      return kMarks[op].is(found) && kMarks[op].alike(found, wanted);
  }
}

const also = (record, { also: more = {} }) => Object.entries(more).every(([field, wanted]) =>
  [wanted].flat().some((each) => same(valueAt(record, field), each)));

// From the middle of a text: at most three words of it.
function part(text) {
  const words = String(text).replace(/\s+/g, ' ').trim().split(' ');
  const middle = Math.max(0, Math.floor((words.length - 3) / 2));
  return words.slice(middle, middle + 3).join(' ');
}

const middleOf = (list) => list[Math.floor(list.length / 2)];

// [{filter, by, args, expected}]; `unproven` gets the filters for which no record has a value.
export async function filterCases(method, { within, records }, live, unproven) {
  const cases = [];
  for (const [filter, of] of Object.entries(method.arguments)) {
    // What compares with the moment of the call is tried where that stands still
    // (gateway/hours_ahead_test.cpp).
    if (of.place !== 'filter' || of.hours_ahead) continue;
    if (of.op === 'is null') {
      for (const wanted of [true, false]) {
        cases.push({ filter, by: `${wanted}`, args: { [filter]: wanted },
          expected: records.filter((record) => holds(record, of, wanted)) });
      }
      continue;
    }
    const mark = kMarks[of.op];
    const valuesOf = (record) => valuesAt(record, of.target).filter((value) => !mark || mark.is(value));
    const telling = records.filter((record) => valuesOf(record).length && also(record, of));
    if (!telling.length) {
      unproven.push(`${method.tool} ${filter}`);
      cases.push(...await madeUpCases(filter, of, within, live));
      continue;
    }
    if (of.type === 'reference') {
      cases.push(...await referenceCases(method, filter, of, { within, records, telling }, live));
      continue;
    }
    const [value] = valuesOf(middleOf(telling));
    const wanted = of.op === 'contains' ? part(value) : value;
    const expected = records.filter((record) => holds(record, of, wanted) && also(record, of));
    cases.push({ filter, by: 'value', args: { [filter]: wanted }, expected });
    if (mark) cases.push({ filter, by: 'spelling', args: { [filter]: mark.respell(value) }, expected });
  }
  return cases;
}

// No record has a value there: the API must know the filter all the same, and find nothing.
async function madeUpCases(filter, of, within, live) {
  const { ref, type, values, target } = of;
  // An id that nothing has is refused.
  const place = type === 'integer' ? referenceAt(target) : undefined;
  if (place) {
    const [{ id }] = await live.candidates(place, within);
    return [{ filter, by: 'value', args: { [filter]: id }, expected: [] }];
  }
  if (ref) {
    const candidates = await live.candidates(ref, within);
    const record = candidates.find((each) => soleName(ref, each, candidates));
    return [soleName(ref, record, candidates), String(record.id)]
      .map((value) => ({ filter, by: 'value', args: { [filter]: value }, expected: [] }));
  }
  const value = values ? values[0] : { string: 'Zyqx', integer: 40592, number: 1, boolean: true,
    date_time: hourOfToday(9), date: kToday }[type];
  return [{ filter, by: 'value', args: { [filter]: value }, expected: [] }];
}

async function referenceCases(method, filter, of, { within, records, telling }, live) {
  const wantedId = (record) => valueAt(record, of.target).id;
  if (!of.ref) {
    const id = wantedId(middleOf(telling));
    return [{ filter, by: 'id', args: { [filter]: id },
      expected: records.filter((record) => holds(record, of, id)) }];
  }
  // A status is one of a board: what scopes it is given beside it, from the same record. Where the
  // list has no such filter, a name means every status that is called so.
  for (const record of [middleOf(telling), ...telling.slice(0, 50)]) {
    const scopes = {};
    const ids = { ...within };
    let everywhere = false;
    for (const { argument, required } of of.ref.scopes) {
      const scope = method.arguments[argument];
      if (argument in within) continue;
      const value = valueAt(record, scope?.target ?? argument);
      if (value?.id !== undefined) ids[argument] = value.id;
      if (scope && value?.id !== undefined) scopes[argument] = value.id;
      if (!scope && required) everywhere = true;
    }
    const candidates = await live.candidates(of.ref, ids);
    const meant = candidates.find(({ id }) => id === wantedId(record));
    const name = meant && soleName(of.ref, meant, candidates);
    if (!name) continue;
    const inScope = (each) => Object.entries(scopes).every(([argument, id]) =>
      valueAt(each, method.arguments[argument].target)?.id === id);
    const expected = records.filter((each) => holds(each, of, meant.id) && inScope(each));
    const called = records.filter((each) => same(valueAt(each, of.target)?.name, name));
    return [
      { filter, by: 'name', args: { ...scopes, [filter]: name },
        expected: everywhere ? called : expected },
      { filter, by: 'id', args: { ...scopes, [filter]: String(meant.id) }, expected },
    ];
  }
  const found = valueAt(middleOf(telling), of.target);
  throw new Error(`${method.tool}: no record's ${filter} can be named; one is ${
    JSON.stringify(found)}, by ${nameBy(found, ['name'])}`);
}
