// The sandbox's records, so that arguments can be made of what is really there.
import assert from 'node:assert/strict';
import { nameBy, resources, valueAt } from './pack.mjs';

// What lists ask for beside their path, and no path tells.
const kQueries = {
  documents: { recordType: 'Ticket', recordId: 40592 },
  audit_trail: { type: 'Ticket', recordId: 40592 },
};
// Parents that are worth looking at first: the seed's stories.
const kTelling = { tickets: [40592, 5012] };

export class Records {
  #cache = new Map();

  constructor(psa) { this.psa = psa; }

  // A resource was written to, or any.
  forget(name) {
    if (!name) return this.#cache.clear();
    const path = resources[name].path.replace(/\{.*/, '');
    for (const key of this.#cache.keys()) if (key.startsWith(path)) this.#cache.delete(key);
  }

  // All records of a resource; `within` fills the placeholders of its path.
  all(name, within = {}) {
    const { path, methods } = resources[name];
    const filled = (methods.list?.path ?? path).replace(/\{(\w+)\}/g, (_, each) => within[each]);
    const query = {};
    for (const [argument, { place, target }] of Object.entries(methods.list?.arguments ?? {})) {
      if (place === 'query' && argument in within) query[target] = within[argument];
    }
    const key = filled + JSON.stringify(query);
    if (!this.#cache.has(key)) this.#cache.set(key, this.#fetch(filled, query));
    return this.#cache.get(key);
  }

  async #fetch(path, query) {
    const records = [];
    for (let page = 1; ; ++page) {
      const found = await this.psa.get(path, { ...query, pageSize: 1000, page });
      records.push(...found);
      if (found.length < 1000) return records;
    }
  }

  // The arguments that say whose records they are, and these: the parent that has the most of the
  // first few. {within, records}
  async somewhere(name, enough = 3) {
    const placeholders = [...resources[name].path.matchAll(/\{(\w+)\}/g)].map(([, each]) => each);
    if (!placeholders.length) {
      const within = kQueries[name] ?? {};
      return { within, records: await this.all(name, within) };
    }
    assert.equal(placeholders.length, 1, `${name} has several parents`);
    const parents = await this.parents(name);
    let best = { within: { [placeholders[0]]: parents[0]?.id }, records: [] };
    for (const { id } of parents) {
      const within = { [placeholders[0]]: id };
      const records = await this.all(name, within);
      if (records.length > best.records.length) best = { within, records };
      if (best.records.length >= enough) break;
    }
    return best;
  }

  // The records that a path's placeholder names, the telling ones first.
  async parents(name) {
    const parent = parentOf(name);
    const records = await this.all(parent);
    const first = (kTelling[parent] ?? []).map((id) => records.find((record) => record.id === id));
    return [...first.filter(Boolean), ...records].slice(0, 200);
  }

  // What a reference may name, given the other arguments' records: ids by argument name.
  async candidates({ resource, scopes }, ids) {
    const within = {};
    const narrowed = [];
    const list = resources[resource].methods.list;
    for (const { parameter, argument } of scopes) {
      if (ids[argument] === undefined) continue;
      const { place, target } = list.arguments[parameter];
      if (place === 'filter') narrowed.push([target, ids[argument]]);
      else within[parameter] = ids[argument];
    }
    const records = await this.all(resource, within);
    return records.filter((record) => narrowed.every(([path, id]) => {
      const value = valueAt(record, path);
      return (value?.id ?? value) === id;
    }));
  }
}

export function parentOf(name) {
  const path = resources[name].path.replace(/\/\{.*/, '');
  return Object.values(resources).find((resource) => resource.path === path).name;
}

// By what the pack says of a resource: flags (`not activeFlag`: where it is false) and dates past.
export const inUse = (resource, record) => !resources[resource].outOfUse.some((said) => {
  const [field, not] = [said.replace('not ', ''), said.startsWith('not ')];
  const value = record[field];
  if (typeof value === 'string') return Date.parse(value) < Date.now();
  return not ? value === false : value === true;
});

// A name of the record that means it alone among the candidates, by the reference's own ways.
export function soleName({ match }, record, candidates) {
  for (const fields of match) {
    const name = nameBy(record, fields);
    if (!name || /^\d+$/.test(name)) continue;
    const called = candidates.filter((other) => match.some((each) =>
      nameBy(other, each).toLowerCase() === name.toLowerCase()));
    if (called.length === 1) return name;
  }
  return undefined;
}
