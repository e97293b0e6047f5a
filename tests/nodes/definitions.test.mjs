// A definition that one node takes is in force on the others, also to who listens there; and of two that
// change it at once, one is told so.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { listens, raw } from '../attack/harness/desk.mjs';
import { legacyCall, post } from '../e2e/harness/http.mjs';
import { about, getMethod, startTasks, tasks } from '../e2e/harness/written.mjs';
import { startCluster, until } from './harness/cluster.mjs';

let a, b, server;
const ends = [];
after(async () => { for (const end of ends.reverse()) await end(); });
const kept = { after: (end) => ends.push(end) };
const pack = (edit, methods = getMethod) => ({ files: [
  { path: 'integration.yaml', text: about() },
  { path: 'resources/tasks.yaml', text: tasks(edit, methods) }] });
const put = (node, body) => node.admin.request('PUT', '/integration/acme', body);
const descriptionAt = async (node) => (await post(node.at(server.url),
  { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} })).body.result.tools
  .find(({ name }) => name === 'list_all_acme_tasks').description;

before(async () => {
  const cluster = await startCluster(kept, { nodes: 2 });
  [a, b] = cluster.nodes;
  assert.equal((await put(a, pack(0))).status, 200);
  await until('the other has it', async () =>
    (await b.admin.request('GET', '/integration/acme')).status === 200, 20);
  const stub = await startTasks(kept);
  const account = await b.admin.create('/integrated-account',
    { integration: 'acme', name: 'Desk', credentials: { base_url: stub.url } });
  server = await b.admin.create(`/integrated-account/${account.id}/mcp`, { name: 'All' });
});

describe('another version', () => {
  test('is served by every node, told to who listens there, and no call fails', async (t) => {
    const listener = raw(b.at(server.url), listens(b.at(server.url))).reads();
    t.after(() => listener.socket.destroy());
    await listener.until(({ answer }) => answer.includes('subscriptions/acknowledged'));
    let over = false;
    const callers = [a, b].map(async (node) => {
      for (let id = 1; !over; ++id) {
        const { body, text } = await post(node.at(server.url), legacyCall('list_all_acme_tasks', { limit: 2 }, id));
        assert.ok(body.result && !body.result.isError, text);
      }
    });
    const times = [];
    for (let edit = 1; edit <= 12; ++edit) {
      const [here, there] = edit % 2 ? [a, b] : [b, a];
      assert.equal((await put(here, pack(edit))).body.revision, edit + 1);
      assert.match(await descriptionAt(here), new RegExp(`^Edit ${edit}:`));
      const began = performance.now();
      await until('the other follows', async () =>
        (await descriptionAt(there)).startsWith(`Edit ${edit}:`), 10);
      times.push(performance.now() - began);
    }
    over = true;
    await Promise.all(callers);
    t.diagnostic(`followed after ${times.map(Math.round).join(', ')} ms`);
    await listener.until(({ answer }) => answer.includes('notifications/tools/list_changed'));
  });

  test('that two nodes take at once is one of them, or both one after the other, on both alike', async () => {
    const answers = await Promise.all([put(a, pack('by a')), put(b, pack('by b'))]);
    for (const { status, text } of answers) assert.ok([200, 409].includes(status), text);
    assert.ok(answers.some(({ status }) => status === 200));
    const revisions = answers.filter(({ status }) => status === 200).map(({ body }) => body.revision);
    assert.equal(new Set(revisions).size, revisions.length);
    await until('they agree', async () => await descriptionAt(a) === await descriptionAt(b), 10);
    const shown = await Promise.all([a, b].map((node) => node.admin.get('/integration/acme')));
    assert.equal(shown[0].revision, Math.max(...revisions));
    assert.equal(shown[1].revision, Math.max(...revisions));
  });

  test('is gone back to on every node', async () => {
    const back = await b.admin.request('POST', '/integration/acme/rollback', { revision: 3 });
    assert.equal(back.status, 200, back.text);
    await until('the other goes back', async () => (await descriptionAt(a)).startsWith('Edit 2:'), 10);
  });
});
