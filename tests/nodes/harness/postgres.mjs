// A PostgreSQL of the tests' own, in a folder that goes with it: on the loopback and a port that was free,
// without waiting for the disk. It can be stopped in a hurry and started again.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../e2e/harness/port.mjs';

export const kPassword = 's3cret/of:the@nodes';

// Of the newest version that is installed; Debian keeps them apart from the commands of users.
function program(name) {
  const all = '/usr/lib/postgresql';
  const found = (existsSync(all) ? readdirSync(all) : []).sort((a, b) => a - b)
    .map((version) => join(all, version, 'bin', name)).filter((path) => existsSync(path));
  assert.ok(found.length, 'PostgreSQL is not installed: run scripts/setup.sh test');
  return found.at(-1);
}

export class Postgres {
  #folder = mkdtempSync(join(tmpdir(), 'patchbay-nodes-pg-'));
  #user = [];  // of setpriv: PostgreSQL refuses to run as root
  #child;
  #databases = 0;
  log = '';

  static async start(t) {
    const postgres = new Postgres();
    t.after(() => postgres.end());
    postgres.#make();
    postgres.port = await freePort();
    await postgres.start();
    return postgres;
  }

  // Another that takes in what this one commits, and without which nothing is committed here from now on.
  async standby(t) {
    const standby = new Postgres();
    t.after(() => standby.end());
    standby.#own();
    const copied = spawnSync('setpriv', [...standby.#user, program('pg_basebackup'), '-D',
      join(standby.#folder, 'data'), '-h', this.#folder, '-p', String(this.port), '-U', 'postgres', '-R', '-X', 'stream',
      '--checkpoint=fast', '--no-sync'], { cwd: '/', encoding: 'utf8' });
    assert.equal(copied.status, 0, copied.stderr);
    standby.port = await freePort();
    await standby.start();
    this.sql('postgres', "ALTER SYSTEM SET synchronous_standby_names = '*'");
    this.sql('postgres', 'SELECT pg_reload_conf()');
    for (let i = 0; this.sql('postgres', 'SELECT sync_state FROM pg_stat_replication') !== 'sync'; ++i) {
      assert.ok(i < 500, standby.log);
      await sleep(20);
    }
    return standby;
  }
  // What was a standby takes changes, and waits for none of its own.
  promote() {
    this.sql('postgres', "ALTER SYSTEM SET synchronous_standby_names = ''");
    this.sql('postgres', 'SELECT pg_reload_conf()');
    assert.equal(this.sql('postgres', 'SELECT pg_promote()'), 't');
  }

  #own() {
    if (process.geteuid() !== 0) return;
    const [, user, group] = readFileSync('/etc/passwd', 'utf8').match(/^postgres:[^:]*:(\d+):(\d+):/m)
      ?? assert.fail('there is no user postgres: run scripts/setup.sh test');
    this.#user = ['--reuid', user, '--regid', group, '--clear-groups'];
    chownSync(this.#folder, Number(user), Number(group));
  }
  #make() {
    this.#own();
    const password = join(this.#folder, 'password');
    writeFileSync(password, `${kPassword}\n`);
    const made = spawnSync('setpriv', [...this.#user, program('initdb'), '-D', join(this.#folder, 'data'),
      '--username=postgres', `--pwfile=${password}`, '--auth-local=trust', '--auth-host=scram-sha-256',
      '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'], { cwd: '/', encoding: 'utf8' });
    assert.equal(made.status, 0, made.stderr);
  }

  get runs() { return this.#child && this.#child.exitCode === null && this.#child.signalCode === null; }

  async start() {
    if (this.runs) return;
    this.#child = spawn('setpriv', [...this.#user, '--pdeathsig', 'QUIT', program('postgres'),
      '-D', join(this.#folder, 'data'), '-p', String(this.port), '-c', 'listen_addresses=127.0.0.1',
      '-c', `unix_socket_directories=${this.#folder}`, '-c', 'fsync=off', '-c', 'full_page_writes=off',
      '-c', 'max_connections=200', '-c', 'shared_buffers=32MB'], { cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
    for (const pipe of [this.#child.stdout, this.#child.stderr]) {
      pipe.setEncoding('utf8').on('data', (text) => { this.log += text; });
    }
    for (let i = 0; ; ++i) {
      if (this.#psql('postgres', 'SELECT 1').status === 0) return;
      assert.ok(i < 500 && this.runs, this.log);
      await sleep(20);
    }
  }

  // SIGQUIT is `pg_ctl stop -m immediate`: nothing is brought to its end. SIGINT: sessions are ended in order.
  async stop(signal = 'SIGQUIT') {
    if (!this.runs) return;
    const gone = new Promise((done) => { this.#child.once('exit', done); });
    this.#child.kill(signal);
    await gone;
  }
  async end() {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #psql(database, sql) {
    return spawnSync(program('psql'), ['-h', this.#folder, '-p', String(this.port), '-U', 'postgres',
      '-d', database, '-qAt', '-v', 'ON_ERROR_STOP=1', '-c', sql], { encoding: 'utf8' });
  }
  // Behind the program's back: what the statement returns, as lines of text.
  sql(database, text) {
    const { status, stdout, stderr } = this.#psql(database, text);
    assert.equal(status, 0, stderr);
    return stdout.trim();
  }
  createDatabase() {
    const name = `nodes_${++this.#databases}`;
    this.sql('postgres', `CREATE DATABASE ${name}`);
    return name;
  }
  // `ports`: of several hosts, of which one takes changes.
  url(database, { port = this.port, ports = [port], password = kPassword } = {}) {
    const hosts = ports.map((each) => `127.0.0.1:${each}`).join(',');
    return `postgresql://postgres:${encodeURIComponent(password)}@${hosts}/${database}`;
  }
}
