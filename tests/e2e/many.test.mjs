// Many records in one call of a write, by the official clients: a verdict for each, and what stands before a write
// (limits, quotas, approvals, questions) for each of them.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ask, clients, connect } from './harness/clients.mjs';
import { startSandbox, startServe, temporaryFolder } from './harness/demo.mjs';

const kCreate = 'create_a_connect_wise_psa_ticket';
const kUpdate = 'update_a_connect_wise_psa_ticket_by_id';
const kCompany = 'create_a_connect_wise_psa_company';

let desk;
const ends = [];
const kept = { after: (end) => ends.push(end) };
after(async () => { for (const end of ends.reverse()) await end(); });
before(async () => {
  const sandbox = await startSandbox(kept);
  desk = { ...sandbox, ...await startServe(kept, temporaryFolder(kept)) };
});

let named = 0;
async function mint(config = {}) {
  const name = `Many ${++named}`;
  const account = await desk.admin.create('/integrated-account',
    { integration: 'connectwise_psa', name, credentials: desk.credentials });
  return desk.admin.create(`/integrated-account/${account.id}/mcp`, { name, config });
}
const called = (word) => desk.psa.get('/service/tickets',
  { conditions: `summary contains '${word}'`, orderBy: 'id', pageSize: 1000 });
const verdicts = ({ result }) => result.map(({ was_applied, code }) => (code ? `${was_applied} ${code}` : was_applied));
// The text of a result, whether it is an error or not.
const told = async (caller, name, args) => JSON.parse((await caller.raw(name, args)).content[0].text);
const tickets = (word, count, more = {}) => ({ company: 'Acme Corp',
  records: Array.from({ length: count }, (_, i) => ({ summary: `${word} ${i}` })), ...more });

for (const kind of clients) {
  describe(kind.name, () => {
    const word = (text) => `${text}${kind.name.replace(/\W/g, '')}`;

    test('a list of new tickets, and an update that goes on behind one that fails', async (t) => {
      const caller = await connect(t, kind, (await mint()).url);
      const made = await caller.call(kCreate, tickets(word('List'), 3));
      assert.deepEqual([made.applied, made.failed, made.result.length], [3, 0, 3]);
      const ids = made.result.map(({ id }) => id);
      assert.deepEqual((await called(word('List'))).map(({ id }) => id).sort(), [...ids].sort());

      const changed = await caller.call(kUpdate, { priority: 'High',
        records: [{ id: ids[0] }, { id: ids[1], priority: 'No such priority' }, { id: ids[2] }] });
      assert.deepEqual(verdicts(changed), ['yes', 'no invalid_argument', 'yes']);
      assert.match(changed.result[1].message, /No such priority/);
      const after = new Map((await called(word('List'))).map((one) => [one.id, one.priority.name]));
      assert.deepEqual([after.get(ids[0]), after.get(ids[2])], ['High', 'High']);
      assert.notEqual(after.get(ids[1]), 'High');
    });

    test('each record is an event of its own in the log, and a filter a read', async (t) => {
      const server = await mint();
      const caller = await connect(t, kind, server.url);
      await caller.call(kCreate, { ...tickets(word('Log'), 2), records: [{ summary: word('Log') },
        { summary: word('Log'), board: 'No such board' }] });
      await caller.call(kUpdate, { filter: { summaryContains: word('Log') }, priority: 'High', expect: 1 });
      const wanted = ['list_all_connect_wise_psa_tickets', kCreate, kCreate, kUpdate];
      let events = [];
      for (let i = 0; i < 50 && events.length < wanted.length; ++i) {
        await new Promise((done) => setTimeout(done, 100));
        events = (await desk.admin.get(`/log?mcp_server_id=${server.id}`)).result;
      }
      assert.deepEqual(events.map(({ tool }) => tool).sort(), [...wanted].sort());
      assert.deepEqual(events.filter(({ tool }) => tool === kCreate).map(({ outcome }) => outcome).sort(),
        ['done', 'failed']);
    });

    test('a filter tells how many there are, and changes them when that is given back', async (t) => {
      const caller = await connect(t, kind, (await mint()).url);
      await caller.call(kCreate, tickets(word('Filter'), 4));
      const wish = { filter: { summaryContains: word('Filter') }, priority: 'High' };
      const counted = await caller.call(kUpdate, wish);
      assert.equal(counted.result_count, 4);
      assert.match(counted.notice, /Nothing was written.*expect: 4/);
      const refused = await caller.refused(kUpdate, { ...wish, expect: 5 });
      assert.equal(refused.code, 'conflict');
      assert.ok((await called(word('Filter'))).every(({ priority }) => priority.name !== 'High'));
      assert.equal((await caller.call(kUpdate, { ...wish, expect: 4 })).applied, 4);
      assert.ok((await called(word('Filter'))).every(({ priority }) => priority.name === 'High'));
    });

    test('the same list with the same key is done once', async (t) => {
      const caller = await connect(t, kind, (await mint()).url);
      const list = tickets(word('Key'), 5, { idempotency_key: word('key'), allow_duplicate: true });
      const first = await caller.call(kCreate, list);
      assert.deepEqual(await caller.call(kCreate, list), first);
      assert.equal((await called(word('Key'))).length, 5);
    });

    test('a server that is held to a company writes none of another', async (t) => {
      const [acme] = await desk.psa.get('/company/companies', { conditions: "name='Acme Corp'" });
      const held = await mint({ argument_limits: { companyId: acme.id }, unheld_tools: 'leave_out' });
      const caller = await connect(t, kind, held.url);
      const [foreign] = await desk.psa.get('/service/tickets',
        { conditions: `company/id != ${acme.id} and closedFlag = false`, pageSize: 1 });
      const [own] = await desk.psa.get('/service/tickets',
        { conditions: `company/id = ${acme.id} and closedFlag = false`, pageSize: 1 });
      const changed = await caller.call(kUpdate,
        { priority: 'Low', records: [{ id: own.id }, { id: foreign.id }] });
      assert.equal(changed.result[0].was_applied, 'yes');
      assert.equal(changed.result[1].was_applied, 'no');
      const there = await desk.psa.get(`/service/tickets/${foreign.id}`);
      assert.deepEqual(there.priority.name, foreign.priority.name);
      assert.equal(there._info?.lastUpdated, foreign._info?.lastUpdated);
    });

    test('a quota of writes ends in the middle, and says so of each', async (t) => {
      const caller = await connect(t, kind, (await mint({ quota: { writes_per_day: 3, calls_per_day: 2 } })).url);
      const made = await caller.call(kCreate, tickets(word('Quota'), 5));
      assert.deepEqual([made.applied, made.failed], [3, 2]);
      assert.equal(made.result.filter(({ code }) => code === 'rate_limited').length, 2);
      assert.equal((await called(word('Quota'))).length, 3);
      // One call was one call.
      assert.equal((await told(caller, kCreate, tickets(word('Quota'), 2))).error.code, 'rate_limited');
      assert.match((await caller.refused(kCreate, tickets(word('Quota'), 2))).message, /2 calls per day/);
    });

    test('each record waits for a yes of its own, and is sent alone once it is there', async (t) => {
      const caller = await connect(t, kind, (await mint({ require_approval: ['write'] })).url);
      const list = tickets(word('Yes'), 3);
      const waiting = await told(caller, kCreate, list);
      assert.equal(waiting.waiting_for_approval, 3);
      assert.equal(waiting.error.was_applied, 'no');
      assert.equal((await called(word('Yes'))).length, 0);
      const ids = waiting.result.map(({ approval }) => approval.id);
      assert.equal(new Set(ids).size, 3);
      const shown = await desk.admin.get(`/approval/${ids[1]}`);
      assert.equal(shown.request.body.summary, `${word('Yes')} 1`);
      assert.equal((await desk.admin.request('POST', `/approval/${ids[1]}/approve`, {})).body.state, 'done');
      assert.deepEqual((await called(word('Yes'))).map(({ summary }) => summary), [`${word('Yes')} 1`]);
      const again = await caller.call(kCreate, list);
      assert.deepEqual([again.applied, again.waiting_for_approval], [1, 2]);
      assert.equal((await called(word('Yes'))).length, 1);
    });

    test('a company comes with its sites, contacts and addresses', async (t) => {
      const caller = await connect(t, kind, (await mint()).url);
      const made = await caller.call(kCompany, { identifier: word('Nest'), name: `${word('Nest')} Ltd`,
        sites: [{ name: 'Harbour', city: 'Bergen' }],
        contacts: [{ firstName: 'Ada', lastName: 'Moe', site: 'Harbour',
          communications: [{ type: 'Email', value: `ada@${word('nest').toLowerCase()}.example` }] }] });
      assert.deepEqual([made.sites.applied, made.contacts.applied], [1, 1]);
      assert.equal(made.contacts.result[0].communications.applied, 1);
      const contacts = await desk.psa.get('/company/contacts', { conditions: `company/id = ${made.id}` });
      assert.deepEqual(contacts.map(({ firstName, site }) => [firstName, site.name]), [['Ada', 'Harbour']]);
    });
  });
}

test('what each of many has sent out is asked about once, and a no writes nothing', async (t) => {
  const { url } = await mint({ confirm_writes: true });
  const list = { company: 'Acme Corp', records: [{ summary: 'Zebrafinch none' },
    { summary: 'Zebrafinch some', automaticEmailCc: 'boss@acme.example', automaticEmailCcFlag: true }] };
  const asked = [];
  let says = 'decline';
  const client = await ask(url, ({ params }) => {
    asked.push(params.message);
    return says === 'accept' ? { action: 'accept', content: { confirm: true } } : { action: says };
  });
  t.after(() => client.close());
  const refused = await client.callTool({ name: kCreate, arguments: list });
  assert.equal(JSON.parse(refused.content[0].text).error.code, 'not_confirmed');
  assert.equal((await called('Zebrafinch')).length, 0);
  assert.equal(asked.length, 1);
  assert.match(asked[0], /record 1: .*boss@acme\.example/);
  assert.doesNotMatch(asked[0], /record 0/);
  says = 'accept';
  const done = await client.callTool({ name: kCreate, arguments: list });
  assert.equal(JSON.parse(done.content[0].text).applied, 2);
  assert.equal(asked.length, 2);
});

test('a filter is shown whole to who has to agree, and only once something would be written', async (t) => {
  const { url } = await mint({ confirm_writes: true });
  const asked = [];
  const client = await ask(url, ({ params }) => {
    asked.push(params.message);
    return { action: 'accept', content: { confirm: true } };
  });
  t.after(() => client.close());
  const call = async (name, args) =>
    JSON.parse((await client.callTool({ name, arguments: args })).content[0].text);
  await call(kCreate, tickets('Axolotl', 2));
  const conditions = `summary contains 'Axolotl' and ${Array.from({ length: 12 }, (_, i) => `id != ${i + 1}`).join(' and ')}`;
  const wish = { filter: { conditions }, automaticEmailCc: 'boss@acme.example', automaticEmailCcFlag: true };
  assert.equal((await call(kUpdate, wish)).result_count, 2);
  assert.deepEqual(asked, []);
  assert.equal((await call(kUpdate, { ...wish, expect: 2 })).applied, 2);
  assert.equal(asked.length, 1);
  assert.ok(asked[0].includes('id != 12') && asked[0].includes('boss@acme.example'), asked[0]);
});

test('what finds and calls tools takes lists as well', async (t) => {
  const caller = await connect(t, clients[0], (await mint({ tool_exposure: 'discovery' })).url);
  const made = await caller.call('call_write_tool', { tool: kCreate, arguments: tickets('Pangolin', 2) });
  assert.equal(made.applied, 2);
  assert.equal((await called('Pangolin')).length, 2);
});

test('a server without the list finds nothing by a filter, and one without contacts makes none', async (t) => {
  const caller = await connect(t, clients[0],
    (await mint({ allow_tools: [kUpdate, kCompany] })).url);
  const refused = await caller.refused(kUpdate, { filter: { board: 'Triage' }, priority: 'Low' });
  assert.equal(refused.code, 'permission_denied');
  const company = await caller.refused(kCompany, { identifier: 'Numbat', name: 'Numbat',
    contacts: [{ firstName: 'Ada' }] });
  assert.equal(company.code, 'permission_denied');
  assert.equal(await desk.psa.count('/company/companies', "identifier = 'Numbat'"), 0);
});

test('a call that is cancelled begins no further record, and tells its progress until then', async (t) => {
  const caller = await connect(t, clients[0], (await mint()).url);
  await desk.psa.control('POST', 'faults',
    { method: 'POST', path_prefix: '/service/tickets', delay_ms: 100, count: 200 });
  t.after(() => desk.psa.control('DELETE', 'faults'));
  const gone = new AbortController();
  const progress = [];
  await assert.rejects(caller.client.callTool({ name: kCreate, arguments: tickets('Cassowary', 60) }, undefined,
    { signal: gone.signal,
      onprogress: ({ progress: done, total }) => {
        progress.push([done, total]);
        if (done >= 4) gone.abort();
      } }));
  assert.ok(progress.some(([done, total]) => done >= 4 && total === 60), JSON.stringify(progress));
  const settled = async () => {
    for (let last = -1; ;) {
      const { length } = await called('Cassowary');
      if (length === last) return length;
      last = length;
      await new Promise((done) => setTimeout(done, 800));
    }
  };
  const there = await settled();
  assert.ok(there >= 4 && there < 30, `${there} were written`);
});
