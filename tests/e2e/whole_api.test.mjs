// The vendor's whole document under the shipped pack: what a person wrote stays, and the rest is there beside it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSandbox, startServe, temporaryFolder } from './harness/demo.mjs';
import { legacyCall, post } from './harness/http.mjs';
import { startWholeApi } from './harness/whole_api.mjs';

describe('all of ConnectWise PSA', () => {
  const ends = [];
  const context = { after: (end) => ends.push(end) };
  after(async () => { for (const end of ends.reverse()) await end(); });

  let admin;
  let integrations;
  let server;
  let tools;
  before(async () => {
    let account;
    ({ admin, account, integrations } = await startWholeApi(context));
    server = await admin.create(`/integrated-account/${account.id}/mcp`, { name: 'All' });
    const { body } = await post(server.url, { jsonrpc: '2.0', id: 1, method: 'tools/list' });
    tools = new Map(body.result.tools.map((tool) => [tool.name, tool]));
  });

  async function call(name, args) {
    const { body } = await post(server.url, legacyCall(name, args));
    assert.ok(body?.result, `${name} ${JSON.stringify(args)}: ${JSON.stringify(body)}`);
    return { isError: body.result.isError ?? false, ...JSON.parse(body.result.content[0].text) };
  }

  // Ids of its parents and its own, each from the list that its arguments name; nothing: there is no record to read.
  const ids = new Map();
  async function idFrom(list) {
    if (!ids.has(list)) {
      ids.set(list, undefined);  // asked once, also where lists name each other
      const given = await argumentsOf(tools.get(list));
      const answer = given && await call(list, { ...given, limit: 1 });
      if (answer && !answer.isError) ids.set(list, answer.result?.[0]?.id);
    }
    return ids.get(list);
  }

  // The list that the ids of an argument are from: as the tool says, or by what the argument is called.
  function listOf(tool, argument) {
    const said = tool.description.match(new RegExp(`\\b${argument}: from (list_all_\\w+)`))?.[1];
    const one = argument === 'id' ? tool.name.match(/^get_single_(\w+)_by_id$/)?.[1]
      : `connect_wise_psa_${argument.replace(/Id$/, '').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
    return [said, `list_all_${one}s`, `list_all_${one}es`, `list_all_${one?.replace(/y$/, 'ies')}`]
      .find((name) => tools.has(name));
  }

  async function argumentsOf(tool) {
    const given = {};
    for (const name of tool?.inputSchema.required ?? []) {
      const list = listOf(tool, name);
      const id = list ? await idFrom(list) : undefined;
      if (id === undefined) return undefined;
      given[name] = id;
    }
    return tool && given;
  }

  test('the shipped tools are as they are without it, and the rest stands beside them', async (t) => {
    const folder = temporaryFolder(t);
    const { credentials } = await startSandbox(t);
    const { admin: other } = await startServe(t, folder);
    const account = await other.create('/integrated-account',
      { integration: 'connectwise_psa', name: 'PSA', credentials });
    const alone = await other.create(`/integrated-account/${account.id}/mcp`, { name: 'All' });
    const { body } = await post(alone.url, { jsonrpc: '2.0', id: 1, method: 'tools/list' });
    for (const tool of body.result.tools) assert.deepEqual(tools.get(tool.name), tool);
    assert.ok(tools.size > 3095, `${tools.size} tools`);
  });

  test('what was imported into the folder goes before what would be imported beside it', async () => {
    const { message } = await admin.refused(409, 'POST', '/integration/connectwise_psa/import',
      { openapi: '3.1.0', info: { title: 'Other', version: '1' },
        paths: { '/things': { get: { responses: { 200: { description: 'Things' } } } } } });
    assert.match(JSON.stringify(message), /folder of this server/);
  });

  test('what it was parsed to is kept for the next start, and made anew where it is damaged', async (t) => {
    const folder = temporaryFolder(t);
    const kept = join(folder, 'data/definitions/connectwise_psa.trees');
    const start = async () => {
      const { program } = await startServe(t, folder, { args: ['--integrations', integrations] });
      await program.stop();
    };
    await start();  // there is no data yet, and none is made for it
    await start();
    const bytes = readFileSync(kept);
    const written = statSync(kept).mtimeMs;
    await start();
    assert.equal(statSync(kept).mtimeMs, written, 'it is read, and not made anew');
    assert.deepEqual(readFileSync(kept), bytes);
    writeFileSync(kept, bytes.subarray(0, bytes.length / 2));
    await start();
    assert.deepEqual(readFileSync(kept), bytes);
  });

  test('a name that nothing says where to look for is refused with what the tool takes', async () => {
    const answer = await call('create_a_connect_wise_psa_procurement_rma_tag', { productDescription: 'A disk',
      product: 1, status: 1, location: 1, department: 1, returnedCompany: 1, rmaDisposition: 1, repairSite: 'Main' });
    assert.equal(answer.error.was_applied, 'no');
    assert.match(JSON.stringify(answer.error.field_errors), /which this tool does not take; give the id/);
  });

  test('each of its reads that the sandbox has is answered', async (t) => {
    const outcomes = { answered: [], lacking: [], withoutRecords: [] };
    for (const tool of tools.values()) {
      if (!tool.annotations.readOnlyHint) continue;
      const given = await argumentsOf(tool);
      if (!given) {
        outcomes.withoutRecords.push(tool.name);
        continue;
      }
      const answer = await call(tool.name, given);
      if (!answer.isError) {
        outcomes.answered.push(tool.name);
      } else if (answer.error.code === 'unsupported') {
        outcomes.lacking.push(tool.name);
      } else {
        // What the API says of the question itself: it was asked as the document says.
        assert.ok(['not_found', 'invalid_argument', 'forbidden'].includes(answer.error.code),
          `${tool.name} ${JSON.stringify(given)}: ${JSON.stringify(answer.error)}`);
        (outcomes.refused ??= []).push(`${tool.name}: ${answer.error.message}`);
      }
    }
    assert.ok(outcomes.answered.length > 300, `${outcomes.answered.length} were answered`);
    t.diagnostic(`${outcomes.answered.length} answered, ${outcomes.lacking.length} not in the sandbox, `
      + `${outcomes.withoutRecords.length} without a record to read, ${outcomes.refused?.length ?? 0} refused`);
    for (const each of outcomes.refused ?? []) t.diagnostic(each.slice(0, 200));
  });
});
