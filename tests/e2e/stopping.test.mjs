// A server that is told to stop while an API does not answer: it ends in order and soon, whatever waits, and
// what cannot be known is not taken for done.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox, startServe, temporaryFolder } from './harness/demo.mjs';
import { legacyCall, post } from './harness/http.mjs';

const kNote = 'create_a_connect_wise_psa_ticket_note';
const note = (text) => ({ ticketId: 5012, text, internalAnalysisFlag: true });
const kGrace = 1;

// `asks` sends something upstream that hangs; what it gives is awaited and may break.
const kWaiting = {
  'a read': { method: 'GET', path_prefix: '/service/tickets/5012',
    asks: ({ mint, call }) => mint({}).then((made) =>
      call(made, 'get_single_connect_wise_psa_ticket_by_id', { id: 5012 })) },
  'a write': { method: 'POST', path_prefix: '/service/tickets',
    asks: ({ mint, call }) => mint({}).then((made) => call(made, kNote, note('plain'))) },
  'a write with a key': { method: 'POST', path_prefix: '/service/tickets',
    asks: ({ mint, call }) => mint({}).then((made) =>
      call(made, kNote, { ...note('with a key'), idempotency_key: 'stopping' })) },
  'a write that a person allowed': { method: 'POST', path_prefix: '/service/tickets',
    asks: async ({ mint, call, admin }) => {
      const { approval } = await call(await mint({ require_approval: ['write'] }), kNote, note('allowed'));
      return admin.request('POST', `/approval/${approval.id}/approve`, {});
    } },
  'a look at an account': { method: 'GET', path_prefix: '/system/info',
    asks: ({ connect }) => connect('Another') },
};

describe('stopped while the API does not answer', () => {
  for (const [what, { asks, ...place }] of Object.entries(kWaiting)) {
    test(what, async (t) => {
      const { credentials, psa } = await startSandbox(t);
      const folder = temporaryFolder(t);
      const serve = () => startServe(t, folder, { args: ['--shutdown-grace', String(kGrace)] });
      const first = await serve();
      const connect = (name) => first.admin.create('/integrated-account',
        { integration: 'connectwise_psa', name, tenant_id: 'acme', credentials });
      const account = await connect('PSA');
      const mint = (config) => first.admin.create(`/integrated-account/${account.id}/mcp`, { name: what, config });
      const call = async (made, name, args) =>
        JSON.parse((await post(made.url, legacyCall(name, args))).body.result.content[0].text);
      const { path_prefix, method } = place;
      await psa.control('POST', 'faults', { method, path_prefix, hang: true });
      const broken = asks({ ...first, connect, mint, call }).catch((error) => error);
      const hanging = async () => (await psa.control('GET', 'requests?limit=20')).requests
        .some((one) => one.state === 'in_flight' && one.method === method);
      while (!await hanging()) await sleep(20);

      const end = await first.program.stop();
      assert.deepEqual({ code: end.code, signal: end.signal }, { code: 0, signal: null }, first.program.stderr);
      assert.ok(end.ms < (kGrace + 8) * 1000, `it took ${end.ms} ms`);
      await broken;

      // The next one knows that it does not know.
      const second = await serve();
      const waited = await second.admin.get('/approval?state=sending');
      assert.deepEqual(waited.result, []);
      const open = await second.admin.get('/log?outcome=started');
      assert.deepEqual(open.result, []);
      if (method === 'POST') {
        const told = await second.admin.get('/log?outcome=unknown');
        assert.equal(told.result.length, 1, JSON.stringify(told));
      }
    });
  }
});
