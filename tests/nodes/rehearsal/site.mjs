// The site of deploy/ha: a balancer, three machines with Patchbay and etcd, two with PostgreSQL under Patroni. All
// files are those that lie there, with the passwords put in.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Admin } from '../../e2e/harness/admin.mjs';
import { temporaryFolder } from '../../e2e/harness/demo.mjs';
import { binary, Program } from '../../e2e/harness/process.mjs';
import { Sandbox } from '../../e2e/harness/sandbox.mjs';
import { newKey, until } from '../harness/cluster.mjs';
import { kHere, Machine, startNetwork } from './machines.mjs';

const deployed = (name) => readFileSync(new URL(`../../../deploy/ha/${name}`, import.meta.url), 'utf8');
const kAuthority = '/run/ca/ca.pem';
export const kPublicUrl = 'https://mcp.example.com';
const kUser = 'daemon';

// NAME=value lines, as systemd and compose read them.
const variables = (text) => Object.fromEntries([...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));

function issue(folder, name, subject) {
  const at = (ending) => join(folder, `${name}.${ending}`);
  const openssl = (...args) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  openssl('req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', `/CN=${name}`,
    '-keyout', at('key'), '-out', at('csr'));
  writeFileSync(at('ext'), `subjectAltName=${subject}\n`);
  openssl('x509', '-req', '-in', at('csr'), '-CA', kAuthority, '-CAkey', '/run/ca/ca.key', '-days', '2',
    '-extfile', at('ext'), '-out', at('pem'));
  return { certificate: readFileSync(at('pem'), 'utf8'), key: readFileSync(at('key'), 'utf8'), files: [at('pem'), at('key')] };
}

// A machine with Patchbay and a member of etcd.
class NodeMachine extends Machine {
  get url() { return `http://${this.address}:8080`; }
  at(url) { return url.replace(kPublicUrl, this.url); }
  setUp({ number, keyFile, password }) {
    const etcd = deployed('etcd.env').split('\n').map((line) => (line.startsWith('ETCD_INITIAL_CLUSTER=') ? line
      : line.replace('10.0.0.11', this.address).replace('etcd11', `etcd${number}`))).join('\n');
    this.write('/etc/default/etcd', etcd);
    this.etcd = variables(etcd);
    this.patchbay = { ...variables(deployed('patchbay.env').replace('PASSWORD', password)),
      // The API of this test has an address of its network.
      PATCHBAY_ALLOW_PRIVATE_UPSTREAMS: 'true', PATCHBAY_UPSTREAM_CA_FILE: '/etc/patchbay/db-ca.pem' };
    this.write('/etc/patchbay/db-ca.pem', readFileSync(kAuthority));
    this.write('/etc/patchbay/key', readFileSync(keyFile), { mode: 0o600, owner: `${kUser}:${kUser}` });
  }
  startEtcd() {
    this.folder('/var/lib/etcd', undefined);
    return this.start('etcd', ['etcd'], { env: this.etcd });
  }
  async startPatchbay() {
    this.folder('/var/lib/patchbay', kUser);
    const program = this.start('patchbay', [binary, 'serve'], { user: kUser, env: this.patchbay });
    await until(`${this.name} serves`, () => {
      assert.ok(program.alive, program.output);
      return program.output.includes('"message":"serving"');
    }, 60);
  }
  async ready() {
    return fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(2_000) })
      .then(async (answer) => (await answer.json()).status === 'ok').catch(() => false);
  }
}

// A machine with PostgreSQL, which Patroni starts.
class DatabaseMachine extends Machine {
  setUp({ number, folder, passwords }) {
    const mine = { owner: 'postgres:postgres', mode: 0o600 };
    const { certificate, key } = issue(folder, this.name, `IP:${this.address}`);
    this.write('/etc/patroni/server.pem', certificate, mine);
    this.write('/etc/patroni/server.key', key, mine);
    this.write('/etc/patroni/ca.pem', readFileSync(kAuthority));
    this.write('/etc/patroni/patroni.yaml', deployed('patroni.yaml'));
    this.patroni = variables(deployed('patroni.env').replaceAll('10.0.0.21', this.address).replace('db21', `db${number}`));
    for (const [name, value] of Object.entries(this.patroni)) if (value === 'PASSWORD') this.patroni[name] = passwords[name] ??= randomBytes(12).toString('hex');
  }
  startPatroni() {
    this.folder('/var/lib/postgresql', 'postgres');
    return this.start('patroni', ['patroni', '/etc/patroni/patroni.yaml'], { user: 'postgres', env: { ...this.patroni, HOME: '/var/lib/postgresql' } });
  }
  get postmaster() { return this.processes(/bin\/postgres -D /)[0]; }
  // What Patroni here says of all, or nothing.
  async cluster() {
    return fetch(`http://${this.address}:8008/cluster`, { signal: AbortSignal.timeout(2_000) })
      .then(async (answer) => (answer.ok ? (await answer.json()).members : undefined)).catch(() => undefined);
  }
}

async function startApi(t, folder) {
  const { files: [certificate, key] } = issue(folder, 'psa', `IP:${kHere}`);
  const program = new Program(['sandbox', '--json', '--address', kHere, '--port', '0', '--tls-cert', certificate, '--tls-key', key]);
  t.after(() => program.stop());
  const { sandbox_url, ...keys } = JSON.parse(await program.until('line of JSON', () => program.stdout.match(/^.*\n/)?.[0]));
  return { psa: new Sandbox(sandbox_url, keys), credentials: { site: sandbox_url, ...keys } };
}

export async function startSite(t) {
  startNetwork();
  const folder = temporaryFolder(t);
  const keyFile = await newKey(folder);
  const api = await startApi(t, folder);
  const password = randomBytes(12).toString('hex');
  const passwords = {};
  const balancer = new Machine('balancer', '10.0.0.10');
  const nodes = [11, 12, 13].map((number) => new NodeMachine(`node${number}`, `10.0.0.${number}`));
  const databases = [21, 22].map((number) => new DatabaseMachine(`db${number}`, `10.0.0.${number}`));
  const machines = [balancer, ...nodes, ...databases];
  for (const machine of machines) {
    await machine.switchOn();
    t.after(() => machine.switchOff());
  }
  nodes.forEach((node) => node.setUp({ number: node.name.slice(4), keyFile, password }));
  databases.forEach((each) => each.setUp({ number: each.name.slice(2), folder, passwords }));
  balancer.write('/etc/haproxy/haproxy.cfg', deployed('haproxy.cfg'));
  const { certificate, key } = issue(folder, 'mcp', 'DNS:mcp.example.com');
  balancer.write('/etc/haproxy/patchbay.pem', certificate + key);

  const site = { ...api, balancer, nodes, databases, machines, folder };
  site.primary = async () => {
    for (const each of databases) {
      const leader = (await each.cluster())?.find(({ role, state }) => role === 'leader' && state === 'running');
      if (leader) return databases.find(({ name }) => name === leader.name);
    }
    return undefined;
  };
  site.standby = async () => {
    const primary = await site.primary();
    const its = (await primary?.cluster())?.find(({ role, state }) => role === 'sync_standby' && /running|streaming/.test(state));
    return its && databases.find(({ name }) => name === its.name);
  };
  // Everything as it should be: two databases, one of them synchronous; three nodes that hear them.
  site.whole = (seconds = 120) => until('the site is whole', async () =>
    Boolean(await site.standby()) && !(await Promise.all(nodes.map((node) => node.ready()))).includes(false), seconds);

  for (const node of nodes) node.startEtcd();
  databases[0].startPatroni();
  await until('there is a primary', () => site.primary(), 60);
  databases[1].startPatroni();
  const primary = await site.primary();
  primary.write('/etc/patroni/database.sql', deployed('database.sql'));
  primary.ask('setpriv', '--reuid', 'postgres', '--regid', 'postgres', '--init-groups', 'psql', '-qX', '-h', '/var/run/postgresql', '-U', 'postgres', '-v', 'ON_ERROR_STOP=1',
    '-v', `password=${password}`, '-f', '/etc/patroni/database.sql');
  for (const node of nodes) await node.startPatchbay();
  balancer.start('haproxy', ['haproxy', '-db', '-f', '/etc/haproxy/haproxy.cfg']);
  const token = nodes[0].ask('cat', '/var/lib/patchbay/first-api-token').trim();
  site.admin = new Admin(kPublicUrl, token);
  await until('the balancer answers', () => fetch(`${kPublicUrl}/readyz`).then(({ ok }) => ok, () => false), 30);
  await site.whole();
  return site;
}
