// Several servers on one database, and an account that a person signed in: its refresh token is good for one use, so
// one of them uses it while the others wait, also when that one dies.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { AuthorizationServer, Browser, client, writeThings } from '../e2e/harness/authorization_server.mjs';
import { temporaryFolder } from '../e2e/harness/demo.mjs';
import { call, said, startCluster, until } from './harness/cluster.mjs';

// Seconds of an access token. One that has five left or less is not taken from the other.
const kLifetime = 12;

let cluster, authority, account, server;
const ends = [];
const kept = { after: (end) => ends.push(end) };
after(async () => { for (const end of ends.reverse()) await end(); });
before(async () => {
  cluster = await startCluster(kept, { nodes: 2, args: ['--integrations', writeThings(temporaryFolder(kept))] });
  authority = await AuthorizationServer.start(kept, { accessTokenSeconds: kLifetime });
  authority.register(...cluster.nodes.map((node) => `${node.url}/oauth/callback`));
  account = await cluster.admin.create('/integrated-account', { integration: 'things', name: 'Things',
    credentials: { site: authority.url, ...client } });
  server = await cluster.admin.create(`/integrated-account/${account.id}/mcp`, { name: 'All' });
});

const things = async (node) => said(await call(node.at(server.url), 'list_all_things_things', {}));
const refreshes = () => authority.grants.filter(({ type }) => type === 'refresh_token');
async function connect(node, login) {
  const { body } = await node.admin.request('POST', `/integrated-account/${account.id}/connect-link`);
  const browser = new Browser();
  const back = await browser.agree(await browser.open(body.url, { method: 'POST', form: {} }), login);
  assert.match(back.text, /is connected/);
}

test('who signs in at one node is signed in at all', async () => {
  const [a, b] = cluster.nodes;
  await connect(a, 'ann');
  for (const node of [a, b]) {
    await until('served', async () => (await things(node)).result?.[0].name === 'Thing of ann');
  }
  assert.deepEqual(refreshes(), []);
});

test('both need the next token at the same time, and one asks for it', async () => {
  authority.tokenDelay = 300;
  const calls = [];
  const end = Date.now() + 2 * kLifetime * 1_000;
  while (Date.now() < end) {
    calls.push(...cluster.nodes.map(things));
    await sleep(50);
  }
  authority.tokenDelay = 0;
  for (const answer of await Promise.all(calls)) assert.deepEqual(answer.result, [{ id: 1, name: 'Thing of ann' }]);
  // A refresh token that is used twice ends everything that was given for it (RFC 9700 section 4.14).
  assert.ok(refreshes().every(({ ok }) => ok), JSON.stringify(refreshes()));
  assert.ok(refreshes().length >= 2 && refreshes().length <= 4, `${refreshes().length} refreshes`);
});

test('one dies with it in its hands, and the other goes on when the claim is over', async () => {
  const [a, b] = cluster.nodes;
  await sleep(kLifetime * 1_000);
  authority.tokenDelay = 5_000;
  const heard = authority.heard;
  const lost = things(a).catch(() => 'gone');
  await until('it asks', () => authority.heard > heard);
  await a.kill();
  assert.equal(await lost, 'gone');
  authority.tokenDelay = 0;
  const answer = await things(b);
  assert.deepEqual(answer.result, [{ id: 1, name: 'Thing of ann' }]);
  assert.ok(refreshes().every(({ ok }) => ok), JSON.stringify(refreshes()));
  await a.start();
  assert.deepEqual((await things(a)).result, [{ id: 1, name: 'Thing of ann' }]);
});

test('what is over at one node is over at the other, until somebody signs in at either', async () => {
  const [a, b] = cluster.nodes;
  await authority.takeBack();
  assert.match((await things(a)).error.message, /no longer takes this sign-in: invalid_grant/);
  await until('the other hears of it', async () => (await b.admin.get(`/integrated-account/${account.id}`)).status
    === 'needs_reauth');
  const tried = authority.grants.length;
  assert.equal((await things(b)).error.status, 401);
  assert.equal(authority.grants.length, tried);
  await connect(b, 'bea');
  for (const node of [a, b]) {
    await until('served', async () => (await things(node)).result?.[0].name === 'Thing of bea');
  }
});
