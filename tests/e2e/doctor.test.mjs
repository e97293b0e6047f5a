// `patchbay doctor` before an API over TLS: whether it is trusted, and how long its certificate lasts.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { Shell } from './harness/command.mjs';
import { startSandbox, startServe, temporaryFolder } from './harness/demo.mjs';

// Of its own authority, for this machine: {cert, key}.
function certificate(folder, days) {
  const [cert, key] = [join(folder, `${days}.pem`), join(folder, `${days}.key`)];
  const { status, stderr } = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-days', String(days), '-keyout', key, '-out', cert],
  { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return { cert, key };
}

async function examine(folder, args) {
  const { code, stdout, stderr } = await new Shell(folder).type(['doctor', '--json', ...args]);
  assert.equal(stderr, '');
  const found = JSON.parse(stdout);
  return { code, ...found, of: (check) => found.checks.filter((each) => each.check === check) };
}

// A server with an account at an API whose certificate lasts so long; what doctor is to be asked with.
async function behind(t, days) {
  const folder = temporaryFolder(t);
  const { cert, key } = certificate(folder, days);
  const sandbox = await startSandbox(t, '--tls-cert', cert, '--tls-key', key);
  const server = await startServe(t, folder, { args: ['--upstream-ca-file', cert] });
  await server.admin.create('/integrated-account', { integration: 'connectwise_psa', name: 'TLS', credentials: sandbox.credentials });
  return { folder, cert, args: ['--data-dir', join(folder, 'data'), '--key-file', join(folder, 'patchbay.key'),
    '--allow-loopback-upstreams', '--port', new URL(server.url).port] };
}

test('an API whose certificate ends soon is a warning, with the days that are left', async (t) => {
  const { folder, cert, args } = await behind(t, 5);
  const found = await examine(folder, [...args, '--upstream-ca-file', cert]);
  assert.equal(found.code, 0, JSON.stringify(found.checks));
  assert.match(found.of('upstream')[0].what, /^https:.* answers, and its certificate is trusted/);
  const [soon] = found.of('certificate');
  assert.equal(soon.verdict, 'warning');
  assert.match(soon.what, /ends in [45] day/);
  assert.match(soon.mend, /Renew it/);
});

test('one that lasts is well, and one of an authority that is not known is a fault', async (t) => {
  const { folder, cert, args } = await behind(t, 90);
  const found = await examine(folder, [...args, '--upstream-ca-file', cert]);
  assert.equal(found.of('certificate')[0].verdict, 'ok');
  const unknown = await examine(folder, args);
  assert.equal(unknown.code, 1);
  assert.equal(unknown.of('upstream')[0].verdict, 'fault');
  assert.match(unknown.of('upstream')[0].mend, /--upstream-ca-file/);
});

test('each fault is told by itself, and so are variables that are no settings', async (t) => {
  const folder = temporaryFolder(t);
  const shell = new Shell(folder, { PATCHBAY_PRT: '9', PATCHBAY_LOG_LEVEL: 'loud', PATCHBAY_MAX_CONNECTIONS: 'some' });
  const { code, stdout } = await shell.type(['doctor', '--json', '--port', 'none']);
  assert.equal(code, 1);
  const found = JSON.parse(stdout).checks.filter(({ check }) => check === 'configuration');
  const [unknown] = found.filter(({ verdict }) => verdict === 'warning');
  assert.match(unknown.what, /PATCHBAY_PRT/);
  assert.match(unknown.mend, /PATCHBAY_PORT/);
  const faults = found.filter(({ verdict }) => verdict === 'fault');
  assert.equal(faults.length, 3, JSON.stringify(found));
  for (const { what, mend } of faults) {
    assert.doesNotMatch(what, /\n/);
    assert.ok(mend, what);
  }
});

test('an address that is not this machine\u2019s is told as that, and not as a port that is taken', async (t) => {
  const folder = temporaryFolder(t);
  const found = await examine(folder, ['--address', '192.0.2.1', '--port', '8080', '--data-dir', join(folder, 'none')]);
  const [port] = found.of('port');
  assert.equal(port.verdict, 'fault');
  assert.doesNotMatch(port.what, /Another program/);
  assert.match(`${port.what} ${port.mend}`, /address/i);
});

test('the clock is held against the first API that answers', async (t) => {
  const folder = temporaryFolder(t);
  const [gone, there] = [await startSandbox(t), await startSandbox(t)];
  const server = await startServe(t, folder, { args: [] });
  for (const { credentials } of [gone, there]) {
    await server.admin.create('/integrated-account', { integration: 'connectwise_psa', name: credentials.site, credentials });
  }
  await gone.program.stop();
  const found = await examine(folder, ['--data-dir', join(folder, 'data'), '--key-file', join(folder, 'patchbay.key'),
    '--allow-loopback-upstreams', '--port', new URL(server.url).port]);
  assert.equal(found.of('upstream').filter(({ verdict }) => verdict === 'fault').length, 1);
  assert.equal(found.of('clock').length, 1, JSON.stringify(found.checks));
  assert.match(found.of('clock')[0].what, /seconds? from that of http/);
});
