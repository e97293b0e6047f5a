// Creates that are called again: one record, the first result, whatever happens in between.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { clients, connect } from './harness/clients.mjs';
import { startSandbox, startServe, temporaryFolder } from './harness/demo.mjs';

const kCreate = 'create_a_connect_wise_psa_ticket';
const kPath = '/service/tickets';
const ticket = (summary, idempotency_key) =>
  ({ company: 'Acme Corp', summary, allow_duplicate: true, idempotency_key });

// A sandbox, and a server that can be stopped and started on the same data: {psa, open, end}.
async function desk(t, kind) {
  const { credentials, psa } = await startSandbox(t);
  const folder = temporaryFolder(t);
  let server = await startServe(t, folder);
  const account = await server.admin.create('/integrated-account',
    { integration: 'connectwise_psa', name: 'PSA', tenant_id: 'acme', credentials });
  const minted = await server.admin.create(`/integrated-account/${account.id}/mcp`,
    { name: 'writes', config: { methods: ['write'] } });
  const { url } = server;
  return {
    psa,
    claude: () => connect(t, kind, minted.url.replace(url, server.url)),
    async restart(signal) {
      await server.program.stop(signal);
      server = await startServe(t, folder);
    },
  };
}

for (const kind of clients) {
  describe(kind.name, () => {
    test('the same key and arguments make one ticket, also after a restart', async (t) => {
      const { psa, claude, restart } = await desk(t, kind);
      const before = await psa.count(kPath);
      const first = await (await claude()).call(kCreate, ticket('Once', 'k1'));
      assert.deepEqual(await (await claude()).call(kCreate, ticket('Once', 'k1')), first);
      await restart();
      assert.deepEqual(await (await claude()).call(kCreate, ticket('Once', 'k1')), first);
      assert.equal(await psa.count(kPath), before + 1);

      const error = await (await claude()).refused(kCreate, ticket('Twice', 'k1'));
      assert.equal(error.code, 'conflict');
      assert.equal(error.was_applied, 'no');
      assert.equal(await psa.count(kPath), before + 1);
    });

    test('of calls at the same time one writes, and all others learn so', async (t) => {
      const { psa, claude } = await desk(t, kind);
      const before = await psa.count(kPath);
      await psa.control('POST', 'faults', { method: 'POST', path_prefix: kPath, delay_ms: 500 });
      const caller = await claude();
      const results = await Promise.all(
        Array.from({ length: 8 }, () => caller.raw(kCreate, ticket('At once', 'k2'))));
      assert.equal(results.filter(({ isError }) => !isError).length, 1);
      for (const { content } of results.filter(({ isError }) => isError)) {
        assert.match(content[0].text, /may still be under way/);
      }
      assert.equal(await psa.count(kPath), before + 1);
      // Once it is done, the same call is told what the first one made.
      assert.equal((await caller.call(kCreate, ticket('At once', 'k2'))).summary, 'At once');
      assert.equal(await psa.count(kPath), before + 1);
    });

    const bounded = { timeout: 30_000 };
    test('a server that is killed before the answer does not write twice', bounded, async (t) => {
      const { psa, claude, restart } = await desk(t, kind);
      // The API has the request, and has not answered.
      await psa.control('POST', 'faults', { method: 'POST', path_prefix: kPath, hang: true });
      const lost = (await claude()).raw(kCreate, ticket('Killed', 'k3')).catch(() => {});
      const posted = async () => (await psa.control('GET', 'requests')).requests
        .some(({ method, path }) => method === 'POST' && path.endsWith(kPath));
      while (!await posted()) await new Promise((done) => setTimeout(done, 20));
      await restart('SIGKILL');
      await psa.control('DELETE', 'faults');
      await Promise.race([lost, new Promise((done) => setTimeout(done, 1000))]);
      const before = await psa.count(kPath);
      const error = await (await claude()).refused(kCreate, ticket('Killed', 'k3'));
      assert.equal(error.code, 'conflict');
      assert.equal(error.was_applied, 'unknown');
      assert.equal(await psa.count(kPath), before);
    });

    test('a dry run uses no key up', async (t) => {
      const { psa, claude } = await desk(t, kind);
      const before = await psa.count(kPath);
      const caller = await claude();
      const shown = await caller.call(kCreate, { ...ticket('Shown', 'k4'), dry_run: true });
      assert.equal(shown.dry_run, true);
      assert.equal(await psa.count(kPath), before);
      await caller.call(kCreate, ticket('Made', 'k4'));
      assert.equal(await psa.count(kPath), before + 1);
    });
  });
}
