// approve_by: client, as a client of 2026-07-28 is asked: the call comes back as input_required, and goes out when
// it is made again with the person's answer and the state that came with the question. Byte for byte, without a
// client library.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startSandbox, startServe, temporaryFolder } from './harness/demo.mjs';
import { modernRequest, post } from './harness/http.mjs';

const kNote = 'create_a_connect_wise_psa_ticket_note';
const kTicket = 5012;
const kCapabilities = 'io.modelcontextprotocol/clientCapabilities';

let desk;
let mcp;
const ends = [];
const kept = { after: (end) => ends.push(end) };
after(async () => { for (const end of ends.reverse()) await end(); });
before(async () => {
  const sandbox = await startSandbox(kept);
  desk = { ...sandbox, ...await startServe(kept, temporaryFolder(kept)) };
  const account = await desk.admin.create('/integrated-account', { integration: 'connectwise_psa', name: 'Asked',
    credentials: desk.credentials });
  mcp = await desk.admin.create(`/integrated-account/${account.id}/mcp`,
    { name: 'Asked', config: { require_approval: ['write'], approve_by: 'client' } });
});

const note = (text) => ({ ticketId: kTicket, internalAnalysisFlag: true, text });
async function call(args, { capabilities = { elicitation: {} }, ...more } = {}) {
  const { headers, body } = modernRequest('tools/call', { name: kNote, arguments: args, ...more });
  body.params._meta[kCapabilities] = capabilities;
  const answer = await post(mcp.url, body, headers);
  return answer.body;
}
const text = ({ result }) => JSON.parse(result.content[0].text);
const sent = async (words) =>
  (await desk.psa.get(`/service/tickets/${kTicket}/notes`, { pageSize: 1000 })).filter((one) => one.text === words).length;
const yes = { approve: { action: 'accept', content: { approve: true } } };
// The question: {id of the approval, state}.
async function asked(args) {
  const { result } = await call(args);
  assert.equal(result.resultType, 'input_required', JSON.stringify(result));
  assert.deepEqual(Object.keys(result.inputRequests), ['approve']);
  assert.equal(typeof result.requestState, 'string');
  return result;
}

test('the person is asked with what would be sent, and it is sent once after a yes', async () => {
  const args = note('Asked at the client');
  const { inputRequests: { approve: { method, params } }, requestState } = await asked(args);
  assert.equal(method, 'elicitation/create');
  assert.equal(params.mode, 'form');
  assert.match(params.message, /Asked at the client/);
  assert.deepEqual(Object.keys(params.requestedSchema.properties), ['approve']);
  assert.equal(await sent(args.text), 0, 'nothing left before the yes');
  const done = await call(args, { requestState, inputResponses: yes });
  assert.equal(done.result.resultType, 'complete');
  assert.equal(text(done).approval.state, 'done', JSON.stringify(done));
  assert.equal(await sent(args.text), 1);
  // The same answer again sends nothing more: it tells what came of it.
  assert.equal(text(await call(args, { requestState, inputResponses: yes })).approval.state, 'done');
  assert.equal(await sent(args.text), 1);
  const { result: [row] } = await desk.admin.get('/approval?state=done');
  assert.equal(row.decided_by, 'client');
});

test('a no is told, and holds', async () => {
  const args = note('Declined at the client');
  const { requestState } = await asked(args);
  const no = await call(args, { requestState, inputResponses: { approve: { action: 'decline' } } });
  assert.equal(text(no).error.code, 'approval_refused', JSON.stringify(no));
  assert.equal(text(await call(args, { requestState, inputResponses: yes })).error.code, 'approval_refused');
  assert.equal(await sent(args.text), 0);
  // Accepted without the tick is a no as well.
  const other = note('Not ticked');
  const question = await asked(other);
  const unticked = await call(other, { requestState: question.requestState,
    inputResponses: { approve: { action: 'accept', content: { approve: false } } } });
  assert.equal(text(unticked).error.code, 'approval_refused');
  assert.equal(await sent(other.text), 0);
});

test('who closes the question has not decided, and is asked again', async () => {
  const args = note('Closed');
  const { requestState } = await asked(args);
  const later = await call(args, { requestState, inputResponses: { approve: { action: 'cancel' } } });
  assert.equal(text(later).error.code, 'approval_required', JSON.stringify(later));
  await asked(args);
  assert.equal(await sent(args.text), 0);
});

test('a yes without our question is none', async () => {
  const args = note('Never asked');
  const mine = await asked(args);
  const other = await asked(note('Another call'));
  // No state; that of another call; an altered one; and an answer under another name.
  for (const attempt of [{ inputResponses: yes }, { inputResponses: yes, requestState: other.requestState },
    { inputResponses: yes, requestState: mine.requestState.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')) },
    { inputResponses: { confirm: yes.approve }, requestState: mine.requestState }]) {
    const { result, error } = await call(args, attempt);
    const isAskedAgain = result?.resultType === 'input_required';
    assert.ok(error !== undefined || isAskedAgain, JSON.stringify(result));
  }
  // The same state with other arguments is another call.
  const moved = await call(note('Another text'), { requestState: mine.requestState, inputResponses: yes });
  assert.ok(moved.error !== undefined || moved.result.resultType === 'input_required', JSON.stringify(moved));
  for (const words of ['Never asked', 'Another call', 'Another text']) assert.equal(await sent(words), 0, words);
});

test('a client that cannot ask leaves it to the operator', async () => {
  const args = note('Nobody to ask here');
  const waits = await call(args, { capabilities: {} });
  assert.equal(text(waits).error.code, 'approval_required', JSON.stringify(waits));
  // Nor does it decide by an answer to what it was not asked.
  const forced = await call(args, { capabilities: {}, inputResponses: yes });
  assert.ok(forced.error !== undefined || text(forced).error.code === 'approval_required', JSON.stringify(forced));
  assert.equal(await sent(args.text), 0);
});

test('one that an operator has decided meanwhile is not asked about, and told', async () => {
  const args = note('Decided elsewhere');
  const { requestState } = await asked(args);
  const { result } = await desk.admin.get('/approval?state=pending');
  const row = result.find((one) => one.tool === kNote && one.client?.startsWith('e2e'));
  const pending = (await Promise.all(result.map(({ id }) => desk.admin.get(`/approval/${id}`))))
    .find((one) => one.arguments.text === args.text);
  assert.ok(row && pending, JSON.stringify(result));
  await desk.admin.request('POST', `/approval/${pending.id}/refuse`, { reason: 'by the operator' });
  const told = await call(args, { requestState, inputResponses: yes });
  assert.match(text(told).error.message, /by the operator/);
  assert.equal(await sent(args.text), 0);
});
