// What waits for a person's yes at one node waits at all of them: it is answered once, wherever, and ends
// at its moment on each.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { call, kNote, mintOf, said, startCluster, tenant } from './harness/cluster.mjs';

const kTicket = 5012;
let cluster, home;
const ends = [];
after(async () => { for (const end of ends.reverse()) await end(); });
before(async () => {
  cluster = await startCluster({ after: (end) => ends.push(end) });
  home = await tenant(cluster);
});

const mint = (config) => mintOf(home, cluster.admin, { config: { require_approval: ['write'], ...config } });
const note = (text) => ({ ticketId: kTicket, internalAnalysisFlag: true, text });
const notes = async (text) => (await cluster.psa.get(`/service/tickets/${kTicket}/notes`, { pageSize: 1000 }))
  .filter((one) => one.text === text);
async function held(node, m, text) {
  const answer = said(await call(node.at(m.url), kNote, note(text)));
  assert.equal(answer.error?.code, 'approval_required', JSON.stringify(answer));
  return answer.approval.id;
}
const states = (id) => Promise.all(cluster.nodes.map(async (node) => (await node.admin.get(`/approval/${id}`)).state));

test('a yes that every node is given at the same moment sends it once', async () => {
  const m = await mint();
  for (let round = 0; round < 5; ++round) {
    const text = `Approved on three nodes ${round}`;
    const id = await held(cluster.nodes[round % 3], m, text);
    const answers = await Promise.all(cluster.nodes.map((node) =>
      node.admin.request('POST', `/approval/${id}/approve`, {})));
    assert.ok(answers.some(({ status }) => status === 200), JSON.stringify(answers.map(({ text: told }) => told)));
    for (const { status, text: told } of answers) assert.ok([200, 409].includes(status), told);
    assert.equal((await notes(text)).length, 1);
    assert.deepEqual(new Set(await states(id)).size, 1);
  }
});

test('a no at one node is told by the others', async () => {
  const m = await mint();
  const id = await held(cluster.nodes[0], m, 'Refused elsewhere');
  await cluster.nodes[1].admin.request('POST', `/approval/${id}/refuse`, { reason: 'not this one' });
  assert.deepEqual(await states(id), ['refused', 'refused', 'refused']);
  const told = said(await call(cluster.nodes[2].at(m.url), kNote, note('Refused elsewhere')));
  assert.equal(told.error.code, 'approval_refused');
  assert.match(told.error.message, /not this one/);
  assert.equal((await cluster.nodes[2].admin.request('POST', `/approval/${id}/approve`, {})).status, 409);
  assert.equal((await notes('Refused elsewhere')).length, 0);
});

test('its end holds on each node, also on one that starts after it', async () => {
  const m = await mint({ approval_expires_in: 10 });
  const [a, b, c] = cluster.nodes;
  const id = await held(a, m, 'Too late');
  await c.kill();
  const { expires_at } = await b.admin.get(`/approval/${id}`);
  while (Date.now() <= Date.parse(expires_at)) await sleep(100);
  await c.start();
  assert.deepEqual(await states(id), ['expired', 'expired', 'expired']);
  for (const node of cluster.nodes) {
    const late = await node.admin.request('POST', `/approval/${id}/approve`, {});
    assert.equal(late.status, 409, late.text);
    assert.match(late.body.message, /expired/);
  }
  assert.notEqual(await held(b, m, 'Too late'), id, 'the same call asks anew');
  assert.equal((await notes('Too late')).length, 0);
});
