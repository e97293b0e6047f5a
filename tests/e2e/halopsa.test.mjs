// A second PSA, which is YAML alone: signed in by client credentials, listed in pages, filtered by plain parameters,
// written by merging.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Shell } from './harness/command.mjs';
import { startServe, temporaryFolder } from './harness/demo.mjs';
import { HaloPsa, application } from './harness/halopsa.mjs';
import { legacyCall, post } from './harness/http.mjs';

describe('HaloPSA', () => {
  let halo;
  let admin;
  let account;
  let mcp;
  let folder;
  const ask = async (name, args = {}) => {
    const { body } = await post(mcp, legacyCall(name, args));
    assert.ok(body?.result, JSON.stringify(body));
    return { failed: body.result.isError === true, ...JSON.parse(body.result.content[0].text) };
  };
  const call = async (name, args) => {
    const answer = await ask(name, args);
    assert.ok(!answer.failed, JSON.stringify(answer));
    return answer;
  };
  const last = (line) => halo.asked.findLast((one) => one.line === line);

  const ends = [];
  after(async () => { for (const end of ends.reverse()) await end(); });
  before(async () => {
    const t = { after: (end) => ends.push(end) };
    halo = await HaloPsa.start(t);
    folder = temporaryFolder(t);
    ({ admin } = await startServe(t, folder));
    account = await admin.create('/integrated-account',
      { integration: 'halopsa', name: 'Halo', credentials: halo.credentials });
    const server = await admin.create(`/integrated-account/${account.id}/mcp`, { name: 'All' });
    mcp = server.url;
  });

  test('the account is proved with a token, which all calls share', async () => {
    assert.equal(account.status, 'active');
    assert.deepEqual(halo.tokenRequests[0], { query: { tenant: 'acme-msp' },
      form: { grant_type: 'client_credentials', ...application, scope: 'all' } });
    assert.equal(halo.asked[0].line, 'GET /api/Agent/me');
    // Its proof was made before there was an account that could keep a token.
    await call('list_all_halo_psa_statuses');
    const asked = halo.tokenRequests.length;
    assert.ok(asked <= 2, `${asked} tokens`);
    await Promise.all(Array.from({ length: 8 }, () => call('list_all_halo_psa_statuses')));
    assert.equal(halo.tokenRequests.length, asked, 'the token is kept');
    const shown = JSON.stringify(await admin.get(`/integrated-account/${account.id}`));
    assert.ok(!shown.includes(application.client_secret));
  });

  test('lists go by pages: cursors give each record once', async () => {
    const seen = [];
    let next;
    do {
      const page = await call('list_all_halo_psa_tickets', { limit: 20, ...(next && { next_cursor: next }) });
      assert.ok(page.result.length <= 20);
      seen.push(...page.result.map(({ id }) => id));
      next = page.next_cursor;
    } while (next);
    assert.equal(seen.length, 57);
    assert.equal(new Set(seen).size, 57);
    assert.deepEqual(seen, seen.toSorted((a, b) => b - a), 'newest first');
    const { query } = last('GET /api/Tickets');
    assert.equal(query.pageinate, 'true');
    assert.equal(query.page_size, '20');
    assert.equal(query.page_no, '3');
    assert.equal(query.order, 'id');
    assert.equal(query.orderdesc, 'true');
  });

  test('what the API gives whole is cut by limit, and goes on from there', async () => {
    const first = await call('list_all_halo_psa_statuses', { limit: 2 });
    assert.deepEqual(first.result.map(({ name }) => name), ['New', 'In Progress']);
    const second = await call('list_all_halo_psa_statuses', { limit: 2, next_cursor: first.next_cursor });
    assert.deepEqual(second.result.map(({ name }) => name), ['Closed']);
    assert.equal(second.next_cursor, undefined);
    assert.ok(!('pageinate' in last('GET /api/Status').query));
  });

  test('filters take names, times and words, and become plain parameters', async () => {
    const found = await call('list_all_halo_psa_tickets',
      { client: 'acme corp', status: 'New', agent: 'dana@msp.example', team: 'Service Desk', open_only: true,
        opened_after: '2026-02-10T00:00:00+01:00', limit: 3 });
    assert.ok(found.result.length > 0);
    for (const ticket of found.result) assert.equal(ticket.client_id, 12);
    const { query } = last('GET /api/Tickets');
    assert.equal(query.client_id, '12');
    assert.equal(query.status_id, '1');
    assert.equal(query.agent_id, '7');
    assert.equal(query.team, '1');
    assert.equal(query.open_only, 'true');
    assert.equal(query.datesearch, 'dateoccured');
    assert.equal(query.startdate, '2026-02-09T23:00:00Z');
    const both = await ask('list_all_halo_psa_tickets',
      { opened_after: '2026-02-10T00:00:00Z', closed_before: '2026-03-10T00:00:00Z' });
    assert.ok(both.failed);
    assert.match(both.error.message, /datesearch/);
  });

  test('names beyond the first page are found by the list\'s own search', async () => {
    const found = await call('list_all_halo_psa_users', { client: 'Zenith Dental' });
    assert.deepEqual(found.result.map(({ name }) => name), ['Bo Chen']);
    const missing = await ask('list_all_halo_psa_users', { client: 'Zenit Dentist' });
    assert.ok(missing.failed);
    assert.match(JSON.stringify(missing.error), /list_all_halo_psa_clients/);
  });

  test('one record, with its details', async () => {
    halo.records.Tickets[3].details = 'It is broken.';
    const ticket = await call('get_single_halo_psa_ticket_by_id', { id: 2003 });
    assert.equal(ticket.details, 'It is broken.');
    assert.equal(last('GET /api/Tickets/2003').query.includedetails, 'true');
    const { result } = await call('list_all_halo_psa_actions', { ticket_id: 2003 });
    assert.equal(result[0].note, 'It is broken.');
  });

  test('records are made and changed in a list of one, with ids for names', async () => {
    const made = await call('create_a_halo_psa_ticket', { summary: 'No network', client: 'Acme Corp', site: 'Leeds',
      user: 'ann@acme.example', ticket_type: 'Incident', priority_id: 3 });
    assert.ok(made.id >= 5000);
    assert.equal(made.resolved.client.id, 12);
    assert.deepEqual(last('POST /api/Tickets').body, [{ summary: 'No network', client_id: 12, site_id: 31, user_id: 51,
      tickettype_id: 1, priority_id: 3 }]);
    const changed = await call('update_a_halo_psa_ticket_by_id', { id: made.id, status: 'In Progress', agent: 'Sam Cole' });
    assert.equal(changed.status_id, 2);
    assert.deepEqual(last('POST /api/Tickets').body, [{ status_id: 2, agent_id: 8, id: made.id }]);
    assert.equal(halo.records.Tickets.find(({ id }) => id === made.id).summary, 'No network', 'what is not given stays');
    const noted = await call('create_a_halo_psa_action',
      { ticket_id: made.id, note: 'Replaced the cable.', hiddenfromuser: false, timetaken: 0.25 });
    assert.ok(noted.id, 'an answer that is a list of one is that record');
    await call('delete_a_halo_psa_ticket_by_id', { id: made.id });
    assert.ok(!halo.records.Tickets.some(({ id }) => id === made.id));
  });

  test('a dry run sends nothing, and nothing to change is refused', async () => {
    const writes = halo.asked.filter(({ line }) => line.startsWith('POST')).length;
    const dry = await call('update_a_halo_psa_ticket_by_id', { id: 2001, status: 'Closed', dry_run: true });
    assert.match(JSON.stringify(dry), /"status_id":9/);
    const nothing = await ask('update_a_halo_psa_ticket_by_id', { id: 2001 });
    assert.match(nothing.error.message, /nothing to change/i);
    assert.equal(halo.asked.filter(({ line }) => line.startsWith('POST')).length, writes);
  });

  test('refusals are told as what to do', async () => {
    const absent = await ask('get_single_halo_psa_ticket_by_id', { id: 999999 });
    assert.equal(absent.error.status, 404);
    assert.match(absent.error.message, /There is no Tickets with id 999999/);
    const unknown = await ask('list_all_halo_psa_tickets', { summmary: 'x' });
    assert.match(JSON.stringify(unknown.error), /search_summary|summmary/);
    const wrong = await ask('update_a_halo_psa_ticket_by_id', { id: 2001, status: 'Nowhere' });
    assert.match(JSON.stringify(wrong.error), /New/, 'the candidates are named');
    halo.down = 429;
    const limited = await ask('list_all_halo_psa_items');
    halo.down = 0;
    assert.equal(limited.error.status, 429);
    assert.equal(limited.error.retry_after_seconds, 1);
  });

  test('every list and every record answers', async (t) => {
    await new Promise((resolve) => { setTimeout(resolve, 1_100); });  // the pause that was asked for above
    const { body } = await post(mcp, { jsonrpc: '2.0', id: 1, method: 'tools/list' });
    const names = body.result.tools.map(({ name }) => name);
    const lists = names.filter((name) => name.startsWith('list_all_'));
    assert.ok(lists.length >= 12, `${lists.length} resources`);
    const plurals = (name) => [`${name}s`, `${name}es`, name.replace(/y$/, 'ies')];
    const got = [];
    for (const name of lists) {
      await t.test(name, async () => {
        const needs = name.endsWith('_actions') ? { ticket_id: 2003 } : {};
        const { result } = await call(name, needs);
        const one = names.find((each) => each.startsWith('get_single_') && plurals(each.slice('get_single_'.length, -'_by_id'.length))
          .includes(name.slice('list_all_'.length)));
        if (!one || !result[0]) return;
        assert.equal((await call(one, { id: result[0].id })).id, result[0].id);
        got.push(one);
      });
    }
    assert.ok(got.length >= 8, got.join());
  });

  test('a token that is taken back is replaced, and no call fails', async () => {
    const asked = halo.tokenRequests.length;
    halo.revokeTokens();
    const answers = await Promise.all(Array.from({ length: 6 }, (_, i) => call('list_all_halo_psa_items', { limit: i + 1 })));
    for (const { result } of answers) assert.equal(result.length, 1);
    assert.ok(halo.tokenRequests.length - asked <= 2, `${halo.tokenRequests.length - asked} requests`);
    assert.equal((await admin.get(`/integrated-account/${account.id}`)).status, 'active');
  });

  test('credentials that are refused are told at once, and mark the account', async () => {
    const { message } = await admin.refused(400, 'POST', '/integrated-account', { integration: 'halopsa', name: 'Wrong',
      credentials: { ...halo.credentials, client_secret: 'not-the-right-one' } });
    assert.match(message, /gives no token for these credentials: invalid_client/);
    assert.ok(!message.includes('not-the-right-one'));

    const right = application.client_secret;
    application.client_secret = 'changed-at-the-other-end';
    halo.revokeTokens();
    const refused = await ask('list_all_halo_psa_items');
    assert.ok(refused.failed);
    assert.equal(refused.error.status, 401);
    assert.match(refused.error.message, /gives no token/);
    let status;
    for (let i = 0; i < 50 && status !== 'needs_reauth'; ++i) {
      ({ status } = await admin.get(`/integrated-account/${account.id}`));
      await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
    assert.equal(status, 'needs_reauth');
    await admin.change(`/integrated-account/${account.id}`,
      { credentials: { client_secret: 'changed-at-the-other-end' } });
    assert.equal((await call('list_all_halo_psa_items')).result.length, 1);
    application.client_secret = right;
  });

  test('the definition has nothing to complain about', async (t) => {
    const shell = new Shell(temporaryFolder(t));
    const checked = await shell.json(['integration', 'lint', new URL('../../integrations/halopsa', import.meta.url).pathname]);
    assert.deepEqual(checked.problems, []);
    assert.ok(checked.tools >= 40, `${checked.tools} tools`);
  });
});
