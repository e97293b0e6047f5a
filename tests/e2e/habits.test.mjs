// What clients do by habit, whatever the model wanted: null and [] for what is left out, arguments of
// their own, lists with commas, keys that are none; and requests that are almost right.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { startDemo } from './harness/demo.mjs';
import { legacyCall, modernRequest, post } from './harness/http.mjs';

const kList = 'list_all_connect_wise_psa_tickets';
const kCreate = 'create_a_connect_wise_psa_ticket';
const kUpdate = 'update_a_connect_wise_psa_ticket_by_id';

let demo;
before(async () => { demo = await startDemo(); });
after(() => demo.program.stop());

// A request in either era, with its params as they are given.
const eras = {
  legacy: (method, params) => post(demo.mcp_url, { jsonrpc: '2.0', id: 1, method, params }),
  modern: (method, params) => {
    const { headers, body } = modernRequest(method, params ?? {});
    const meta = { ...params?._meta, ...body.params._meta };
    return post(demo.mcp_url, { ...body, params: { ...body.params, _meta: meta } }, headers);
  },
};
const call = async (name, args) => {
  const { body } = await post(demo.mcp_url, legacyCall(name, args));
  return { failed: body.result.isError, ...JSON.parse(body.result.content[0].text) };
};

for (const [era, ask] of Object.entries(eras)) {
  describe(`${era}: null in an optional place is absent, [] for an object is {}`, () => {
    const good = async (method, params) => {
      const { status, body, text } = await ask(method, params);
      assert.equal(status, 200, text);
      assert.ok(body.result, `${method} ${JSON.stringify(params)}: ${text}`);
      return body.result;
    };

    test('lists', async () => {
      for (const method of ['tools/list', 'prompts/list']) {
        for (const params of [{ cursor: null }, { _meta: { progressToken: null } }, { _meta: { progressToken: null }, cursor: null }]) {
          await good(method, params);
        }
      }
    });

    test('calls', async () => {
      for (const args of [null, [], {}, undefined, { limit: 1, status: null, orderBy: null }]) {
        const result = await good('tools/call', { name: kList, arguments: args, _meta: { progressToken: null } });
        assert.equal(result.isError, false);
      }
    });

    test('prompts and completions', async () => {
      const plain = await good('prompts/get', { name: 'time_audit' });
      for (const args of [null, [], {}, { member: null }, { member: null, period: null, least_characters: null }]) {
        assert.deepEqual(await good('prompts/get', { name: 'time_audit', arguments: args }), plain);
      }
      const { body } = await ask('prompts/get', { name: 'ticket_summary', arguments: { ticket_id: null } });
      assert.match(body.error.message, /"ticket_id" is required/);
      await good('completion/complete', { ref: { type: 'ref/prompt', name: 'triage_board' },
        argument: { name: 'board', value: 'Tri' }, context: null });
      await good('completion/complete', { ref: { type: 'ref/prompt', name: 'triage_board' },
        argument: { name: 'board', value: 'Tri' }, context: { arguments: [] } });
    });
  });
}

test('initialize with nulls and empty arrays', async () => {
  const { body } = await eras.legacy('initialize', { protocolVersion: '2025-11-25', capabilities: [],
    clientInfo: null, _meta: null });
  assert.equal(body.result.protocolVersion, '2025-11-25');
});

test('arguments that clients add by themselves are left out, and told; all else is refused', async () => {
  const own = { task_progress: '- [x] list', toolCallId: 'call_1', sessionId: 's', action: 'sendMessage', chatInput: 'hi' };
  for (const [tool, args] of [[kList, { limit: 1 }], [kUpdate, { id: 5012, summary: 'x', dry_run: true }]]) {
    for (const [name, value] of Object.entries(own)) {
      const answer = await call(tool, { ...args, [name]: value });
      assert.equal(answer.failed, false, JSON.stringify(answer));
      assert.match(answer.notice, new RegExp(`${name} is no argument of this tool`));
    }
    const all = await call(tool, { ...args, ...own });
    for (const name of Object.keys(own)) assert.ok(all.notice.includes(name), all.notice);
    const refused = await call(tool, { ...args, progress: 'x' });
    assert.equal(refused.failed, true);
    assert.equal(refused.error.field_errors[0].field, 'progress');
  }
});

test('what stands for nothing is no idempotency key: other wishes are not taken for the first', async () => {
  for (const key of ['null', 'undefined', 'None', ' ', '', null]) {
    const made = [];
    for (const summary of ['first', 'second']) {
      const answer = await call(kCreate, { summary: `${summary} of ${JSON.stringify(key)}`,
        company: 'Acme Corp', board: 'Triage', idempotency_key: key, allow_duplicate: true });
      assert.equal(answer.failed, false, JSON.stringify(answer));
      made.push(answer.id);
    }
    assert.notEqual(made[0], made[1], `key ${JSON.stringify(key)}`);
  }
});

test('lists with commas are taken alike, as a text, as JSON text and as an entry', async () => {
  const asked = { ticketId: 40592, dry_run: true };
  const shown = [];
  for (const ids of [[40593, 40601], '40593,40601', ' 40593, 40601 ', '[40593, 40601]', ['40593,40601'],
    ['40593', '40601'], '40593,40601,']) {
    const answer = await call('connect_wise_psa_tickets_attach_children', { ...asked, childTicketIds: ids });
    assert.equal(answer.failed, false, `${JSON.stringify(ids)}: ${JSON.stringify(answer)}`);
    shown.push(answer.request);
  }
  for (const fields of [['id', 'summary'], 'id,summary', '["id","summary"]', ['id,summary']]) {
    const { result } = await call(kList, { limit: 1, fields });
    assert.deepEqual(Object.keys(result[0]).sort(), ['id', 'summary']);
  }
  const cleared = [];
  for (const clear of [['source', 'requiredDate'], 'source,requiredDate', '["source","requiredDate"]', ['source, requiredDate']]) {
    cleared.push((await call(kUpdate, { id: 5012, clear, dry_run: true })).request);
  }
  for (const same of [shown, cleared]) {
    assert.ok(same[0]);
    for (const one of same) assert.deepEqual(one, same[0]);
  }
});

test('an id that no client could find again is refused; any that can be repeated comes back as it was', async () => {
  const ping = (id) => post(demo.mcp_url, `{"jsonrpc":"2.0","id":${id},"method":"ping"}`);
  for (const id of ['1e300', '1E400', '1.5', '-2e-1', 'null', 'true']) {
    const { status, body } = await ping(id);
    assert.equal(status, 400, id);
    assert.equal(body.error.code, -32600);
    assert.match(body.error.message, /id must be a string or a whole number/);
  }
  for (const id of ['0', '-1', '9007199254740993', '"1e300"', '""']) {
    assert.ok((await ping(id)).text.includes(`"id":${id},`), id);
  }
});

test('half of a surrogate pair in an argument loses neither the call nor its id', async () => {
  for (const [text, id] of [['\\ud83d', '"a"'], ['x\\ude00y', '7'], ['\\ud83d\\ud83d', '"b"']]) {
    const { status, body } = await post(demo.mcp_url,
      `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"${kUpdate}",` +
      `"arguments":{"id":5012,"summary":"${text}","dry_run":true}}}`);
    assert.equal(status, 200);
    assert.equal(JSON.stringify(body.id), id);
    assert.ok(body.result.isError || body.result.content[0].text.includes('\ufffd'), JSON.stringify(body));
  }
});

test('a compressed body is 415, and says so', async () => {
  const bytes = gzipSync(JSON.stringify(legacyCall(kList, { limit: 1 })));
  for (const coding of ['gzip', 'x-gzip', 'deflate', 'br']) {
    const { status, headers, body } = await post(demo.mcp_url, bytes, { 'content-encoding': coding });
    assert.equal(status, 415);
    assert.equal(headers.get('accept-encoding'), 'identity');
    assert.match(body.error.message, /Content-Encoding/);
  }
  const plain = await post(demo.mcp_url, legacyCall(kList, { limit: 1 }), { 'content-encoding': 'identity' });
  assert.equal(plain.status, 200);
  const admin = await post(`${demo.admin_url}/environment`, gzipSync('{"name":"x"}'),
    { authorization: `Bearer ${demo.api_token}`, 'content-encoding': 'gzip' });
  assert.equal(admin.status, 415, admin.text);
});

test('a page may send DELETE where sessions are handed out', async () => {
  const origin = 'http://localhost:6274';
  const before = await fetch(demo.mcp_url, { method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'DELETE' } });
  assert.equal(before.status, 204);
  assert.match(before.headers.get('access-control-allow-methods'), /\bDELETE\b/);
  const ended = await fetch(demo.mcp_url, { method: 'DELETE', headers: { origin } });
  assert.equal(ended.status, 405);
  assert.equal(ended.headers.get('access-control-allow-origin'), origin);
});
