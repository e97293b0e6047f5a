// A door held to one company, attacked with every tool of the pack: ids and names of other companies' records
// in every argument that takes any, raw conditions that would widen, cursors of others. What answers show is
// looked through for words that stand in the others' records alone; the sandbox's records say what was
// changed, and its log what was asked for.
import assert from 'node:assert/strict';
import { after, before, test, describe } from 'node:test';
import { connected, clients } from '../e2e/harness/clients.mjs';
import { startDemo } from '../e2e/harness/demo.mjs';
import { legacyCall, post } from '../e2e/harness/http.mjs';
import { methodOf, resources, valueAt } from '../e2e/harness/pack.mjs';
import { harmless, kindOf } from './harness/foreign.mjs';

const kMark = 'ZZFOREIGN';
const kPrefix = 'connect_wise_psa';
// Where a text of a record can be planted.
const kTexts = { companies: 'addressLine1', contacts: 'title', tickets: 'summary', time_entries: 'notes',
  agreements: 'internalNotes', configurations: 'notes', sales_opportunities: 'name', projects: 'name',
  activities: 'name', project_tickets: 'summary', orders: 'notes', invoices: 'internalNotes',
  expense_entries: 'notes', products: 'internalNotes' };
const isOwned = ({ ownedBy }) => typeof ownedBy === 'string' && !['nobody', 'parent'].includes(ownedBy);
const tops = Object.values(resources).filter((each) => isOwned(each) && !each.path.includes('{'));

let demo, door, wide, company, other, tools;
const mine = {}, theirs = {};  // resource → a record's id
const second = {};  // resource → another record's id of the company's, where it has two
const own = {};  // resource → the record of `mine`
const parents = {};  // resource → some of the others' ids
const shared = {};  // resource that is nobody's → a record's id
const named = {};  // resource → what `theirs` is called
const foreign = new Map();  // resource → ids of all records that are not the company's
let before_;
const log = [];  // what the door has asked the sandbox for

// The sandbox keeps the last thousand. What tests ask for themselves has no type of the vendor's.
async function drain(kept = true) {
  const { requests } = await demo.psa.control('GET', 'requests?limit=1000');
  assert.ok(requests.length < 1000, 'some of the log is lost');
  await demo.psa.control('DELETE', 'requests');
  if (kept) log.push(...requests.filter(({ accept = '' }) => accept.includes('vnd.connectwise')));
}

const ownerOf = (resource, record) => valueAt(record, resource.ownedBy);
async function others() {
  const all = {};
  for (const resource of tops) {
    const records = await demo.psa.all(resource.path);
    all[resource.name] = records.filter((record) => ownerOf(resource, record) !== company.id);
  }
  return all;
}

// A sub-record's id below a parent.
const below = (resource, parentId) => first(resource.path.replace(/\{\w+\}/, parentId));
async function first(path) {
  const { status, body } = await demo.psa.request('GET', path, { query: { pageSize: 1 } });
  return status === 200 && Array.isArray(body) ? body[0]?.id : undefined;
}

before(async () => {
  demo = await startDemo();
  const ticket = await demo.psa.get('/service/tickets/5012');
  company = await demo.psa.get(`/company/companies/${ticket.company.id}`);
  for (const resource of tops) {
    const records = await demo.psa.all(resource.path);
    const of = (own) => records.filter((record) => (ownerOf(resource, record) === company.id) === own);
    own[resource.name] = of(true)[0];
    second[resource.name] = of(true).slice(1).find(({ board }) => board?.id === of(true)[0].board?.id)?.id;
    parents[resource.name] = of(false).slice(0, 25).map(({ id }) => id);
    mine[resource.name] = own[resource.name]?.id;
    for (const record of of(false).slice(0, 25)) {
      const field = kTexts[resource.name];
      const { status } = await demo.psa.request('PATCH', `${resource.path}/${record.id}`,
        { body: [{ op: 'replace', path: field, value: `${kMark} ${record.id}` }] });
      if (status < 300) theirs[resource.name] ??= record.id;
    }
    theirs[resource.name] ??= of(false)[0]?.id;
  }
  other = await demo.psa.get(`/company/companies/${theirs.companies}`);
  // The others' names, which their records repeat.
  await demo.psa.request('PATCH', `/company/companies/${other.id}`,
    { body: [{ op: 'replace', path: 'name', value: `${kMark} Corp` }] });
  for (const resource of Object.values(resources)) {
    const parent = resource.path.match(/^(.*)\/\{\w+\}\/\w+$/)?.[1];
    const of = parent && tops.find(({ path }) => path === parent);
    if (!of) continue;
    mine[resource.name] = await below(resource, mine[of.name]);
    for (const id of [theirs[of.name], ...parents[of.name]]) {
      theirs[resource.name] ??= id && await below(resource, id);
    }
  }
  shared.boards = own.tickets.board.id;
  for (const { name, path, ownedBy } of Object.values(resources)) {
    if (ownedBy === 'nobody' && path) shared[name] ??= await first(path.replace(/\{\w+\}/, shared.boards));
  }
  // What others' records are called, as a caller may name them.
  for (const { name, path } of tops) {
    if (theirs[name] === undefined) continue;
    const record = await demo.psa.get(`${path}/${theirs[name]}`);
    named[name] = record.firstName ? `${record.firstName} ${record.lastName}`
      : record.name ?? record.summary ?? record.identifier;
  }
  const minted = (name, config) => demo.admin.create(`/integrated-account/${demo.integrated_account_id}/mcp`,
    { name, config });
  door = await minted('One customer', { argument_limits: { companyId: company.id }, unheld_tools: 'leave_out' });
  wide = await minted('All', {});
  const all = await others();
  for (const [name, records] of Object.entries(all)) foreign.set(name, new Set(records.map(({ id }) => id)));
  before_ = all;
  await demo.psa.control('DELETE', 'requests');
});
after(() => demo.program.stop());

describe('a door held to one company', () => {
  const caller = connected(clients[0], () => door.url);
  const free = connected(clients[0], () => wide.url);

  // Nothing of another company's: neither the planted words nor, anywhere in it, a reference to another company.
  function isClean(tool, args, text) {
    const said = `${tool} ${JSON.stringify(args)}: ${text.slice(0, 600)}`;
    // What the caller has said itself is no news.
    let echoed = JSON.stringify(args).includes(`${kMark} Corp`) ? text.replaceAll(`${kMark} Corp`, '') : text;
    for (const value of Object.values(args)) echoed = echoed.replaceAll(`'${value}'`, '');
    assert.ok(!echoed.includes(kMark), said);
    const walk = (value, key) => {
      if (Array.isArray(value)) return value.forEach((each) => walk(each, key));
      if (!value || typeof value !== 'object') return undefined;
      if (/^(company|.*Company|vendor)$/.test(key) && value.id !== undefined) {
        assert.equal(value.id, company.id, `${key}: ${said}`);
      }
      return Object.entries(value).forEach(([name, each]) => walk(each, name));
    };
    walk(JSON.parse(text), '');
  }

  async function attack(tool, args) {
    const { content: [{ text }], isError } = await caller.raw(tool, args);
    isClean(tool, args, text);
    return { text, isError, said: JSON.parse(text) };
  }

  // Arguments that are due, with every id of the one's or the other's records.
  function filled(tool, method, ids, only) {
    const args = {};
    const { properties, required = [] } = tool.inputSchema;
    for (const [name, schema] of Object.entries(properties)) {
      const platform = !(name in method.arguments) && name !== 'id';
      const kind = platform ? undefined : kindOf(method, name, schema);
      const owned = kind && resources[kind].ownedBy !== 'nobody';
      const id = !owned ? undefined : only === undefined || only === name ? ids[kind] : mine[kind];
      const joined = schema.type !== 'array' ? id : id === mine[kind] ? second[kind] : parents[kind].find((each) => each !== id);
      const value = id !== undefined && schema.type === 'array' ? [joined]
        : id !== undefined && schema.type === 'string' ? String(id) : id;
      if (owned && (only === undefined || only === name || required.includes(name))) args[name] = value ?? 987654321;
      else if (required.includes(name)) args[name] = usable(schema, method, name, kind);
    }
    // What the argument is looked up within.
    for (const { argument } of method.arguments[only]?.ref?.scopes ?? []) {
      const kind = argument in properties && argument !== 'company' ? kindOf(method, argument, properties[argument]) : undefined;
      if (mine[kind] === undefined || argument in args) continue;
      args[argument] = properties[argument].type === 'string' ? String(mine[kind]) : mine[kind];
    }
    // One of each group that is due, and of an update something that it changes.
    const due = method.oneOf.filter((group) => !group.some((name) => name in args));
    if (method.kind === 'update') {
      const changed = Object.entries(method.arguments).find(([name, { place, type, values }]) => place === 'body' &&
        type === 'string' && !values && name in properties && !properties[name].enum && !kindOf(method, name, properties[name]));
      if (changed) due.push([changed[0]]);
    }
    for (const group of due) {
      const name = group.find((each) => each in properties && each !== 'company');
      if (!name) continue;
      const kind = kindOf(method, name, properties[name]);
      args[name] = usable(properties[name], method, name, kind);
    }
    // Of which kind an id is, where an argument beside it says that.
    for (const name of Object.keys(args)) {
      const beside = name.replace(/Id$/, 'Type');
      const kinds = properties[beside]?.enum;
      if (beside === name || !kinds) continue;
      args[beside] ??= kinds.includes('ServiceTicket') ? 'ServiceTicket' : kinds[0];
    }
    return args;
  }

  // What a call with the company's own ids could have there.
  function usable(schema, method, name, kind) {
    const field = method.arguments[name]?.target ?? name;
    const id = kind && (own[method.resource]?.[field]?.id ?? (resources[kind].ownedBy === 'nobody' ? shared[kind] : mine[kind]));
    if (id !== undefined) return schema.type === 'array' ? [id] : schema.type === 'string' ? String(id) : id;
    return name === 'value' ? 'attack@falcon.example' : harmless(schema, method, name);
  }
  const idArguments = (tool, method) => Object.entries(tool.inputSchema.properties)
    .filter(([name, schema]) => (name in method.arguments || name === 'id') && kindOf(method, name, schema)
      && resources[kindOf(method, name, schema)].ownedBy !== 'nobody').map(([name]) => name);

  test('the door says no word of companies in what it lists, and keeps what it cannot hold out', async () => {
    tools = await caller.tools();
    assert.ok(tools.length > 100, `${tools.length} tools`);
    for (const { name, inputSchema } of tools) {
      assert.ok(methodOf(name), `${name} is not of the pack`);
      assert.ok(!('companyId' in inputSchema.properties), name);
      if (name !== 'update_a_connect_wise_psa_agreement_by_id') assert.ok(!('company' in inputSchema.properties), name);
    }
    for (const name of [`${kPrefix}_documents_download`, `create_a_${kPrefix}_company`, `list_all_${kPrefix}_callbacks`]) {
      assert.ok(!tools.some((tool) => tool.name === name), name);
    }
    // Asked for without a word on them, they are refused, all by name.
    const refused = await demo.admin.request('POST', `/integrated-account/${demo.integrated_account_id}/mcp`,
      { name: 'x', config: { argument_limits: { companyId: company.id } } });
    assert.equal(refused.status, 400, refused.text);
    assert.match(refused.text, new RegExp(`${kPrefix}_documents_download`));
    // Another name of the argument would narrow some tools and hold nothing.
    const narrowed = await demo.admin.request('POST', `/integrated-account/${demo.integrated_account_id}/mcp`,
      { name: 'x', config: { argument_limits: { company: company.id } } });
    assert.equal(narrowed.status, 400, narrowed.text);
    assert.match(narrowed.text, /Write companyId/);
  });

  test('a foreign id is refused at once where a yes would be asked for, and nobody is asked', async () => {
    const waits = await demo.admin.create(`/integrated-account/${demo.integrated_account_id}/mcp`, { name: 'Waits',
      config: { argument_limits: { companyId: company.id }, unheld_tools: 'leave_out', require_approval: ['write'] } });
    const call = async (id) => {
      const { body } = await post(waits.url, legacyCall(`update_a_${kPrefix}_ticket_by_id`, { id, summary: 'Changed' }));
      return JSON.parse(body.result.content[0].text);
    };
    const foreignOne = await call(theirs.tickets);
    const nobodys = await call(987654321);
    assert.equal(foreignOne.error.code, 'not_found', JSON.stringify(foreignOne));
    assert.equal(nobodys.error.code, 'not_found', JSON.stringify(nobodys));
    const waiting = async () => (await demo.admin.get(`/approval?mcp_server_id=${waits.id}`)).result;
    assert.deepEqual(await waiting(), []);
    assert.equal((await call(mine.tickets)).error.code, 'approval_required');
    assert.equal((await waiting()).length, 1);
    await demo.admin.request('DELETE', `/integrated-account/${demo.integrated_account_id}/mcp/${waits.id}`);
    const [ended] = await waiting();
    assert.equal(ended.state, 'refused');
    assert.match(ended.reason, /deleted/);
  });

  test('limits that would hold nothing are refused', async () => {
    for (const [limits, why] of [[{ companyId: 0 }, /1 or more/], [{ companyId: -1 }, /1 or more/], [{ companyId: [company.id, 0] }, /1 or more/],
      [{ limit: 5 }, /how a call is made/], [{ next_cursor: 'x' }, /how a call is made/], [{ fields: 'id' }, /how a call is made/],
      [{ summaryContains: 'x' }, /lists alone/]]) {
      const { status, text } = await demo.admin.request('POST', `/integrated-account/${demo.integrated_account_id}/mcp`,
        { name: 'x', config: { argument_limits: limits } });
      assert.equal(status, 400, text);
      assert.match(text, why, JSON.stringify(limits));
    }
  });

  test('reads of its own company work, and show it all', async () => {
    for (const resource of tops) {
      const list = tools.find(({ name }) => name === `list_all_${kPrefix}_${resource.name}`);
      if (!list || resource.name === 'companies') continue;
      const count = (await demo.psa.all(resource.path, `${resource.ownedBy} = ${company.id}`)).length;
      const { said } = await attack(list.name, { limit: 1000 });
      assert.equal(said.result_count, Math.min(count, said.result_count), list.name);
      assert.ok(count === 0 || said.result_count > 0, `${list.name}: ${JSON.stringify(said).slice(0, 400)}`);
      if (!('count' in list.inputSchema.properties)) continue;
      const counted = await attack(list.name, { count: true });
      assert.equal(counted.said.count, count, `${list.name}: ${counted.text}`);
    }
    const { said } = await attack(`get_single_${kPrefix}_ticket_by_id`, { id: 5012, includeNotes: true });
    assert.equal(said.id, 5012);
  });

  test('raw conditions, orders and fields widen nothing', async () => {
    const quotes = [`id > 0 OR company/id = ${other.id}`, `(id > 0) OR (id > 0)`, `company/id = ${other.id}`,
      `id > 0) OR (company/id != ${company.id}`, `company/name = "${kMark} Corp" or id > 0`, '1=1', 'id>0 OR id>0 --',
      `summary = "x" OR summary != "x"`, `id in (${[...foreign.get('tickets')].slice(0, 20)})`];
    for (const tool of tools.filter(({ inputSchema }) => 'conditions' in inputSchema.properties)) {
      await drain();
      const method = methodOf(tool.name);
      const parents = filled(tool, method, mine, '');
      for (const conditions of quotes) {
        await attack(tool.name, { ...parents, conditions, limit: 1000 });
        if (!('count' in tool.inputSchema.properties) || !isOwned(resources[method.resource])) continue;
        const { said, isError } = await attack(tool.name, { ...parents, conditions, count: true });
        const own = mine[method.resource] === undefined ? 0 : (await attack(tool.name, { ...parents, count: true })).said.count;
        assert.ok(isError || said.count <= own, `${tool.name} ${conditions}: ${JSON.stringify(said)}`);
      }
      await attack(tool.name, { ...parents, orderBy: 'company/name desc', fields: ['id', 'company/name', 'company'], limit: 1000 });
      for (const raw of ['childConditions', 'customFieldConditions']) {
        if (raw in tool.inputSchema.properties) await attack(tool.name, { ...parents, [raw]: 'id > 0 OR id > 0', limit: 1000 });
      }
    }
  });

  test('with the ids of its own records every tool works, and shows as much as where nothing is held', async () => {
    const faults = [];
    for (const tool of tools) {
      const method = methodOf(tool.name);
      const args = { ...filled(tool, method, mine, ''), ...(tool.annotations.readOnlyHint ? {} : { dry_run: true }) };
      // What the company has none of.
      if (Object.values(args).flat().includes(987654321)) continue;
      await drain();
      const { isError, said, text } = await attack(tool.name, args);
      const why = `${tool.name} ${JSON.stringify(args)}: ${text.slice(0, 400)}`;
      // Its opportunity is not won.
      if (isError && !/does not count as won/.test(text)) faults.push(why);
      const of = resources[method.resource];
      if (method.kind !== 'list' || of.ownedBy === 'nobody' || isOwned(of)) continue;
      const all = await free.call(tool.name, args);
      await drain(false);
      if (said.result_count !== all.result_count) faults.push(`${all.result_count}: ${why}`);
    }
    assert.deepEqual(faults, []);
  });

  test('no tool takes an id of another company, in any argument', async () => {
    let tried = 0;
    const refusedElse = [];
    for (const tool of tools) {
      const method = methodOf(tool.name);
      const reads = tool.annotations.readOnlyHint;
      for (const only of [undefined, ...idArguments(tool, method)]) {
        for (const dry of reads ? [{}] : [{ dry_run: true }, {}]) {
          const args = { ...filled(tool, method, theirs, only), ...dry };
          const hit = idArguments(tool, method).some((name) => name in args && (only === undefined || only === name));
          // What names nothing of others is the company's own to delete: the rest of the walk needs it.
          if (!reads && !hit && !dry.dry_run) continue;
          const { isError, text, said } = await attack(tool.name, args);
          ++tried;
          if (tried % 20 === 0) await drain();
          if (reads || !hit) continue;
          const why = `${tool.name} ${JSON.stringify(args)}: ${text.slice(0, 400)}`;
          assert.ok(isError, why);
          // For whose it is, not for something else that would have been amiss.
          const isForThat = ['not_found', 'permission_denied'].includes(said.error.code)
            || /does not exist|that are not there|cannot be found/.test(said.error.message);
          if (!isForThat) refusedElse.push(why);
        }
      }
    }
    assert.ok(tried > 200, `${tried}`);
    assert.deepEqual(refusedElse, []);
    for (const { name, path } of tops) if (mine[name] !== undefined) await demo.psa.get(`${path}/${mine[name]}`);
    await drain();
  });

  test('no tool takes the name of a record of another company', async () => {
    let tried = 0;
    for (const tool of tools) {
      const method = methodOf(tool.name);
      for (const name of idArguments(tool, method)) {
        const called = named[kindOf(method, name, tool.inputSchema.properties[name])];
        if (called === undefined || !JSON.stringify(tool.inputSchema.properties[name].type).includes('string')) continue;
        if (++tried % 20 === 0) await drain();
        const args = { ...filled(tool, method, mine, name), [name]: called,
          ...(tool.annotations.readOnlyHint ? {} : { dry_run: true }) };
        const { isError, said, text } = await attack(tool.name, args);
        assert.ok(isError || said.result_count === 0 || tool.annotations.readOnlyHint,
          `${tool.name} ${JSON.stringify(args)}: ${text.slice(0, 400)}`);
      }
    }
    assert.ok(tried > 20, `${tried}`);
    await drain();
  });

  test('what is fixed cannot be said otherwise, under any name', async () => {
    for (const tool of tools) {
      await drain();
      const method = methodOf(tool.name);
      for (const said of [{ companyId: other.id }, { company: other.id }, { company: `${kMark} Corp` },
        { company: { id: other.id } }, { company_id: other.id }, { company: other.identifier }]) {
        await attack(tool.name, { ...filled(tool, method, mine, ''), ...said,
          ...(tool.annotations.readOnlyHint ? {} : { dry_run: true }) });
      }
    }
  });

  test('an id of another company is answered like one that nobody has', async () => {
    for (const resource of tops) {
      const tool = resource.methods.get?.tool;
      const listed = tools.find(({ name }) => name === tool);
      if (!listed || !('id' in listed.inputSchema.properties)) continue;
      const plain = ({ text }, id) => text.replaceAll(String(id), 'ID').replace(/"request_id":"[^"]*"/, '');
      const [is, none] = [await attack(tool, { id: theirs[resource.name] }), await attack(tool, { id: 987654321 })];
      assert.ok(is.isError && none.isError, is.text);
      assert.equal(is.said.error.code, 'not_found', is.text);
      assert.match(is.said.error.message, /^No such record/);
      assert.doesNotMatch(is.text, /keys/);
      assert.equal(plain(is, theirs[resource.name]), plain(none, 987654321));
    }
  });

  test('a cursor of another server opens nothing', async () => {
    const list = `list_all_${kPrefix}_tickets`;
    await drain();
    const { next_cursor } = await free.call(list, { limit: 1 });
    await drain(false);
    assert.ok(next_cursor);
    assert.ok((await attack(list, { next_cursor, limit: 1 })).isError);
  });

  test('what was answered elsewhere under the same key is not told here', async () => {
    const note = `create_a_${kPrefix}_ticket_note`;
    const args = { ticketId: theirs.tickets, text: `${kMark} note`, internalAnalysisFlag: true, idempotency_key: 'k1' };
    await drain();
    await free.call(note, args);
    await drain(false);
    const { content: [{ text }], isError } = await caller.raw(note, args);
    assert.ok(isError && !/"id"/.test(text), text);
    before_ = await others();
  });

  test('names of other companies complete nothing', async () => {
    const { prompts } = await caller.client.listPrompts();
    for (const { name, arguments: all = [] } of prompts) {
      for (const argument of all) {
        for (const value of ['', 'Z', kMark]) {
          const { completion } = await caller.client.complete({ ref: { type: 'ref/prompt', name },
            argument: { name: argument.name, value } });
          assert.ok(!JSON.stringify(completion).includes(kMark), `${name} ${argument.name}`);
        }
      }
    }
  });

  test('no record of another company was changed, and none was asked for but to see whose it is', async () => {
    await drain();
    assert.deepEqual(await others(), before_);
    const kBase = '/v4_6_release/apis/3.0';
    let looked = 0;
    let held = 0;
    for (const { method, path, query = '' } of log) {
      const at = path.replace(kBase, '');
      const parameters = new URLSearchParams(query);
      for (const resource of tops) {
        if (method === 'GET' && (at === resource.path || at === `${resource.path}/count`)) {
          ++held;
          assert.match(parameters.get('conditions') ?? '', new RegExp(`${resource.ownedBy} ?= ?${company.id}\\b`), at);
        }
        const id = Number(at.match(new RegExp(`^${resource.path}/(\\d+)`))?.[1]);
        if (!foreign.get(resource.name).has(id)) continue;
        ++looked;
        assert.equal(`${method} ${at}`, `GET ${resource.path}/${id}`);
        assert.equal(parameters.get('fields'), `id,${resource.ownedBy}`, at);
      }
    }
    assert.ok(looked > 10 && held > 100, `${looked} looks, ${held} lists`);
  });
});
