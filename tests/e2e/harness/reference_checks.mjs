// Each reference of each tool with a name that nothing has, one that means several, and one that belongs
// elsewhere: refused with what would be right, and before anything is written.
import { addScoped, bodyCase, templates } from './body_cases.mjs';
import { nameBy, methodOf, methods, resources, valueAt } from './pack.mjs';
import { inUse } from './records.mjs';
import { scenarios } from './scenarios.mjs';

const kNobody = 'Zyqx Nowhere';
const kShown = 500;

const names = (ref, record) => ref.match.map((fields) => nameBy(record, fields)).filter(Boolean);
const isCalled = (ref, record, name) =>
  names(ref, record).some((each) => each.toLowerCase() === name.toLowerCase());
const contains = (ref, record, part) =>
  names(ref, record).some((each) => each.toLowerCase().includes(part.toLowerCase()));

// Part of several records' names, and the records: those in use before all others.
function severalOf(ref, candidates) {
  for (const record of candidates) {
    for (const name of names(ref, record)) {
      const words = name.split(/[^\p{L}\p{N}]+/u);
      for (const part of [name, ...words, ...words.map((word) => word.slice(0, 3)),
        ...words.map((word) => word.slice(0, 1))]) {
        if (!part || /^\d+$/.test(part)) continue;
        const exact = candidates.filter((each) => isCalled(ref, each, part));
        const found = exact.length ? exact : candidates.filter((each) => contains(ref, each, part));
        const active = found.filter((each) => inUse(ref.resource, each));
        const meant = active.length ? active : found;
        if (meant.length > 1) return { part, meant };
      }
    }
  }
  return undefined;
}

export class ReferenceChecks {
  tried = { unknown: 0, several: 0, elsewhere: 0 };
  refusals = new Map();  // of each tool, arguments that it refuses

  constructor({ caller, psa, live, tools }) {
    Object.assign(this, { caller, psa, live });
    this.schemas = new Map(tools.map(({ name, inputSchema }) => [name, inputSchema]));
  }

  // For scenarios.
  call = (tool, args) => this.caller.call(tool, args);

  // What is wrong with a tool's references.
  async check(tool) {
    const method = methodOf(tool);
    const faults = [];
    const references = Object.entries(method.arguments).filter(([, { ref }]) => ref);
    const plans = [];
    for (const [argument, of] of references) {
      try {
        plans.push(await this.#plan(method, argument, of));
      } catch (error) {
        faults.push(`${tool} ${argument}: ${error.stack}`);
      }
    }
    await this.psa.control('DELETE', 'requests');
    await Promise.all(plans.map((plan) => this.#try(plan, faults)));
    const { requests } = await this.psa.control('GET', 'requests?limit=1000');
    for (const { method: verb, path } of requests.filter((each) => each.method !== 'GET')) {
      faults.push(`${tool}: ${verb} ${path} was sent`);
    }
    return faults;
  }

  // What to give: {method, argument, ref, args, candidates, several, elsewhere}
  async #plan(method, argument, of) {
    const { ref } = of;
    const { args, ids } = await this.#base(method, argument, of);
    const unscoped = ref.scopes.find(({ argument: scope, required }) =>
      required && ids[scope] === undefined);
    if (unscoped) throw new Error(`${unscoped.argument} is unknown`);
    const find = async () => {
      const candidates = await this.live.candidates(ref, ids);
      return { candidates, several: severalOf(ref, candidates) };
    };
    let found = await find();
    for (let twin = 1; !found.several && twin <= 2; ++twin) {
      await this.#addTwin(ref, ids, twin);
      found = await find();
    }
    if (!found.several) throw new Error('no two records can be confused');
    const elsewhere = await this.#elsewhere(ref, ids, found.candidates);
    return { method, argument, ref, args, ...found, elsewhere };
  }

  // Another record like those that are there, straight into the sandbox.
  async #addTwin(ref, ids, number) {
    const { path, methods: { list }, fields } = resources[ref.resource];
    const [own] = await this.live.candidates(ref, ids);
    const like = own ?? (await this.live.all(ref.resource, ids))[0];
    const body = {};
    for (const [name, value] of Object.entries(like)) {
      // What a record of another place refers to need not be in this one.
      if (!own && name === 'site') continue;
      if (['id', '_info', 'customFields'].includes(name) || Array.isArray(value)) continue;
      body[name] = value?.id !== undefined ? { id: value.id } : value;
    }
    for (const [name] of ref.match) {
      if (fields[name]?.type === 'string') body[name] = `Twin ${number} ${ref.resource}`.slice(0, 25);
    }
    let filled = path;
    for (const { parameter, argument } of ref.scopes) {
      if (ids[argument] === undefined) continue;
      const { place, target } = list.arguments[parameter];
      if (place === 'filter') body[target.split('/')[0]] = { id: ids[argument] };
      filled = filled.replace(`{${parameter}}`, ids[argument]);
    }
    await this.psa.post(filled, body);
    this.live.forget(ref.resource);
  }

  async #try({ method, argument, ref, args, candidates, several, elsewhere }, faults) {
    const listTool = resources[ref.resource].methods.list.tool;
    const refused = async (value, wrongWith) => {
      const given = { ...args, [argument]: value };
      this.refusals.set(method.tool, given);
      const { content: [{ text }], isError } = await this.caller.raw(method.tool, given);
      const error = isError ? JSON.parse(text).error : undefined;
      const told = (error?.field_errors ?? []).filter(({ field }) => field === argument)
        .map(({ message }) => message).join(' ');
      const wrong = !error ? 'it was not refused'
        : error.code !== 'invalid_argument' ? `code ${error.code}`
        : error.was_applied !== 'no' ? `was_applied ${error.was_applied}`
        : !told ? `no field error of ${argument}`
        : this.schemas.has(listTool) && !error.hint.includes(listTool) ? `the hint names no ${listTool}`
        : wrongWith(told);
      if (wrong) {
        faults.push(`${method.tool} ${JSON.stringify(given)}: ${wrong}: ${text.slice(0, kShown)}`);
      }
    };
    this.tried.unknown += 1;
    await refused(kNobody, (told) => {
      if (!/does not exist/.test(told)) return 'it does not say that it does not exist';
      const near = candidates.some((record) => names(ref, record).some((name) => told.includes(name)));
      return near ? undefined : 'it names none that there is';
    });
    this.tried.several += 1;
    await refused(several.part, (told) => {
      const listed = [...told.matchAll(/\(id (\d+)(?:, [^)]*)?\)/g)].map(([, id]) => Number(id));
      const meant = new Set(several.meant.map(({ id }) => id));
      const right = listed.length === Math.min(10, meant.size) && listed.every((id) => meant.has(id));
      return right ? undefined : `it lists ${listed}, not ${[...meant].slice(0, 12)}`;
    });
    for (const value of elsewhere) {
      this.tried.elsewhere += 1;
      await refused(value, (told) => (/does not exist on/.test(told) ? undefined
        : 'it does not say where it does not exist'));
    }
  }

  // The name of a record outside of the scope that the other arguments give, and its id where that is
  // looked up as well; nothing where no scope is given.
  async #elsewhere(ref, ids, candidates) {
    const given = ref.scopes.filter(({ argument }) => ids[argument] !== undefined);
    if (!given.length) return [];
    const here = new Set(candidates.map(({ id }) => id));
    for (const others of await this.#otherScopes(ref, given, ids)) {
      for (const other of others.filter(({ id }) => !here.has(id))) {
        const name = names(ref, other).find((each) =>
          !/^\d+$/.test(each) && !candidates.some((one) => contains(ref, one, each)));
        if (name) return given.some(({ required }) => required) ? [name, other.id] : [name];
      }
    }
    throw new Error('no record stands outside of the scope');
  }

  // The candidates of other boards, companies or projects, one list after another.
  async #otherScopes(ref, given, ids) {
    const lists = [];
    const [{ parameter, argument, required }] = given;
    if (!required) {
      const without = { ...ids };
      for (const scope of given) delete without[scope.argument];
      return [await this.live.candidates(ref, without)];
    }
    for (const { id } of (await this.live.parents(ref.resource)).slice(0, 12)) {
      if (id === ids[argument]) continue;
      lists.push(await this.live.all(ref.resource, { [parameter]: id }));
    }
    return lists;
  }

  // The other arguments of the call, by id: {args, ids of what they name}
  async #base(method, argument, of) {
    const scenario = scenarios[method.resource] ?? {};
    const { within, records } = await this.#path(method, scenario);
    const ids = { ...within };
    // The path may have a scope under the list's own name for it: boardId.
    for (const { parameter, argument: scope } of of.ref.scopes) {
      if (!(scope in method.arguments) && parameter in within) ids[scope] = within[parameter];
    }
    if (method.record) {
      const record = await this.psa.get(method.record.replace(/\{(\w+)\}/g, (_, each) => within[each]));
      for (const { argument: scope } of of.ref.scopes) ids[scope] = valueAt(record, scope)?.id;
    }
    // What the record has from the one that it names: a note's company is its ticket's.
    for (const { field, from, resource } of of.place === 'body' ? resources[method.resource].inherits : []) {
      const parent = [scenario.beside?.[method.name]?.[from] ?? within[from]].flat()[0];
      if (!resource || parent === undefined || ids[field] !== undefined) continue;
      const record = await this.psa.get(`${resources[resource].path}/${parent}`);
      if (of.ref.scopes.some(({ argument: scope }) => scope === field)) ids[field] = record[field]?.id;
    }
    const needed = addScoped(method, argument, new Set());
    if (['filter', 'query', 'step'].includes(of.place)) {
      const args = { ...within };
      for (const name of of.place === 'step' ? this.schemas.get(method.tool).required ?? [] : []) {
        const { ref } = method.arguments[name];
        if (name !== argument) args[name] = ref ? (await this.live.candidates(ref, {}))[0].id : 40592;
      }
      for (const name of needed) {
        const scope = method.arguments[name];
        if (name === argument || !scope || name in args) continue;
        ids[name] = await this.#roomyScope(of.ref, scope.ref, name, ids);
        args[name] = String(ids[name]);
      }
      return { args, ids };
    }
    const required = this.schemas.get(method.tool).required ?? [];
    if (method.kind !== 'update') for (const name of required) addScoped(method, name, needed);
    const [template = {}] = method.kind === 'create' ? templates(method, records)
      : records.filter((record) => record.id === within.id);
    if (method.kind === 'update') {
      for (const name of needed) {
        const id = valueAt(template, method.arguments[name]?.target ?? name)?.id;
        if (id !== undefined) ids[name] = id;
      }
    }
    const said = scenario[method.kind]?.[0];
    const over = typeof said === 'object' ? { ...said } : {};
    // What the template does not say is taken where there is something to confuse.
    for (const { argument: name } of of.ref.scopes) {
      const scope = method.arguments[name];
      if (!scope?.ref || name in ids || valueAt(template, scope.target)) continue;
      over[name] = await this.#roomyScope(of.ref, scope.ref, name, ids);
    }
    const { args } = await bodyCase(method, this.live, { template, how: 'id', serial: 7, known: ids,
      over,
      only: method.kind === 'update' ? required : [...needed] });
    for (const [name, value] of Object.entries(args)) {
      if (method.arguments[name]?.ref) ids[name] = value;
    }
    delete ids[argument];
    return { args: { ...within, ...args, ...scenario.beside?.[method.name] }, ids };
  }

  // A scope in which there is something to confuse.
  async #roomyScope(ref, scope, name, ids) {
    const all = await this.live.candidates(scope, ids);
    for (const { id } of all.slice(0, 100)) {
      if (severalOf(ref, await this.live.candidates(ref, { ...ids, [name]: id }))) return id;
    }
    return all[0].id;
  }

  // What the path asks for, a real record and its parent, and the records beside it.
  async #path(method, scenario) {
    if (method.kind === 'composite') return { within: {}, records: [] };
    const holders = [...method.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const place = await scenario.place?.(this) ?? {};
    const found = place.within
      ? { within: place.within, records: place.records ?? await this.live.all(method.resource, place.within) }
      : await this.live.somewhere(method.resource);
    const within = {};
    for (const name of holders) {
      within[name] = found.within[name] ?? (found.records.find(telling) ?? found.records[0]).id;
    }
    return { within, records: found.records };
  }
}

// A record on which the most can be tried: with a company, a board, a project.
const telling = (record) => ['contact', 'agreement', 'project', 'board', 'type', 'company']
  .filter((name) => record[name]).length >= Math.min(3, ['contact', 'agreement', 'project', 'board',
    'type', 'company'].filter((name) => name in record).length);

export const withReferences = methods.filter(({ arguments: all }) =>
  Object.values(all).some(({ ref }) => ref));
