// The second factor is not an administrator's key: what each scope opens, against every operation that
// the server's own description names.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startDemo } from '../e2e/harness/demo.mjs';
import { post } from '../e2e/harness/http.mjs';

let desk;
const ends = [];
const kept = { after: (end) => ends.unshift(end) };
after(async () => { for (const end of ends) await end(); });
before(async () => {
  desk = await startDemo(kept);
  desk.servers = `/integrated-account/${desk.integrated_account_id}/mcp`;
});

const tokenOf = (scope, more = {}) => desk.admin.create('/api-token', { name: scope, scope, ...more });
const list = (url, token) => post(url, { jsonrpc: '2.0', id: 1, method: 'tools/list' },
  token && { authorization: `Bearer ${token}` });

test('a second factor opens its server, and nothing of the admin API', async () => {
  const server = await desk.admin.create(desk.servers,
    { name: 'Guarded', config: { require_api_token_auth: true } });
  const other = await desk.admin.create(desk.servers,
    { name: 'Other', config: { require_api_token_auth: true } });
  const second = await tokenOf('mcp', { limits: { mcp_server_ids: [server.id] } });
  assert.equal((await list(server.url, second.token)).status, 200);
  assert.equal((await list(server.url)).status, 401);
  assert.equal((await list(other.url, second.token)).status, 401);

  const { paths } = await (await fetch(`${desk.admin.url}/openapi.json`)).json();
  let tried = 0;
  for (const [path, item] of Object.entries(paths)) {
    for (const method of Object.keys(item)) {
      const target = path.replace('{id}', desk.integrated_account_id).replace('{mcp_id}', server.id)
        .replace('{name}', 'connectwise_psa');
      // Signing in asks for the token in the body.
      const body = path === '/session' && method === 'post' ? { token: second.token } : {};
      const answer = await desk.admin.as(second.token).request(method.toUpperCase(), target,
        method === 'get' ? undefined : body);
      assert.equal(answer.status, 403, `${method} ${path}: ${answer.text}`);
      assert.match(answer.body.message, /second factor/);
      ++tried;
    }
  }
  assert.ok(tried > 20);
  for (const [token, status] of [[second.token, 403], ['nobody', 401]]) {
    assert.equal((await desk.admin.as(token).request('GET', '/metrics')).status, status);
  }
  assert.equal((await desk.admin.get(`${desk.servers}/${server.id}`)).name, 'Guarded');
});

test('who looks or mints is no second factor', async () => {
  const server = await desk.admin.create(desk.servers,
    { name: 'Guarded', config: { require_api_token_auth: true } });
  for (const scope of ['read', 'mint']) {
    assert.equal((await list(server.url, (await tokenOf(scope)).token)).status, 401);
  }
});

test('who mints within limits gets no URL beyond them, by no way', async () => {
  const wide = await desk.admin.create(desk.servers, { name: 'Wide' });
  const minter = desk.admin.as((await tokenOf('mint', { limits: {
    integrated_account_ids: [desk.integrated_account_id], methods: ['read'], tags: ['support'] } })).token);
  const own = await minter.create(desk.servers,
    { name: 'Own', config: { methods: ['read'], tags: ['support'] } });
  for (const config of [undefined, {}, { methods: ['read'] }, { tags: ['support'] },
    { methods: ['read', 'write'], tags: ['support'] }, { methods: ['read'], tags: ['support', 'time'] }]) {
    await minter.refused(403, 'POST', desk.servers, { name: 'More', config });
  }
  for (const config of [{ methods: [] }, { tags: [] }, { methods: [], tags: [] }]) {
    assert.ok([400, 403].includes((await minter.request('POST', desk.servers, { name: 'x', config })).status));
  }
  for (const config of [{ methods: null }, { tags: null }, { methods: ['write'] }]) {
    await minter.refused(403, 'PATCH', `${desk.servers}/${own.id}`, { config });
  }
  await minter.refused(404, 'POST', `${desk.servers}/${wide.id}/rotate`);
  await minter.refused(404, 'PATCH', `${desk.servers}/${wide.id}`, { name: 'Mine' });
  await minter.refused(404, 'DELETE', `${desk.servers}/${wide.id}`);
  assert.deepEqual((await minter.get(desk.servers)).result.map(({ name }) => name), ['Own']);
  assert.equal((await list(wide.url)).status, 200);
});

test('an environment learns no name of another', async () => {
  const own = await desk.admin.create('/environment', { name: 'Own' });
  await desk.admin.create('/environment', { name: 'Secret customer' });
  const token = desk.admin.as((await desk.admin.create('/api-token',
    { name: 'Own', environment_id: own.id })).token);
  const said = async (name) => {
    const { status, body } = await token.request('PATCH', `/environment/${own.id}`, { name });
    return [status, body.message];
  };
  assert.deepEqual(await said('Secret customer'), await said('Nobody has this name'));
});

test('nothing empty opens everything', async () => {
  for (const config of [{ methods: [] }, { tags: [] }, { methods: ['read'], tags: [] }]) {
    const error = await desk.admin.refused(400, 'POST', desk.servers, { name: 'Empty', config });
    assert.match(error.details.hint, /Leave it out/);
  }
  for (const filter of ['tenant_id=', 'integration=', 'environment_id=,']) {
    await desk.admin.refused(400, 'GET', `/integrated-account?${filter}`);
  }
  // A variable of a script that was not set is no key to everything.
  const weak = await tokenOf('mcp');
  for (const scope of ['', ' ', null]) {
    await desk.admin.refused(400, 'PATCH', `/api-token/${weak.id}`, { scope });
    await desk.admin.refused(400, 'POST', '/api-token', { name: 'Empty', scope });
  }
  await desk.admin.refused(400, 'POST', '/api-token', { name: 'Empty', environment_id: '' });
  for (const limits of [null, { mcp_server_ids: null }]) {
    await desk.admin.refused(400, 'POST', '/api-token', { name: 'Empty', scope: 'mcp', limits });
  }
  const tokens = (await desk.admin.get('/api-token?limit=1000')).result;
  assert.equal(tokens.find(({ id }) => id === weak.id).scope, 'mcp');
  assert.ok(!tokens.some(({ name }) => name === 'Empty'));
});
