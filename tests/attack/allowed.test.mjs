// Tools that are denied, addresses that are not allowed and pauses, tried around as somebody would who
// has the URL.
import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox, startServe, temporaryFolder } from '../e2e/harness/demo.mjs';
import { legacyCall, modernRequest, post } from '../e2e/harness/http.mjs';
import { kList, kLook, metric, mint, told } from './harness/desk.mjs';

const kPrefix = 'connect_wise_psa';
const kTimes = `list_all_${kPrefix}_time_entries`;
const kBoards = `list_all_${kPrefix}_boards`;
const kCompanies = `list_all_${kPrefix}_companies`;

let sandbox, desk, proxied, wide, here;
const ends = [];
const kept = { after: (end) => ends.push(end) };
after(async () => { for (const end of ends.reverse()) await end(); });
before(async () => {
  sandbox = await startSandbox(kept);
  desk = await startServe(kept, temporaryFolder(kept));
  proxied = await startServe(kept, temporaryFolder(kept),
    { args: ['--trusted-proxies', '127.0.0.9,10.0.0.0/8'] });
  wide = await startServe(kept, temporaryFolder(kept), { args: ['--address', '::'] });
  here = await mint(desk.admin, sandbox.credentials, 'Here');
});

const sandboxed = (method, path, body) => fetch(sandbox.psa.url + path, { method,
  headers: { ...sandbox.psa.headers, 'content-type': 'application/json' }, body: body && JSON.stringify(body) });
// Paths that the sandbox is asked for while something is done.
async function paths(work) {
  await sandboxed('DELETE', '/_sandbox/requests');
  await work();
  const { requests } = await (await sandboxed('GET', '/_sandbox/requests?limit=1000')).json();
  return requests.map(({ path }) => path);
}
const serversOf = (m) => `/integrated-account/${m.account.id}/mcp`;
const minted = async (config) => ({ ...here,
  ...await desk.admin.create(serversOf(here), { name: 'Narrow', config }) });
const names = async (m) => (await post(m.url, kList)).body.result.tools.map(({ name }) => name);
const call = async (m, name, args) => (await post(m.url, legacyCall(name, args))).body;
const said = (message) => message.error?.message ?? JSON.parse(message.result.content[0].text);

// A request from an address of this machine: {status, text}.
function from(localAddress, url, { method = 'POST', headers = {}, body = kList } = {}) {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, localAddress, agent: false, headers: {
      'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers } },
    (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => { text += part; })
        .on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }))
        .on('error', reject);
    });
    request.on('error', reject);
    request.end(method === 'POST' ? body : undefined);
  });
}

describe('a denied tool', () => {
  test('is neither listed nor called, whatever allows it besides', async () => {
    const m = await minted({ methods: ['read', 'list'], allow_tools: [kTimes, kLook], deny_tools: [kTimes] });
    assert.deepEqual(await names(m), [kLook]);
    const refused = await call(m, kTimes, {});
    assert.equal(refused.error.code, -32602);
    assert.match(refused.error.message, /^Unknown tool/);
    for (const odd of [kTimes.toUpperCase(), `${kTimes} `, ` ${kTimes}`, `${kTimes}\u0000`]) {
      assert.equal((await call(m, odd, {})).error.code, -32602, odd);
    }
  });

  test('is no step of a composite, nor of a prompt', async () => {
    const brief = `${kPrefix}_tickets_brief`;
    const open = await minted({ methods: ['brief', 'read'], tags: ['support', 'time'] });
    const shut = await minted({ methods: ['brief', 'read'], tags: ['support', 'time'], deny_tools: [kTimes] });
    const asked = (m) => paths(async () => {
      const answer = said(await call(m, brief, { ticketId: 5012 }));
      assert.ok(!answer.error, JSON.stringify(answer));
    });
    assert.ok((await asked(open)).some((path) => path.includes('/time/entries')));
    assert.ok(!(await asked(shut)).some((path) => path.includes('/time/entries')));
    const prompts = async (m) => (await post(m.url, { jsonrpc: '2.0', id: 1, method: 'prompts/list' }))
      .body.result?.prompts.map(({ name }) => name) ?? [];
    const all = await prompts(await minted({}));
    const without = await prompts(await minted({ deny_tools: [kTimes] }));
    const lost = all.filter((name) => !without.includes(name));
    assert.ok(lost.length > 0, 'no prompt needs that tool');
    const m = await minted({ deny_tools: [kTimes] });
    for (const name of lost) {
      const got = await post(m.url, { jsonrpc: '2.0', id: 1, method: 'prompts/get', params: { name } });
      assert.match(got.body.error.message, /^Unknown prompt/);
    }
  });

  test('completes no names, looks none up and is named by no hint', async () => {
    const m = await minted({ deny_tools: [kCompanies, kBoards] });
    for (const [name, argument] of [['triage_board', 'board'], ['unbilled_time', 'company']]) {
      const { body } = await post(m.url, { jsonrpc: '2.0', id: 1, method: 'completion/complete', params: {
        ref: { type: 'ref/prompt', name }, argument: { name: argument, value: 'a' } } });
      assert.ok(body.error || body.result.completion.values.length === 0, JSON.stringify(body));
    }
    const seen = await paths(async () => {
      for (const args of [{ summary: 'x', company: 'Acme Corp' }, { summary: 'x', company: 'Acm' },
        { summary: 'x', company: 'no such company at all' }]) {
        const { error } = said(await call(m, `create_a_${kPrefix}_ticket`, args));
        assert.ok(error, 'a name was looked up');
        assert.doesNotMatch(JSON.stringify(error), new RegExp(`${kCompanies}|Acme Corp \\(`));
      }
    });
    assert.ok(!seen.some((path) => path.includes('/company/companies')), seen.join(' '));
    const other = await minted({ deny_tools: [kTimes] });
    const { error } = said(await call(other, `create_a_${kPrefix}_ticket`,
      { summary: 'x', company: 'no such company at all' }));
    assert.match(error.hint, new RegExp(kCompanies));
  });

  test('stays denied by a PATCH of other members, and is free when it is taken out', async () => {
    const m = await minted({ deny_tools: [kTimes], tags: ['time'] });
    const at = `${serversOf(m)}/${m.id}`;
    await desk.admin.change(at, { config: { tags: ['time', 'support'] } });
    assert.ok(!(await names(m)).includes(kTimes));
    const wrong = await desk.admin.refused(400, 'PATCH', at, { config: { deny_tools: ['list_all_time'] } });
    assert.match(JSON.stringify(wrong), /Nearest: /);
    await desk.admin.refused(400, 'PATCH', at, { config: { deny_tools: [] } });
    await desk.admin.refused(400, 'PATCH', at, { config: { tags: ['time'], allow_tools: [kBoards] } });
    await desk.admin.change(at, { config: { deny_tools: null } });
    assert.ok((await names(m)).includes(kTimes));
  });

  test('is shown by the preview as it will be', async () => {
    const of = (query) => desk.admin.get(`/integrated-account/${here.account.id}/capabilities?${query}`);
    const all = await of('methods=read');
    const fewer = await of(`methods=read&deny_tools=${kTimes},${kBoards}`);
    assert.equal(fewer.tool_count, (await names(await minted({ methods: ['read'], deny_tools: [kTimes, kBoards] }))).length);
    assert.equal(all.tool_count - fewer.tool_count, 2);
    assert.equal((await of(`allow_tools=${kTimes}`)).tool_count, 1);
  });
});

describe('an address that is not allowed', () => {
  const kElsewhere = '127.0.0.2';

  test('finds what it finds behind an unknown URL, at every door and in every revision', async () => {
    const m = await minted({ ip_allow: ['127.0.0.1', '192.0.2.0/24'] });
    const guarded = await minted({ ip_allow: ['127.0.0.1'], require_api_token_auth: true });
    const paused = await minted({ ip_allow: ['127.0.0.1'], paused: true });
    const unknown = `${desk.url}/mcp/pbm_${'A'.repeat(43)}`;
    const modern = modernRequest('tools/list');
    const doors = [['', {}], ['/sse', { method: 'GET' }], ['', { method: 'GET' }], ['', { method: 'DELETE' }],
      ['/messages?sessionId=sse_1', {}], ['', { headers: modern.headers, body: JSON.stringify(modern.body) }],
      ['', { headers: { 'x-api-token': desk.token } }], ['', { headers: { 'content-type': 'text/plain' } }],
      ['', { body: ' '.repeat(100_000) + kList }]];
    for (const [suffix, options] of doors) {
      const plain = await from(kElsewhere, unknown + suffix, options);
      for (const { url } of [m, guarded, paused]) {
        const answer = await from(kElsewhere, url + suffix, options);
        assert.equal(answer.status, 404);
        assert.equal(answer.text, plain.text);
        const shown = ({ headers }) => ({ ...headers, 'x-request-id': '', date: '' });
        assert.deepEqual(shown(answer), shown(plain));
      }
    }
    assert.equal((await from('127.0.0.1', m.url)).status, 200);
    assert.equal((await from('127.0.0.1', paused.url)).status, 403);
  });

  test('is told to the operator, with the server that it tried', async () => {
    const m = await minted({ ip_allow: ['127.0.0.1'] });
    const before = await metric(desk, 'wrong_address');
    const tokens = await metric(desk, 'wrong_token');
    await from('127.0.0.33', m.url);
    assert.equal(await metric(desk, 'wrong_address'), before + 1);
    assert.equal(await metric(desk, 'wrong_token'), tokens);
    const [line] = told(desk, 'wrong_address').filter(({ source }) => source === '127.0.0.33');
    assert.equal(line.what, m.id);
  });

  test('is no other one for a header, while no proxy is trusted', async () => {
    const m = await minted({ ip_allow: ['127.0.0.1'] });
    for (const headers of [{ 'x-forwarded-for': '127.0.0.1' }, { 'x-forwarded-for': ['127.0.0.1', '127.0.0.1'] },
      { forwarded: 'for=127.0.0.1' }, { 'x-real-ip': '127.0.0.1' }, { 'x-client-ip': '127.0.0.1' },
      { 'cf-connecting-ip': '127.0.0.1' }, { 'true-client-ip': '127.0.0.1' }]) {
      assert.equal((await from(kElsewhere, m.url, { headers })).status, 404, JSON.stringify(headers));
    }
    // Nor does a header shut out who is allowed.
    assert.equal((await from('127.0.0.1', m.url, { headers: { 'x-forwarded-for': '6.6.6.6, x' } })).status, 200);
  });

  test('loses its streams and its running calls when the list is narrowed', async () => {
    const m = await minted({});
    const listening = modernRequest('subscriptions/listen', { notifications: { toolsListChanged: true } });
    await sandboxed('POST', '/_sandbox/faults', { hang: true, count: 5 });
    const streams = [
      from(kElsewhere, `${m.url}/sse`, { method: 'GET' }),
      from(kElsewhere, m.url, { headers: listening.headers, body: JSON.stringify(listening.body) }),
      from(kElsewhere, m.url, { body: JSON.stringify(legacyCall(kLook, { id: 5012 })) })];
    await sleep(500);
    await desk.admin.change(`${serversOf(m)}/${m.id}`, { config: { ip_allow: ['127.0.0.1'] } });
    const began = Date.now();
    const answers = await Promise.all(streams);
    assert.ok(Date.now() - began < 1_000, `${Date.now() - began} ms`);
    assert.match(answers[2].text, /taken back or changed/);
    await sandboxed('DELETE', '/_sandbox/faults');
    assert.equal((await from(kElsewhere, m.url)).status, 404);
  });

  test('is refused in the config where it is none, with what was meant', async () => {
    for (const wrong of ['office', '10.0.0.1/8', '10.0.0.0/33', '', '010.0.0.1', '10.0.0.1:80', '[::1]', '*']) {
      await desk.admin.refused(400, 'POST', serversOf(here), { name: 'x', config: { ip_allow: [wrong] } });
    }
    const near = await desk.admin.refused(400, 'POST', serversOf(here),
      { name: 'x', config: { ip_allow: ['10.1.2.3/8'] } });
    assert.match(JSON.stringify(near), /10\.0\.0\.0\/8/);
  });
});

describe('behind a trusted proxy', () => {
  const kProxy = '127.0.0.9';
  let m;
  before(async () => {
    const tenant = await mint(proxied.admin, sandbox.credentials, 'Proxied');
    m = await proxied.admin.create(`/integrated-account/${tenant.account.id}/mcp`,
      { name: 'x', config: { ip_allow: ['203.0.113.0/24', '2001:db8::/32'] } });
  });
  const status = async (peer, forwarded) =>
    (await from(peer, m.url, { headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } })).status;

  test('the client is the last address that is no proxy’s', async () => {
    assert.equal(await status(kProxy, '203.0.113.7'), 200);
    assert.equal(await status(kProxy, '203.0.113.7, 10.1.2.3'), 200);
    assert.equal(await status(kProxy, '6.6.6.6, 203.0.113.7'), 200);
    assert.equal(await status(kProxy, '203.0.113.7:4711'), 200);
    assert.equal(await status(kProxy, '[2001:db8::7]:4711'), 200);
    assert.equal(await status(kProxy, '2001:DB8:0::7'), 200);
    assert.equal(await status(kProxy, '::ffff:203.0.113.7'), 200);
    assert.equal(await status(kProxy, 'nonsense, 203.0.113.7'), 200);
    // In two fields, as some proxies add theirs.
    assert.equal(await status(kProxy, ['6.6.6.6', '203.0.113.7']), 200);
  });
  test('what stands before it counts for nothing', async () => {
    assert.equal(await status(kProxy, '203.0.113.7, 6.6.6.6'), 404);
    assert.equal(await status(kProxy, '203.0.113.7, 6.6.6.6, 10.1.2.3'), 404);
    assert.equal(await status(kProxy, ['203.0.113.7', '6.6.6.6']), 404);
    assert.equal(await status(kProxy, '::203.0.113.7'), 404);
    assert.equal(await status(kProxy, undefined), 404);
    assert.equal(await status(kProxy, '10.1.2.3'), 404);
    // RFC 7239 is not read.
    const forwarded = await from(kProxy, m.url, { headers: { forwarded: 'for=203.0.113.7' } });
    assert.equal(forwarded.status, 404);
  });
  test('what is no address is refused', async () => {
    for (const wrong of ['unknown', '', '203.0.113.7,', '203.0.113.7 10.1.2.3', '203.0.113.7%eth0', 'x, 10.1.2.3',
      '203.0.113.7/32', '"203.0.113.7"', '203.0.113.0x7']) {
      assert.equal(await status(kProxy, wrong), 400, wrong);
    }
  });
  test('who is no trusted proxy speaks for nobody', async () => {
    for (const peer of ['127.0.0.1', '127.0.0.8', '127.0.0.10']) {
      assert.equal(await status(peer, '203.0.113.7'), 404, peer);
    }
  });
  test('wrong tokens are the client’s, and not the proxy’s', async () => {
    await from(kProxy, `${proxied.url}/mcp/pbm_wrong`, { headers: { 'x-forwarded-for': '198.51.100.77' } });
    const named = () => told(proxied, 'wrong_token').map(({ source }) => source);
    // The log is read as it comes.
    for (let tries = 0; tries < 250 && named().length === 0; ++tries) await sleep(20);
    const sources = named();
    assert.ok(sources.includes('198.51.100.77'), sources.join(' '));
    assert.ok(!sources.includes(kProxy));
  });
});

test('an address is the same in IPv4 and within IPv6', async () => {
  const tenant = await mint(wide.admin.as(wide.token), sandbox.credentials, 'Wide').catch((error) => error);
  assert.ok(tenant.account, String(tenant));
  const port = new URL(wide.url).port;
  const status = async (config, host) => {
    const made = await wide.admin.create(`/integrated-account/${tenant.account.id}/mcp`, { name: 'x', config });
    return (await post(`http://${host}:${port}/mcp/${made.token}`, kList)).status;
  };
  assert.equal(await status({ ip_allow: ['127.0.0.0/8'] }, '127.0.0.1'), 200);
  assert.equal(await status({ ip_allow: ['::ffff:127.0.0.0/104'] }, '127.0.0.1'), 200);
  assert.equal(await status({ ip_allow: ['::/0'] }, '127.0.0.1'), 404);
  assert.equal(await status({ ip_allow: ['::1'] }, '[::1]'), 200);
  assert.equal(await status({ ip_allow: ['0:0:0:0:0:0:0:1/128'] }, '[::1]'), 200);
  assert.equal(await status({ ip_allow: ['127.0.0.1', '0.0.0.0/0'] }, '[::1]'), 404);
});

describe('a paused server', () => {
  test('answers nothing but that, and works again by the same URL', async () => {
    const m = await minted({});
    const at = `${serversOf(m)}/${m.id}`;
    assert.equal((await desk.admin.change(at, { config: { paused: true } })).config.paused, true);
    const modern = modernRequest('tools/list');
    for (const [url, options] of [[m.url, {}], [`${m.url}/sse`, { method: 'GET' }], [m.url, { method: 'GET' }],
      [m.url, { headers: modern.headers, body: JSON.stringify(modern.body) }],
      [`${desk.url}/mcp`, { headers: { authorization: `Bearer ${m.token}` } }],
      [m.url, { body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'completion/complete' }) }]]) {
      const answer = await from('127.0.0.1', url, options);
      assert.equal(answer.status, 403, url);
      assert.equal(JSON.parse(answer.text).error, 'paused');
      assert.ok(!answer.headers['www-authenticate']);
    }
    await desk.admin.change(at, { config: { paused: null } });
    assert.equal((await post(m.url, kList)).status, 200);
  });

  test('does not come to life by a rotation, a change of name or a restart', async (t) => {
    const folder = temporaryFolder(t);
    const first = await startServe(t, folder);
    const tenant = await mint(first.admin, sandbox.credentials, 'Paused');
    const at = `/integrated-account/${tenant.account.id}/mcp/${tenant.id}`;
    await first.admin.change(at, { config: { paused: true } });
    await first.admin.change(at, { name: 'Still paused' });
    const rotated = await first.admin.request('POST', `${at}/rotate`);
    assert.equal((await post(rotated.body.url, kList)).status, 403);
    assert.equal((await post(tenant.url, kList)).status, 404);
    await first.program.stop('SIGKILL');
    const second = await startServe(t, folder);
    assert.equal((await post(`${second.url}/mcp/${rotated.body.token}`, kList)).status, 403);
    await second.admin.change(at, { config: { paused: false } });
    assert.equal((await post(`${second.url}/mcp/${rotated.body.token}`, kList)).status, 200);
  });
});
