// Machines of which each has an address, files and processes of its own: namespaces that hang on one bridge. They can
// be switched off, and the wire between them cut. tests/nodes/rehearse.sh gives us a network and processes that go
// with us; nothing here touches what is outside.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const kRoot = '/run/machines';
const ip = (...args) => execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] });

export const kHere = '10.0.0.1';
// What all of them hang on, with us at it.
export function startNetwork() {
  ip('link', 'set', 'lo', 'up');
  ip('link', 'add', 'switch', 'type', 'bridge');
  ip('addr', 'add', `${kHere}/24`, 'dev', 'switch');
  ip('link', 'set', 'switch', 'up');
  mkdirSync(kRoot, { recursive: true });
}

// A process in a machine; what it says is kept. `pid` is its own, as we see it.
class Running {
  output = '';
  constructor(machine, args, { user, env = {}, log }) {
    const as = user ? ['--reuid', user, '--regid', user, '--init-groups'] : [];
    this.#child = spawn('nsenter', ['-t', String(machine.pid), '-n', '-m', '-p', '--', 'setpriv', '--pdeathsig', 'KILL', ...as, ...args],
      { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', HOME: '/tmp', ...env }, stdio: ['ignore', 'pipe', 'pipe'], cwd: '/' });
    const file = createWriteStream(log, { flags: 'a' });
    for (const pipe of [this.#child.stdout, this.#child.stderr]) {
      pipe.setEncoding('utf8').on('data', (text) => {
        file.write(text);
        this.output = (this.output + text).slice(-200_000);
      });
    }
    this.exited = new Promise((done) => { this.#child.on('close', (code) => { this.over = true; file.end(); done(code); }); });
  }
  #child;
  get alive() { return !this.over; }
  get pid() {
    const [child] = readFileSync(`/proc/${this.#child.pid}/task/${this.#child.pid}/children`, 'utf8').trim().split(' ');
    return Number(child);
  }
  signal(name) {
    if (this.alive && this.pid) process.kill(this.pid, name);
    if (name !== 'SIGSTOP') this.wake();
  }
  // nsenter stops itself when what it runs is stopped, and would never tell of its end.
  wake() { this.#child.kill('SIGCONT'); }
  async kill() {
    this.signal('SIGKILL');
    await this.exited;
  }
}

export class Machine {
  #folder;
  #holder;
  programs = {};

  // `bytes`: what its disk holds (as mount says it).
  constructor(name, address, { bytes = '600m' } = {}) {
    Object.assign(this, { name, address });
    this.#folder = join(kRoot, name);
    mkdirSync(this.#folder);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=755`, 'disk', this.#folder]);
    for (const each of ['etc', 'lib', 'etc.work', 'lib.work']) mkdirSync(join(this.#folder, each));
    mkdirSync(this.log, { recursive: true });
    ip('netns', 'add', name);
    ip('link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
    ip('link', 'set', name, 'master', 'switch', 'up');
    for (const what of ['lo', 'eth0']) ip('-n', name, 'link', 'set', what, 'up');
    ip('-n', name, 'addr', 'add', `${address}/24`, 'dev', 'eth0');
  }

  // On, with what is on its disk; no program runs.
  async switchOn() {
    const mounts = `
      mount -t overlay -o lowerdir=/etc,upperdir=${this.#folder}/etc,workdir=${this.#folder}/etc.work etc /etc
      mount -t overlay -o lowerdir=/var/lib,upperdir=${this.#folder}/lib,workdir=${this.#folder}/lib.work lib /var/lib
      mount -t tmpfs run /var/run; mkdir -m 777 /var/run/postgresql /var/run/haproxy
      # What has lost its parent is reaped by the shell.
      hostname ${this.name}; echo on; exec bash -c 'sleep infinity & wait'`;
    this.#holder = spawn('setpriv', ['--pdeathsig', 'KILL', 'ip', 'netns', 'exec', this.name, 'unshare', '--mount', '--uts', '--pid', '--fork', '--kill-child',
      '--mount-proc', 'sh', '-ec', mounts], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((done, fail) => {
      this.#holder.stdout.once('data', done);
      this.#holder.once('close', () => fail(new Error(`${this.name} does not start`)));
    });
    this.pid = Number(readFileSync(`/proc/${this.#holder.pid}/task/${this.#holder.pid}/children`, 'utf8').trim().split(' ')[0]);
  }
  // All that runs in it ends at the same moment, and nothing is brought to its end.
  async switchOff() {
    try { process.kill(this.pid, 'SIGKILL'); } catch { /* it is off */ }
    for (const program of Object.values(this.programs)) program.wake();
    await Promise.all(Object.values(this.programs).map(({ exited }) => exited));
    this.programs = {};
    await sleep(50);
  }

  // A file on its disk, in /etc or /var/lib.
  write(path, text, { mode = 0o644, owner } = {}) {
    const inside = path.startsWith('/etc/') ? join('etc', path.slice(5)) : join('lib', path.slice(9));
    const at = join(this.#folder, inside);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, text, { mode });
    if (owner) execFileSync('chown', [owner, at]);
  }
  folder(path, owner) {
    this.ask('install', '-d', '-m', '0700', ...(owner ? ['-o', owner, '-g', owner] : []), path);
  }
  // Beside its disk, which may be full.
  get log() { return join(kRoot, 'logs', this.name); }

  start(name, args, options = {}) {
    assert.ok(!this.programs[name]?.alive, `${name} runs on ${this.name}`);
    this.programs[name] = new Running(this, args, { ...options, log: join(this.log, name) });
    return this.programs[name];
  }
  // A command to its end, in the machine: what it says.
  ask(...args) {
    return execFileSync('nsenter', ['-t', String(this.pid), '-n', '-m', '-p', '--', ...args],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], cwd: '/' });
  }
  // Processes of it, as we see them, by their command line.
  processes(pattern) {
    const its = readlinkSync(`/proc/${this.pid}/ns/pid`);
    return readdirSync('/proc').filter((each) => /^\d+$/.test(each)).filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/ns/pid`) === its
          && pattern.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
      } catch { return false; }
    }).map(Number);
  }

  // Its disk, until nothing more fits.
  fillDisk() {
    try { this.ask('dd', 'if=/dev/zero', 'of=/var/lib/filler', 'bs=64k', 'status=none'); } catch { /* it is full */ }
  }
  emptyDisk() { this.ask('rm', '-f', '/var/lib/filler'); }

  // From everybody: what is sent vanishes, and nobody is told.
  cut() { ip('link', 'set', this.name, 'nomaster'); }
  join() { ip('link', 'set', this.name, 'master', 'switch'); }
  // From some, in both directions.
  cutFrom(...others) {
    for (const [one, other] of others.flatMap((each) => [[this, each], [each, this]])) {
      ip('-n', one.name, 'neigh', 'replace', other.address, 'lladdr', '02:00:00:00:00:ff', 'dev', 'eth0', 'nud', 'permanent');
    }
  }
  joinTo(...others) {
    for (const [one, other] of others.flatMap((each) => [[this, each], [each, this]])) {
      ip('-n', one.name, 'neigh', 'del', other.address, 'dev', 'eth0');
    }
  }
}
