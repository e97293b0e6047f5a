// The command line in scripts: secrets from variables, one line of JSON of whatever prints, and what an
// environment's log keeps.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Shell } from './harness/command.mjs';
import { startDemo } from './harness/demo.mjs';
import { legacyCall, post } from './harness/http.mjs';

let folder, demo, shell, token;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-cli-'));
  demo = await startDemo();
  shell = new Shell(folder);
  token = join(folder, 'token');
  writeFileSync(token, demo.api_token, { mode: 0o600 });
  const added = await shell.json(['profile', 'add', 'demo', '--url', demo.admin_url, '--token-file', token]);
  assert.deepEqual(added, { name: 'demo', url: demo.admin_url, in_use: true });
});
after(async () => {
  await demo?.program.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('credentials come from a variable that is named, and from there alone', async () => {
  const secret = { ACME: JSON.stringify(demo.credentials) };
  const made = await shell.with(secret).json(['account', 'add', 'connectwise_psa', '--name', 'Of a variable', '--credentials-env', 'ACME']);
  assert.equal(made.status, 'active');
  await shell.with(secret).json(['account', 'update', made.id, '--credentials-env', 'ACME']);
  const unset = await shell.refused(1, ['account', 'add', 'connectwise_psa', '--credentials-env', 'ACME']);
  assert.match(unset, /ACME is not set/);
  const none = await shell.with({ ACME: 'hunter2' }).refused(1, ['account', 'add', 'connectwise_psa', '--credentials-env', 'ACME']);
  assert.doesNotMatch(none, /hunter2/);
  const twice = await shell.with(secret).refused(1, ['account', 'add', 'connectwise_psa', '--credentials-env', 'ACME', '--credentials-file', '-']);
  assert.match(twice, /two ways/);

  const member = { KEYS: JSON.stringify({ public_key: demo.credentials.public_key, private_key: demo.credentials.private_key }) };
  const server = await shell.with(member).json(['server', 'create', made.id, 'A person', '--credentials-env', 'KEYS']);
  assert.equal(server.has_own_credentials, true);
});

test('what remembers instances prints a line of JSON too', async () => {
  await shell.json(['profile', 'add', 'other', '--url', demo.admin_url, '--token-file', token]);
  assert.deepEqual(await shell.json(['profile', 'use', 'other']), { name: 'other', in_use: true });
  assert.deepEqual(await shell.json(['profile', 'use', 'demo']), { name: 'demo', in_use: true });
  assert.deepEqual(await shell.json(['profile', 'remove', 'other']), { name: 'other' });
});

test('an environment is told what its log keeps, and keeps that and nothing personal', async () => {
  const [environment] = (await shell.json(['environment', 'list'])).result;
  const changed = await shell.json(['environment', 'update', environment.id, '--audit-arguments', 'all', '--keep-days', '30']);
  assert.deepEqual([changed.audit.arguments, changed.audit.keep_days], ['all', 30]);
  assert.match(await shell.ok(['environment', 'show', environment.id]), /Audit log +arguments all, 30 days/);
  await shell.refused(2, ['environment', 'update', environment.id, '--audit-arguments', 'some']);
  await shell.refused(1, ['environment', 'update', environment.id, '--keep-days', 'many']);
  await shell.refused(1, ['environment', 'update', environment.id]);

  const name = 'list_all_connect_wise_psa_contacts';
  await post(demo.mcp_url, legacyCall(name, { firstName: 'Zzyzx', company: 'Acme Corp', limit: 2 }));
  let event;
  for (let i = 0; i < 100 && !event; ++i) {
    [event] = (await demo.admin.get(`/log?tool=${name}`)).result;
    if (!event) await new Promise((done) => { setTimeout(done, 50); });
  }
  assert.equal(event.arguments.company, 'Acme Corp');
  assert.deepEqual(event.arguments.firstName, { redacted: 'personal', characters: 5 });
  assert.doesNotMatch(JSON.stringify(event), /Zzyzx/);
  assert.ok(Array.isArray(event.summary.ids));
  await shell.json(['environment', 'update', environment.id, '--audit-arguments', 'none']);
});
