// One resource's tools, each called with arguments made of what is there and held against the sandbox.
// Faults are collected, so that one wrong tool hides no other; each says tool, arguments and answer.
import assert from 'node:assert/strict';
import { addScoped, bodyCase, differences, templates, isOwn } from './body_cases.mjs';
import { filterCases } from './filter_cases.mjs';
import { resources, valueAt } from './pack.mjs';
import { inUse, soleName } from './records.mjs';
import { scenarios } from './scenarios.mjs';

const kManyTemplates = 40;
const kShown = 700;

let serial = 0;  // over all clients, so that nothing is made twice

export class ToolChecks {
  faults = [];
  unproven = [];  // filters for which the sandbox has no value
  called = new Set();
  accepted = new Map();  // the last arguments that each tool took

  constructor({ caller, psa, live, tools }) {
    Object.assign(this, { caller, psa, live });
    this.schemas = new Map(tools.map(({ name, inputSchema }) => [name, inputSchema]));
  }

  serial = () => (serial += 1);

  // For scenarios: a call that must succeed, and one that must be refused.
  call = async (tool, args) => {
    this.called.add(tool);
    const answer = await this.caller.call(tool, args);
    this.accepted.set(tool, args);
    return answer;
  };
  raw = async (tool, args) => {
    this.called.add(tool);
    const result = await this.caller.raw(tool, args);
    if (!result.isError) this.accepted.set(tool, args);
    return result;
  };
  refused = (tool, args) => { this.called.add(tool); return this.caller.refused(tool, args); };

  // All tools of a resource, and what is wrong with them.
  async check(name) {
    this.faults = [];
    const { methods } = resources[name];
    const scenario = scenarios[name] ?? {};
    const has = (method) => method in methods && this.schemas.has(methods[method].tool);
    let place;
    await this.#guard(`${name}: where records are`, async () => {
      const made = await scenario.place?.(this) ?? {};
      const found = made.within
        ? { within: made.within, records: made.records ?? await this.live.all(name, made.within) }
        : has('list') || has('create') ? await this.live.somewhere(name) : { within: {}, records: [] };
      place = { ...made, ...found, named: await this.#named(methods, found.within) };
    });
    if (!place) return this.faults;
    if (has('list')) await this.#list(methods.list, place);
    if (has('get')) await this.#get(methods.get, place);
    const made = has('create') ? await this.#create(methods.create, place, scenario) : [];
    if (has('update')) await this.#update(methods.update, place, made, scenario);
    if (has('delete')) await this.#delete(methods.delete, place, made);
    for (const method of Object.values(methods)) {
      const writes = method.kind === 'composite' && method.verb !== 'get';
      if (method.kind === 'composite' && !writes) {
        await this.#guard(method.tool, () => this.#composite(method));
      }
      if ((method.kind !== 'custom' && !writes) || !this.schemas.has(method.tool)) continue;
      await this.#guard(method.tool, async () => {
        assert.ok(scenario.custom?.[method.name], 'no scenario calls it');
        await scenario.custom[method.name](this);
      });
    }
    if (scenario.overruled) await this.#guard(`${name}: overruled`, () => scenario.overruled(this));
    if (scenario.custom) this.live.forget();
    else if (has('create') || has('update') || has('delete')) this.live.forget(name);
    return this.faults;
  }

  fault(tool, args, what) { this.faults.push(`${tool} ${JSON.stringify(args)}: ${what}`); }

  async #guard(what, work) {
    try {
      await work();
    } catch (error) {
      this.faults.push(`${what}: ${error.code === 'ERR_ASSERTION' ? error.message : error.stack}`);
    }
  }

  // The same parents, called by their names.
  async #named(methods, within) {
    const named = { ...within };
    for (const { arguments: all } of Object.values(methods)) {
      for (const [argument, { ref, place }] of Object.entries(all)) {
        if (place !== 'path' || !ref || !(argument in within)) continue;
        const candidates = await this.live.candidates(ref, {});
        const record = candidates.find(({ id }) => id === within[argument]);
        named[argument] = soleName(ref, record, candidates) ?? within[argument];
      }
    }
    return named;
  }

  // What a call gives; nothing, and a fault, if it was refused.
  async #answer(tool, args) {
    this.called.add(tool);
    const { content: [{ text }], isError } = await this.caller.raw(tool, args);
    if (isError) {
      this.fault(tool, args, text.slice(0, kShown));
      return undefined;
    }
    this.accepted.set(tool, args);
    return JSON.parse(text);
  }

  async #list(method, place) {
    const { tool } = method;
    const { within, named, records } = place;
    if (!records.length) return this.fault(tool, within, 'the sandbox has none to list');
    const properties = this.schemas.get(tool).properties;
    const first = await this.#answer(tool, { ...named, limit: 2 });
    if (first && !first.result_count) this.fault(tool, within, 'empty');
    await this.#paging(tool, named, records, first);
    if ('count' in properties) {
      const counted = await this.#answer(tool, { ...within, count: true });
      const total = counted?.total ?? counted?.count;
      if (counted && total !== records.length) {
        this.fault(tool, { ...within, count: true },
          `${JSON.stringify(counted)}, though there are ${records.length}`);
      }
    }
    await this.#guard(tool, async () => {
      const cases = await filterCases(method, place, this.live, this.unproven);
      await Promise.all(cases.map((each) => this.#filtered(tool, within, each, records)));
    });
    for (const [argument, { place: kind, ref }] of Object.entries(method.arguments)) {
      if (kind === 'query' && ref) await this.#alike(tool, {}, argument, ref);
    }
    for (const [argument, { place: kind, target }] of Object.entries(method.arguments)) {
      if (kind !== 'expansion') continue;
      const args = { ...within, [argument]: true, limit: 5 };
      const page = await this.#answer(tool, args);
      if (page && !page.result.some((record) => target in record)) {
        this.fault(tool, args, `no record has ${target}`);
      }
    }
  }

  // A name and its id must say the same; of the record with the id `meant`, where others belong to it.
  // Looked up within `scopes`, ids by argument.
  async #alike(tool, others, argument, ref, meant, scopes = {}) {
    const candidates = await this.live.candidates(ref, scopes);
    for (const record of candidates.filter(({ id }) => meant === undefined || id === meant)) {
      const name = soleName(ref, record, candidates);
      if (!name) continue;
      const [by_name, by_id] = await Promise.all([name, record.id].map((value) =>
        this.#answer(tool, { ...others, [argument]: value })));
      const told = ['resolved', 'calls', 'next_cursor'];
      const plain = (answer) => JSON.stringify(answer,
        (key, value) => (told.includes(key) ? undefined : value));
      if (plain(by_name) !== plain(by_id)) {
        this.fault(tool, { ...others, [argument]: name },
          `by name and by id differ: ${plain(by_name).slice(0, kShown)} ${plain(by_id).slice(0, kShown)}`);
      }
      return;
    }
    this.fault(tool, others, `no record of ${argument} can be named`);
  }

  // A composite with what it needs, and each record that it may be given by name and by id.
  async #composite({ tool, arguments: all }) {
    const needed = {};
    const records = [];
    for (const name of this.schemas.get(tool).required ?? []) {
      const { ref } = all[name];
      if (ref) records.push((await this.live.candidates(ref, {})).find((each) => inUse(ref.resource, each)));
      needed[name] = ref ? records.at(-1).id : all[name].type === 'string' ? 'certificate' : 40592;
    }
    const answer = await this.#answer(tool, needed);
    if (answer && !answer.calls) this.fault(tool, needed, 'it does not say which calls it made');
    for (const [argument, { ref }] of Object.entries(all)) {
      if (!ref) continue;
      const { [argument]: _, ...others } = needed;
      const owner = records.find((record) => record[argument]?.id);
      const scopes = {};
      for (const { argument: scope, required } of ref.scopes) {
        if (!required || !all[scope]?.ref) continue;
        scopes[scope] = (await this.live.candidates(all[scope].ref, {}))[0].id;
      }
      await this.#alike(tool, { ...others, ...scopes }, argument, ref, owner?.[argument].id, scopes);
    }
  }

  // Two pages of one record each are two records, the second where there is one.
  async #paging(tool, within, records, first) {
    if (!first || records.length < 3) return;
    if (!first.next_cursor) return this.fault(tool, within, `no next_cursor: ${JSON.stringify(first)}`);
    const args = { ...within, limit: 2, next_cursor: first.next_cursor };
    const second = await this.#answer(tool, args);
    const shown = JSON.stringify(first.result);
    if (second && (!second.result_count || JSON.stringify(second.result) === shown)) {
      this.fault(tool, args, 'the second page is empty or the first once more');
    }
  }

  async #filtered(tool, within, { filter, by, args, expected }, records) {
    const hasId = records[0].id !== undefined;
    const all = { ...within, ...args, limit: 200, ...(hasId && { fields: ['id'] }) };
    const page = await this.#answer(tool, all);
    if (!page) return;
    const wanted = new Set(expected.map(({ id }) => id));
    const right = page.result_count === Math.min(200, expected.length)
      && (!hasId || page.result.every(({ id }) => wanted.has(id)));
    if (!right) {
      this.fault(tool, all, `${filter} by ${by} gives ${page.result_count} records, ${
        expected.length} have it: ${[...wanted].slice(0, 5)}`);
    }
  }

  async #get(method, place) {
    const { tool, path } = method;
    const { records } = place;
    const [within, named] = [onPath(method, place.within), onPath(method, place.named)];
    for (const record of [records[0], records.at(-1)]) {
      if (!record) return this.fault(tool, within, 'the sandbox has none to get');
      const parents = record === records[0] ? named : within;
      const args = { ...parents, ...(path.includes('{id}') && { id: record.id }) };
      const got = await this.#answer(tool, args);
      if (got && got.id !== record.id) this.fault(tool, args, `it is ${got.id}`);
    }
    if (!path.includes('{id}')) return;
    for (const [argument, { place: kind, target }] of Object.entries(method.arguments)) {
      if (kind !== 'expansion') continue;
      const args = { ...within, id: records.at(-1).id };
      const [plain, more] = [await this.#answer(tool, { ...args, [argument]: false }),
        await this.#answer(tool, { ...args, [argument]: true })];
      if (plain && more && (target in plain)) this.fault(tool, args, `${target} without ${argument}`);
    }
    const args = { ...within, id: 987654321 };
    const { content: [{ text }], isError } = await this.caller.raw(tool, args);
    const { status, code } = isError ? JSON.parse(text).error : {};
    if (status !== 404 || code !== 'not_found') this.fault(tool, args, text.slice(0, kShown));
  }

  // By name, by id, and with what is required alone. The records made: [{id, expected}]
  async #create(method, place, scenario) {
    const made = [];
    const tried = { name: new Set(), id: new Set() };
    await this.#guard(method.tool, async () => {
      for (const [variant, over] of (scenario.create ?? [{}]).entries()) {
        for (const how of ['name', 'id', ...(variant === 0 ? ['required'] : [])]) {
          const record = await this.#createOne(method, place, how, over, tried);
          if (record) made.push(record);
        }
      }
    });
    this.#untried(method, tried);
    return made;
  }

  async #createOne(method, place, how, over, tried) {
    const { tool } = method;
    const required = new Set();
    for (const name of this.schemas.get(tool).required ?? []) addScoped(method, name, required);
    const best = await this.#arguments(method, place.records, {
      how: how === 'id' ? 'id' : 'name', over, place, known: place.within,
      only: how === 'required' ? [...required] : undefined,
      skip: how === 'id' ? 1 : 0,
    });
    // What is told of a second one of the same is tried elsewhere.
    const twice = this.schemas.get(tool).properties.allow_duplicate ? { allow_duplicate: true } : {};
    const args = { ...onPath(method, how === 'id' ? place.within : place.named), ...best.args, ...twice };
    const answer = await this.#answer(tool, args);
    if (!answer) return undefined;
    for (const argument of best.named) tried[how]?.add(argument);
    this.#told(tool, args, answer, best);
    if (twice.allow_duplicate) await this.#refusesTwice(method, args, how);
    const id = scenarios[method.resource]?.made?.(answer) ?? answer.id;
    return this.#readBack(method, args, place.within, best, id);
  }

  // The same once more is named in place of made, unless the call says that it is meant.
  async #refusesTwice({ tool, guards, arguments: all }, { allow_duplicate, ...args }, how) {
    // With nothing that tells it apart (a first name alone) it is nobody's double.
    const given = Object.keys(args).flatMap((name) => [name, all[name]?.target]);
    const tellsApart = guards.some((fields) => fields.every((field) => given.includes(field)));
    if (how === 'required' && !tellsApart) return;
    const { content: [{ text }], isError } = await this.caller.raw(tool, args);
    const { code, was_applied } = isError ? JSON.parse(text).error : {};
    if (code !== 'conflict' || was_applied !== 'no' || !text.includes('allow_duplicate: true')) {
      this.fault(tool, args, `a second one: ${text.slice(0, kShown)}`);
    }
  }

  // A write says what each name became.
  #told(tool, args, { resolved = {} }, { expected }) {
    for (const { argument, of, value } of expected) {
      if (!of.ref || typeof args[argument] !== 'string') continue;
      if (resolved[argument]?.id !== value) {
        this.fault(tool, args, `resolved says ${JSON.stringify(resolved[argument])} of ${argument}`);
      }
    }
  }

  // The record as the sandbox has it now.
  async #readBack({ tool, resource }, args, within, best, id) {
    const { path } = resources[resource];
    const filled = `${path.replace('/{id}', '')}/${id}`.replace(/\{(\w+)\}/g, (_, each) => within[each]);
    const { status, body } = await this.psa.request('GET', filled);
    if (status !== 200) return this.fault(tool, args, `GET ${filled}: ${status}`);
    for (const difference of differences(body, best.expected)) this.fault(tool, args, difference);
    return { id, record: body, path: filled };
  }

  // The first template whose arguments can all be named.
  async #arguments(method, records, { how, over, place, known, only, skip = 0 }) {
    const serial = this.serial();
    const value = typeof over === 'function' ? over({ ...place, serial }) : over;
    let best;
    const list = templates(method, records).slice(0, kManyTemplates);
    for (const template of list.length ? [...list.slice(skip), ...list.slice(0, skip)] : [{}]) {
      const made = await bodyCase(method, this.live, { template, how, over: value, known, serial, only });
      if (!best || made.unnamed.length < best.unnamed.length) best = made;
      if (!best.unnamed.length) break;
    }
    return best;
  }

  // Every reference must have been given, both ways.
  #untried(method, tried) {
    const references = Object.keys(method.arguments)
      .filter((name) => method.arguments[name].ref && method.arguments[name].place === 'body'
        && !isOwn(method.arguments[name]));
    for (const how of ['name', 'id']) {
      const left = references.filter((name) => !tried[how].has(name));
      if (left.length) this.fault(method.tool, {}, `not tried by ${how}: ${left.join(', ')}`);
    }
  }

  async #update(method, place, made, scenario) {
    const tried = { name: new Set(), id: new Set() };
    await this.#guard(method.tool, async () => {
      for (const over of scenario.update ?? [{}]) {
        for (const how of ['name', 'id']) {
          const target = made[how === 'name' ? 0 : 1] ?? made[0] ?? place.records.at(-1);
          if (!target) return this.fault(method.tool, place.within, 'there is nothing to update');
          const stands = target.record ?? target;
          const known = { ...place.within, ...idsOf(method, stands) };
          const best = await this.#arguments(method, [stands, ...place.records],
            { how, over, place, known });
          const args = { ...onPath(method, how === 'id' ? place.within : place.named), id: target.id,
            ...best.args };
          const answer = await this.#answer(method.tool, args);
          if (!answer) continue;
          this.#told(method.tool, args, answer, best);
          for (const argument of best.named) tried[how].add(argument);
          await this.#readBack(method, args, place.within, best, target.id);
        }
      }
    });
    this.#untried(method, tried);
    await this.#guard(method.tool, () => this.#clear(method, place, made[0] ?? place.records.at(-1)));
  }

  // What its schema lists can be emptied, and is empty then; what a record cannot do without stays.
  async #clear(method, place, target) {
    const { tool } = method;
    const listed = this.schemas.get(tool).properties.clear?.items.enum ?? [];
    if (!listed.length || !target) return;
    const at = (record) => listed.filter((name) => filled(valueAt(record, method.arguments[name].target)));
    const args = { ...onPath(method, place.within), id: target.id };
    const before = await this.#stored(method.resource, place.within, target.id);
    const clear = at(before);
    if (!clear.length) return this.fault(tool, args, `nothing to clear of ${listed}`);
    const answer = await this.#answer(tool, { ...args, clear });
    if (!answer) return;
    const after = await this.#stored(method.resource, place.within, target.id);
    // The API has its own default for some; then that must be told.
    const told = [answer.notice, answer.notices].flat().join(' ');
    const left = at(after);
    if (left.length === clear.length) this.fault(tool, { ...args, clear }, 'none is empty');
    for (const name of left) {
      if (!told.includes(name)) this.fault(tool, { ...args, clear }, `${name} is not empty: ${told}`);
    }
    for (const name of this.schemas.get(resources[method.resource].methods.create?.tool)?.required ?? []) {
      const path = method.arguments[name]?.target;
      if (!path || filled(valueAt(after, path)) === filled(valueAt(before, path))) continue;
      this.fault(tool, { ...args, clear }, `${name} went as well`);
    }
  }

  async #stored(resource, within, id) {
    const path = resources[resource].path.replace('/{id}', '')
      .replace(/\{(\w+)\}/g, (_, each) => within[each]);
    return this.psa.get(`${path}/${id}`);
  }

  async #delete(method, { within, named }, made) {
    const { tool } = method;
    if (!made.length) return this.fault(tool, within, 'nothing was made that could be deleted');
    for (const { id, path } of made) {
      const args = { ...onPath(method, id === made[0].id ? named : within), id };
      this.called.add(tool);
      const { content: [{ text }], isError } = await this.caller.raw(tool, args);
      if (isError) {
        this.fault(tool, args, text.slice(0, kShown));
      } else {
        this.accepted.set(tool, args);
        const { status } = await this.psa.request('GET', path);
        if (status !== 404) this.fault(tool, args, 'it is still there');
      }
    }
  }
}

const filled = (value) => ![undefined, null, '', 0].includes(value);

// Of what says whose records they are, what stands in the path.
const onPath = (method, within) => Object.fromEntries(Object.entries(within)
  .filter(([name]) => method.arguments[name]?.place === 'path'));

// What a record refers to, by the names that scopes use.
function idsOf({ arguments: all }, record) {
  const names = Object.values(all).flatMap(({ ref }) => ref?.scopes ?? []).map(({ argument }) => argument);
  return Object.fromEntries(names.map((name) => [name, valueAt(record, all[name]?.target ?? name)?.id])
    .filter(([, id]) => id !== undefined));
}
