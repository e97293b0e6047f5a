// A door that is held to somebody by name: what compares ids of records finds them all the same, and nobody else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startDemo } from '../e2e/harness/demo.mjs';
import { legacyCall, post } from '../e2e/harness/http.mjs';

const kFree = 'connect_wise_psa_schedule_entries_free';
const kHours = 'connect_wise_psa_members_hours';

let demo;
before(async () => { demo = await startDemo(); });
after(() => demo.program.stop());

async function call(limit, tool, args) {
  const door = await demo.admin.create(`/integrated-account/${demo.integrated_account_id}/mcp`,
    { name: 'x', config: { argument_limits: { member: limit }, unheld_tools: 'leave_out' } });
  const { body } = await post(door.url, legacyCall(tool, args));
  const { isError, content: [{ text }] } = body.result;
  return { isError, text, said: JSON.parse(text) };
}
const logins = ({ said }, part) => said[part].result.map(({ identifier }) => identifier).sort();

for (const limit of ['jdoe', ['jdoe', 'bmorgan']]) {
  const held = [limit].flat().sort();
  test(`free time of ${held.join(' and ')}`, async () => {
    // One is sent without a word; of several the call says which.
    for (const args of held.length === 1 ? [{}, { member: ['jdoe'] }] : [{ member: held }]) {
      const answer = await call(limit, kFree, args);
      assert.ok(!answer.isError, answer.text);
      assert.deepEqual(logins(answer, 'free'), args.member ?? held);
    }
    const other = await call(limit, kFree, { member: ['asmith'] });
    assert.ok(other.isError || !other.text.includes('asmith'), other.text);
  });
}

test('hours against capacity of one', async () => {
  const { isError, text, said } = await call('jdoe', kHours, {});
  assert.ok(!isError, text);
  assert.deepEqual(said.capacity.by_member.map(({ identifier }) => identifier), ['jdoe']);
  assert.ok(said.capacity.total.hours_a_day > 0);
});
