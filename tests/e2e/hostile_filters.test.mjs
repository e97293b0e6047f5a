// Hostile strings in every typed filter of every list tool, found through tools/list: a value stays
// a value. None of them is in the data, so that the literal answer is always: nothing.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startDemo } from './harness/demo.mjs';
import { legacyCall, post } from './harness/http.mjs';

const kHostile = {
  'a quote and a tautology': '" or 1=1',
  'a whole other expression': 'zq" or id > 0 or summary = "zq',
  'single quotes': "zq' or '1'='1",
  'closing parentheses': 'zq") or (id > 0) or ("1"="1',
  'brackets': '[2020-01-01T00:00:00Z]',
  'brackets in quotes': 'zq"] or id > [0',
  'a backslash at the end': 'zq\\',
  'a backslash before a quote': 'zq\\" or id > 0 or summary = \\"',
  'two quotes': 'zq"" or id > 0 or ""="',
  'a keyword': 'null',
  'a comment': 'zq" -- ',
  'wildcards': '%zq%',
  'a wildcard inside': 'zq%',
  'control characters': '\u0000\u0001zq\b\t\n\u001f\u007f',
  'a line break and more': 'zq"\r\nor id > 0 or summary = "',
  'an ampersand and parameters': 'zq&conditions=id>0&pageSize=1000#',
  'percent-encoding': 'zq%22%20or%20id%3E0',
  'lookalike quotes': '\u201c or 1=1 \u2033',
  'right to left': '\u202ezq\u2066',
  'far planes': '\u{1F600}\u{10FFFF}zq',
  'a header': 'zq\r\nX-Evil: 1',
  'a hundred kilobytes': `zq" or ${'x'.repeat(100_000)}`,
  'a hundred kilobytes of quotes': '"'.repeat(100_000),
};

// What is no filter: how much, from where, what of it, in which order.
const kPlatform = new Set(['limit', 'next_cursor', 'fields', 'orderBy', 'verbose', 'conditions',
  'childConditions', 'customFieldConditions', 'count', 'include_total']);

const kParents = {
  boardId: '/service/boards',
  projectId: '/project/projects',
  projectTicketId: '/project/tickets',
  companyId: '/company/companies',
  contactId: '/company/contacts',
  agreementId: '/finance/agreements',
  invoiceId: '/finance/invoices',
  opportunityId: '/sales/opportunities',
  purchaseOrderId: '/procurement/purchaseorders',
  categoryId: '/procurement/categories',
  setupId: '/time/timePeriodSetups',
  holidayListId: '/schedule/holidayLists',
  catalogId: '/procurement/catalog',
  memberId: '/system/members',
  surveyId: '/service/surveys',
};

let demo;
let listTools;
let parents;  // valid values of required arguments
before(async () => {
  demo = await startDemo();
  const { body } = await post(demo.mcp_url, { jsonrpc: '2.0', id: 1, method: 'tools/list' });
  listTools = body.result.tools.filter(({ name }) => name.startsWith('list_all_'));
  parents = { ticketId: 40592, recordId: 40592, recordType: 'Ticket', type: 'Ticket', id: 40592 };
  for (const [name, path] of Object.entries(kParents)) {
    [{ id: parents[name] }] = await demo.psa.get(`${path}?pageSize=1&orderBy=id`);
  }
});
after(() => demo.program.stop());

async function callTool(name, args) {
  const { status, body, text } = await post(demo.mcp_url, legacyCall(name, args));
  assert.equal(status, 200, text.slice(0, 300));
  assert.ok(body.result, `${name} ${text.slice(0, 300)}`);
  return { isError: body.result.isError, value: JSON.parse(body.result.content[0].text) };
}

function required({ name: tool, inputSchema }) {
  return Object.fromEntries((inputSchema.required ?? []).map((name) => {
    const of = tool.includes('project_ticket') && name === 'ticketId' ? 'projectTicketId' : name;
    assert.ok(of in parents, `${tool}: no valid ${of} is known to this test`);
    return [name, parents[of]];
  }));
}

function filtersOf({ inputSchema }) {
  return Object.entries(inputSchema.properties).filter(([name, { type }]) =>
    !kPlatform.has(name) && !(type === 'boolean' && name.startsWith('include')));
}

const acceptsText = ({ type, enum: values }) => !values && [type].flat().includes('string');

// No answer, or an empty one; never records, never a 5xx.
async function staysAValue(tool, argument, value, why) {
  const { isError, value: answer } = await callTool(tool.name, { ...required(tool), [argument]: value });
  const where = `${tool.name} ${argument}: ${why}`;
  if (isError) {
    assert.equal(answer.error.was_applied, 'no', where);
    assert.ok(!(answer.error.status >= 500), `${where}: ${JSON.stringify(answer).slice(0, 500)}`);
    return 'refused';
  }
  assert.deepEqual(answer.result, [], `${where} found records`);
  assert.equal('next_cursor' in answer, false, where);
  return 'empty';
}

describe('hostile strings', () => {
  let census;
  before(async () => { census = await demo.psa.census(); });
  after(async () => {
    assert.deepEqual(await demo.psa.census(), census, 'something was written');
    assert.ok(demo.program.alive, 'it is still the same process');
  });

  for (const [why, value] of Object.entries(kHostile)) {
    test(`${why}: in every filter of every list tool`, async () => {
      const outcomes = { refused: 0, empty: 0 };
      await demo.psa.control('DELETE', 'requests');
      for (const tool of listTools) {
        for (const [argument, schema] of filtersOf(tool)) {
          const given = schema.type === 'array' ? [value] : value;
          outcomes[await staysAValue(tool, argument, given, why)] += 1;
        }
      }
      assert.ok(outcomes.refused + outcomes.empty > 20, JSON.stringify(outcomes));
      const { requests } = await demo.psa.control('GET', 'requests?limit=1000');
      assert.ok(requests.every(({ method }) => method === 'GET'), 'only reads reached the upstream');
      assert.ok(requests.every(({ status }) => status < 400),
        `what was sent was well-formed: ${JSON.stringify(requests.find(({ status }) => status >= 400))}`);
    });
  }

  test('numbers, dates, switches and choices refuse text', async () => {
    let tried = 0;
    for (const tool of listTools) {
      for (const [argument, schema] of filtersOf(tool)) {
        const dated = schema.format === 'date-time' || schema.format === 'date';
        if (acceptsText(schema) && !dated) continue;
        if (schema.type === 'array') continue;
        tried += 1;
        assert.equal(await staysAValue(tool, argument, '" or 1=1', 'not of its type'), 'refused');
      }
    }
    assert.ok(tried > 10);
  });

  test('a string filter that matches still does: the guard is not a wall', async () => {
    const tool = 'list_all_connect_wise_psa_tickets';
    const summary = 'He said "O\'Brien\\s 100% [sic] (x) & y=z"';
    const company = await demo.psa.one('/company/companies', 'name="Acme Corp"');
    const { id } = await demo.psa.post('/service/tickets',
      { summary, company: { id: company.id }, board: { name: 'Triage' } });
    for (const part of [summary, '"O\'Brien\\s', '\\s 100% [', '(x) & y=z"']) {
      const { value } = await callTool(tool, { summaryContains: part });
      assert.deepEqual(value.result?.map((ticket) => ticket.id), [id], part);
    }
    await demo.psa.request('DELETE', `/service/tickets/${id}`);
  });

  test('a wildcard in "contains" is a character', async () => {
    const { value } = await callTool('list_all_connect_wise_psa_tickets',
      { summaryContains: '%', limit: 1000, fields: ['id'] });
    const truth = (await demo.psa.all('/service/tickets')).filter(({ summary }) => summary.includes('%'));
    assert.equal(value.result.length, truth.length);
  });

  test('invalid UTF-8 is refused before it is read', async () => {
    const text = JSON.stringify(legacyCall('list_all_connect_wise_psa_tickets',
      { summaryContains: 'MARK' }));
    const [left, right] = text.split('MARK');
    for (const bytes of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]]) {
      const body = Buffer.concat([Buffer.from(left), Buffer.from(bytes), Buffer.from(right)]);
      const answer = await post(demo.mcp_url, body);
      assert.equal(answer.status, 400, `${bytes}: ${answer.text}`);
      assert.equal(answer.body.error.code, -32700);
    }
  });

  test('lone surrogates, escaped, do no harm', async () => {
    const body = JSON.stringify(legacyCall('list_all_connect_wise_psa_tickets',
      { summaryContains: 'MARK' })).replace('MARK', '\\ud800zq\\udc00');
    const { status, text } = await post(demo.mcp_url, body);
    assert.ok(status === 200 || status === 400, text);
    assert.ok(!/"id":\s*5012/.test(text));
  });

  test('hostile names in writes are not found, and what is text is stored as it is', async () => {
    const create = 'create_a_connect_wise_psa_ticket_note';
    for (const why of ['a quote and a tautology', 'a backslash before a quote', 'right to left',
      'far planes', 'lookalike quotes']) {
      const refused = await callTool('create_a_connect_wise_psa_ticket',
        { summary: 'x', company: kHostile[why], board: 'Triage' });
      assert.ok(refused.isError, why);
      assert.equal(refused.value.error.was_applied, 'no');
      const note = await callTool(create,
        { ticketId: 40592, text: kHostile[why], internalAnalysisFlag: true });
      assert.ok(!note.isError, JSON.stringify(note.value));
      const path = `/service/tickets/40592/notes/${note.value.id}`;
      assert.equal((await demo.psa.get(path)).text, kHostile[why]);
      await demo.psa.request('DELETE', path);
    }
  });
});
