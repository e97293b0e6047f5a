// Every reference of every tool, with a name that nothing has, one that means several records, and one
// that belongs to another board, company or project: each is refused before anything is written, with
// what would be right. The names are made of the sandbox's records (harness/reference_checks.mjs).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { clients, connected, sameAnswer } from './harness/clients.mjs';
import { startDemo } from './harness/demo.mjs';
import { Records } from './harness/records.mjs';
import { ReferenceChecks, withReferences } from './harness/reference_checks.mjs';

let demo;
before(async () => { demo = await startDemo(); });
after(() => demo.program.stop());

const [other, first] = clients;
let checks;

describe(first.name, () => {
  const claude = connected(first, () => demo.mcp_url);
  before(async () => {
    checks = new ReferenceChecks({ caller: claude, psa: demo.psa, live: new Records(demo.psa),
      tools: await claude.tools() });
  });

  for (const { tool } of withReferences) {
    test(tool, async () => {
      const faults = await checks.check(tool);
      assert.ok(!faults.length, `${faults.length} faults\n${faults.join('\n')}`);
    });
  }

  test('there were enough of each to mean something', () => {
    const { unknown, several, elsewhere } = checks.tried;
    assert.equal(unknown, several);
    assert.ok(unknown > 300 && elsewhere > 80, JSON.stringify(checks.tried));
  });
});

describe(`${other.name} is told the same`, () => {
  const claude = connected(other, () => demo.mcp_url);
  const beside = connected(first, () => demo.mcp_url);

  for (const { tool } of withReferences) {
    test(tool, async () => {
      await demo.psa.control('DELETE', 'requests');
      const { isError } = await sameAnswer(claude, beside, tool, checks.refusals.get(tool));
      assert.ok(isError, 'it is refused');
      const { requests } = await demo.psa.control('GET', 'requests?limit=1000');
      assert.deepEqual(requests.filter(({ method }) => method !== 'GET'), []);
    });
  }
});
