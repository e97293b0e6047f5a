// Every reference of every tool, with a name that nothing has, one that means several records, and one
// that belongs to another board, company or project: each is refused before anything is written, with
// what would be right. The names are made of the sandbox's records (harness/reference_checks.mjs).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { clients, connected } from './harness/clients.mjs';
import { startDemo } from './harness/demo.mjs';
import { Records } from './harness/records.mjs';
import { ReferenceChecks, withReferences } from './harness/reference_checks.mjs';

let demo;
before(async () => { demo = await startDemo(); });
after(() => demo.program.stop());

for (const kind of clients) {
  describe(kind.name, () => {
    const claude = connected(kind, () => demo.mcp_url);
    let checks;
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
}
