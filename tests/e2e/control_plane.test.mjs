// The control plane, as a platform engineer uses it: mint servers, scope them, take them back.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { clients, connect } from './harness/clients.mjs';
import { startDemo } from './harness/demo.mjs';
import { legacyCall, modernRequest, post } from './harness/http.mjs';

const kPrefix = 'connect_wise_psa';
const kListTickets = `list_all_${kPrefix}_tickets`;
const kCreateTicket = `create_a_${kPrefix}_ticket`;
const later = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();
const kListTools = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };

let demo;
let admin;
let servers;  // the path of the account's MCP servers
let environment_id;  // of the demo's account: an instance's token must say which it means
before(async () => {
  demo = await startDemo();
  ({ admin } = demo);
  servers = `/integrated-account/${demo.integrated_account_id}/mcp`;
  ({ environment_id } = await admin.get(`/integrated-account/${demo.integrated_account_id}`));
});
after(() => demo.program.stop());

const create = (config = {}, more = {}) => admin.create(servers, { name: 'test', config, ...more });
const toolNames = async (url) => (await post(url, kListTools)).body.result.tools.map(({ name }) => name);

describe('creating an MCP server', () => {
  test('the request of the article, unchanged, gives a URL that works with every client', async (t) => {
    const response = await fetch(`${demo.admin_url}${servers}`, {
      method: 'POST',
      headers: {
        'Authorization': `Bearer ${demo.api_token}`,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({
        name: "Claude PSA Operations",
        config: {
          methods: ["read", "write"] // Allow both reading and writing
        },
        expires_at: null // Permanent server
      }),
    });
    assert.equal(response.status, 201);
    const mcpServer = await response.json();
    assert.deepEqual(Object.keys(mcpServer).sort(), ['calls_today', 'client_name', 'config', 'created_at', 'created_by',
      'errors_today', 'expires_at', 'has_own_credentials', 'id', 'integrated_account_id', 'last_error', 'last_used_at',
      'member', 'name', 'notices', 'previous_token_expires_at', 'status', 'token', 'tool_count', 'updated_at', 'url',
      'warnings']);
    assert.deepEqual(mcpServer.warnings.map(({ code }) => code), ['many_tools', 'many_tokens', 'long_names']);
    assert.ok(mcpServer.notices[0].startsWith(`${mcpServer.tool_count} tools: `));
    assert.equal(mcpServer.name, 'Claude PSA Operations');
    assert.deepEqual(mcpServer.config.methods, ['read', 'write']);
    assert.equal(mcpServer.expires_at, null);
    assert.equal(mcpServer.integrated_account_id, demo.integrated_account_id);
    assert.match(mcpServer.token, /^pbm_/);
    assert.equal(mcpServer.url, `${demo.admin_url}/mcp/${mcpServer.token}`);
    for (const kind of clients) {
      const claude = await connect(t, kind, mcpServer.url);
      assert.equal((await claude.tools()).length, mcpServer.tool_count);
      assert.equal((await claude.call(kListTickets, { limit: 1 })).result_count, 1);
    }
  });

  test('token and URL are shown there and never again', async () => {
    const made = await create();
    const answers = [
      await admin.request('GET', `${servers}/${made.id}`),
      await admin.request('GET', servers),
      await admin.request('PATCH', `${servers}/${made.id}`, { name: 'renamed' }),
      await admin.request('GET', `/integrated-account/${demo.integrated_account_id}`),
    ];
    for (const { status, text } of answers) {
      assert.equal(status, 200, text);
      assert.ok(!text.includes(made.token), 'the token stands in a later answer');
      assert.ok(!text.includes('pbm_'), 'some token stands in a later answer');
    }
    assert.ok(answers[1].body.result.some(({ id }) => id === made.id));
  });

  test('methods: what is read only cannot write', async () => {
    const { url } = await create({ methods: ['read'] });
    const names = await toolNames(url);
    assert.ok(names.includes(kListTickets));
    assert.ok(names.every((name) => /^(list_all|get_single)_/.test(name)), names.join());

    const before = await demo.psa.census();
    const { status, body } = await post(url, legacyCall(kCreateTicket,
      { summary: 'Must not be', company: 'Acme Corp' }));
    assert.equal(status, 200);
    assert.equal(body.error.code, -32602);
    assert.match(body.error.message, /unknown tool/i);
    assert.deepEqual(await demo.psa.census(), before);
  });

  test('methods: groups and exact names are ORed', async () => {
    const list = await toolNames((await create({ methods: ['list'] })).url);
    assert.ok(list.length > 0 && list.every((name) => name.startsWith('list_all_')));
    const write = await toolNames((await create({ methods: ['write'] })).url);
    assert.ok(write.length > 0 && write.every((name) => /^(create|update|delete)_a_/.test(name)));
    const both = await toolNames((await create({ methods: ['list', 'write'] })).url);
    assert.deepEqual(both.sort(), [...list, ...write].sort());
  });

  test('tags: ORed among themselves, ANDed with methods', async () => {
    const tickets = await toolNames((await create({ tags: ['tickets'] })).url);
    const sales = await toolNames((await create({ tags: ['sales'] })).url);
    assert.ok(tickets.includes(kListTickets));
    assert.ok(!tickets.some((name) => /opportunit|_time_sheet|_invoice/.test(name)), tickets.join());
    assert.ok(sales.includes(`list_all_${kPrefix}_sales_opportunities`));
    assert.ok(!sales.includes(kListTickets));
    const both = await toolNames((await create({ tags: ['tickets', 'sales'] })).url);
    assert.deepEqual(both.sort(), [...new Set([...tickets, ...sales])].sort());
    const readTickets = await toolNames((await create({ tags: ['tickets'], methods: ['read'] })).url);
    assert.deepEqual(readTickets.sort(),
      tickets.filter((name) => /^(list_all|get_single)_/.test(name)).sort());
  });

  test('an unknown method or tag is refused with those that exist', async () => {
    const method = await admin.refused(400, 'POST', servers, { name: 'x', config: { methods: ['raed'] } });
    assert.match(method.message + JSON.stringify(method.details), /raed.*read/s);
    const tag = await admin.refused(400, 'POST', servers, { name: 'x', config: { tags: ['tikets'] } });
    assert.match(tag.message + JSON.stringify(tag.details), /tikets.*tickets/s);
  });

  test('a filter that matches no tool is refused', async () => {
    await admin.refused(400, 'POST', servers,
      { name: 'x', config: { methods: ['merge'], tags: ['sales'] } });
  });

  test('expires_at: the past, now and in less than a minute are refused', async () => {
    for (const expires_at of [later(-3600), later(0), later(30), 'tomorrow', 17]) {
      const { message } = await admin.refused(400, 'POST', servers,
        { name: 'x', config: {}, expires_at });
      assert.match(message, /expires_at/);
    }
    const made = await create({}, { expires_at: later(3600) });
    assert.ok(Math.abs(Date.parse(made.expires_at) - Date.now() - 3.6e6) < 60_000);
  });

  test('wrong bodies are refused, and say why', async () => {
    for (const body of [{ config: 'all' }, { name: 5 }, { name: 'x', config: { methods: 'read' } },
      { name: 'x', config: { surprise: true } }, { name: 'x', surprise: true },
      { name: 'x', config: { tool_exposure: 'some' } },
      { name: 'x', config: { require_api_token_auth: 'yes' } }]) {
      await admin.refused(400, 'POST', servers, body);
    }
    const { status, body } = await admin.request('POST', servers, undefined);
    assert.equal(status, 415);
    assert.ok(body.message);
  });

  test('an account that is not there: 404', async () => {
    await admin.refused(404, 'POST', '/integrated-account/nobody/mcp', { name: 'x', config: {} });
  });
});

describe('changing and removing', () => {
  test('PATCH merges config, and the same URL has other tools at once', async () => {
    const made = await create({ methods: ['read'], tags: ['tickets'] });
    const changed = await admin.change(`${servers}/${made.id}`, { config: { methods: ['list'] } });
    assert.deepEqual(changed.config.methods, ['list']);
    assert.deepEqual(changed.config.tags, ['tickets'], 'what was not named stays');
    const names = await toolNames(made.url);
    assert.ok(names.every((name) => name.startsWith('list_all_')));
  });

  test('PATCH: expires_at null makes it permanent', async () => {
    const made = await create({}, { expires_at: later(3600) });
    const changed = await admin.change(`${servers}/${made.id}`, { expires_at: null });
    assert.equal(changed.expires_at, null);
  });

  test('PATCH: a filter that matches nothing changes nothing', async () => {
    const made = await create({ methods: ['read'] });
    await admin.refused(400, 'PATCH', `${servers}/${made.id}`, { config: { methods: ['nonsense'] } });
    assert.deepEqual((await admin.get(`${servers}/${made.id}`)).config.methods, ['read']);
  });

  test('rotate: the old URL is unknown, the new one works, the server is the same', async () => {
    const made = await create();
    const { status, body } = await admin.request('POST', `${servers}/${made.id}/rotate`);
    assert.equal(status, 200);
    assert.equal(body.id, made.id);
    assert.notEqual(body.token, made.token);
    assert.equal((await post(made.url, kListTools)).status, 404);
    assert.ok((await toolNames(body.url)).length > 0);
  });

  test('delete: gone from the list, its URL unknown', async () => {
    const made = await create();
    assert.equal((await admin.remove(`${servers}/${made.id}`)).id, made.id);
    await admin.refused(404, 'GET', `${servers}/${made.id}`);
    await admin.refused(404, 'DELETE', `${servers}/${made.id}`);
    assert.equal((await post(made.url, kListTools)).status, 404);
  });
});

describe('a URL that does not open', () => {
  test('unknown, deleted and rotated tokens get the same answer: 404, JSON, a hint', async () => {
    const made = await create();
    await admin.remove(`${servers}/${made.id}`);
    const unknown = await post(`${demo.admin_url}/mcp/pbm_${'0'.repeat(43)}`, kListTools);
    for (const url of [made.url, `${demo.admin_url}/mcp/x`, `${made.url}A`]) {
      const answer = await post(url, kListTools);
      assert.equal(answer.status, 404);
      assert.match(answer.headers.get('content-type'), /application\/json/);
      assert.equal(answer.text, unknown.text);
      assert.ok(answer.body.error_description, 'a person reads this');
    }
    const { headers, body } = modernRequest('tools/list');
    assert.equal((await post(made.url, body, headers)).text, unknown.text);
  });

  test('there is no OAuth here: well-known paths answer 404 in JSON', async () => {
    const { url } = await create();
    const { pathname } = new URL(url);
    for (const path of ['/.well-known/oauth-protected-resource',
      `/.well-known/oauth-protected-resource${pathname}`, '/.well-known/oauth-authorization-server',
      `/.well-known/openid-configuration${pathname}`, `${pathname}/.well-known/openid-configuration`]) {
      const response = await fetch(demo.admin_url + path);
      assert.equal(response.status, 404, path);
      assert.match(response.headers.get('content-type'), /application\/json/);
      JSON.parse(await response.text());
    }
  });

  test('GET and DELETE are answered 405 with Allow: POST', async () => {
    const { url } = await create();
    for (const method of ['GET', 'DELETE']) {
      const response = await fetch(url, { method, headers: { accept: 'text/event-stream' } });
      assert.equal(response.status, 405);
      assert.match(response.headers.get('allow'), /POST/);
    }
  });
});

describe('the second factor', () => {
  test('the URL alone is useless; with an API token of the environment it works', async (t) => {
    const { url } = await create({ require_api_token_auth: true });
    const refused = await post(url, kListTools);
    assert.equal(refused.status, 401);
    assert.match(refused.headers.get('www-authenticate'), /^Bearer/);
    const wrong = await post(url, kListTools, { authorization: `Bearer pba_${'0'.repeat(43)}` });
    assert.equal(wrong.status, 401);
    for (const kind of clients) {
      await assert.rejects(connect({ after() {} }, kind, url));
      const claude = await connect(t, kind, url, { authorization: `Bearer ${demo.api_token}` });
      assert.equal((await claude.call(kListTickets, { limit: 1 })).result_count, 1);
    }
  });

  test('where Authorization carries the server token, X-Api-Token carries the other', async () => {
    const { token } = await create({ require_api_token_auth: true });
    const url = `${demo.admin_url}/mcp`;
    const authorization = `Bearer ${token}`;
    assert.equal((await post(url, kListTools, { authorization })).status, 401);
    const both = await post(url, kListTools, { authorization, 'x-api-token': demo.api_token });
    assert.equal(both.status, 200);
    assert.equal((await post(url, kListTools, { authorization: `Bearer ${demo.api_token}` })).status, 404);
  });

  test('it can be switched on for a server that is in use', async () => {
    const made = await create();
    assert.equal((await post(made.url, kListTools)).status, 200);
    await admin.change(`${servers}/${made.id}`, { config: { require_api_token_auth: true } });
    assert.equal((await post(made.url, kListTools)).status, 401);
  });
});

describe('environments', () => {
  let theirs;  // an admin of another environment
  before(async () => {
    const environment = await admin.create('/environment', { name: 'another tenant' });
    const token = await admin.create('/api-token', { name: 'theirs', environment_id: environment.id });
    assert.match(token.token, /^pba_/);
    theirs = admin.as(token.token);
  });

  test('another environment\'s accounts and servers do not exist', async () => {
    const made = await create();
    assert.deepEqual((await theirs.get('/integrated-account')).result, []);
    const account = `/integrated-account/${demo.integrated_account_id}`;
    for (const [method, path, body] of [['GET', account], ['PATCH', account, { name: 'mine now' }],
      ['DELETE', account], ['GET', servers], ['POST', servers, { name: 'x', config: {} }],
      ['GET', `${servers}/${made.id}`], ['PATCH', `${servers}/${made.id}`, { name: 'mine' }],
      ['POST', `${servers}/${made.id}/rotate`], ['DELETE', `${servers}/${made.id}`]]) {
      await theirs.refused(404, method, path, body);
    }
    assert.equal((await post(made.url, kListTools)).status, 200, 'and nothing happened to it');
  });

  test('another environment\'s API token is no second factor', async () => {
    const { url } = await create({ require_api_token_auth: true });
    const answer = await post(url, kListTools, { authorization: `Bearer ${theirs.token}` });
    assert.equal(answer.status, 401);
  });

  test('a server of theirs is not found under an account of ours', async () => {
    const account = await theirs.create('/integrated-account', {
      integration: 'connectwise_psa', name: 'Theirs', tenant_id: 't-1', credentials: demo.credentials });
    const made = await theirs.create(`/integrated-account/${account.id}/mcp`, { name: 'x', config: {} });
    assert.ok((await toolNames(made.url)).length > 0);
    await admin.refused(404, 'GET', `${servers}/${made.id}`);
    await theirs.refused(404, 'GET', `${servers}/${made.id}`);
    await theirs.remove(`/integrated-account/${account.id}`);
    assert.equal((await post(made.url, kListTools)).status, 404, 'servers go with their account');
  });
});

describe('accounts and API tokens', () => {
  test('an account\'s secrets are never shown', async () => {
    const made = await admin.request('POST', '/integrated-account', { environment_id, integration: 'connectwise_psa',
      name: 'Second', tenant_id: 'customer-42', credentials: demo.credentials });
    assert.equal(made.status, 201, made.text);
    assert.equal(made.body.status, 'active');
    assert.equal(made.body.tenant_id, 'customer-42');
    const shown = await admin.request('GET', `/integrated-account/${made.body.id}`);
    const all = await admin.request('GET', '/integrated-account');
    for (const { text } of [made, shown, all]) {
      assert.ok(!text.includes(demo.sandbox.private_key), text);
    }
    await admin.remove(`/integrated-account/${made.body.id}`);
  });

  test('wrong credentials are found out when the account is created', async () => {
    const answer = await admin.request('POST', '/integrated-account', {
      environment_id, integration: 'connectwise_psa', name: 'Wrong', tenant_id: 'w',
      credentials: { ...demo.credentials, private_key: 'not-the-key' } });
    assert.equal(answer.status, 400, answer.text);
    assert.match(answer.body.message, /credentials|sign in|keys/i);
    assert.ok(!answer.text.includes('not-the-key'));
  });

  test('missing, unknown and ill-formed credentials are refused by name', async () => {
    const { private_key, ...incomplete } = demo.credentials;
    for (const [credentials, name] of [[incomplete, 'private_key'],
      [{ ...demo.credentials, pasword: 'x' }, 'pasword'],
      [{ ...demo.credentials, site: 'not a site' }, 'site']]) {
      const { message, details } = await admin.refused(400, 'POST', '/integrated-account',
        { environment_id, integration: 'connectwise_psa', name: 'x', credentials });
      assert.match(message + JSON.stringify(details ?? ''), new RegExp(name));
    }
    const { details } = await admin.refused(400, 'POST', '/integrated-account',
      { environment_id, integration: 'connectwise_pas', name: 'x', credentials: demo.credentials });
    assert.match(details.hint, /connectwise_psa/);
  });

  test('an API token is shown once and ends when it is deleted', async () => {
    const made = await admin.create('/api-token', { name: 'ci' });
    const other = admin.as(made.token);
    assert.ok((await other.get('/integrated-account')).result.length > 0);
    const list = await admin.request('GET', '/api-token');
    assert.ok(!list.text.includes(made.token));
    await admin.remove(`/api-token/${made.id}`);
    await other.refused(401, 'GET', '/integrated-account');
  });

  test('without a valid API token nothing is told', async () => {
    const { url } = await create();
    const serverToken = url.split('/').at(-1);
    for (const token of ['', 'nonsense', `pba_${'0'.repeat(43)}`, serverToken]) {
      for (const path of ['/integrated-account', '/environment', '/api-token', servers]) {
        const answer = await admin.as(token).refused(401, 'GET', path);
        assert.ok(!JSON.stringify(answer).includes(demo.integrated_account_id));
      }
    }
  });

  test('unknown paths and wrong methods are answered in JSON', async () => {
    for (const [method, path, expected] of [['GET', '/integrated-acount', 404], ['PUT', servers, 405]]) {
      const { status, body } = await admin.request(method, path);
      assert.equal(status, expected);
      assert.ok(body.error, 'JSON that says what is wrong');
    }
  });

  test('the API describes itself', async () => {
    const { status, body } = await admin.as('').request('GET', '/openapi.json');
    assert.equal(status, 200);
    assert.match(body.openapi, /^3\./);
    assert.ok(body.paths['/integrated-account/{id}/mcp'].post);
  });
});
