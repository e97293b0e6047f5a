// Runs the real binary: everything that it says is kept, and nothing that it started outlives us.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const root = new URL('../../..', import.meta.url).pathname;
export const binary = resolve(root, process.env.PATCHBAY_BIN ?? 'build/release/patchbay');
if (!existsSync(binary)) throw new Error(`there is no ${binary}: run \`make build\``);

// What the tests go by is no setting of the program, which says so of what it does not know.
const inherited = Object.fromEntries(Object.entries(process.env)
  .filter(([name]) => name !== 'PATCHBAY_BIN' && !name.startsWith('PATCHBAY_TEST_')));

const running = new Set();
process.on('exit', () => { for (const child of running) child.kill('SIGKILL'); });

export class Program {
  stdout = '';
  stderr = '';
  exited;  // a promise of {code, signal}
  #child;
  #listeners = new Set();

  constructor(args, { env = {}, cwd } = {}) {
    // It dies with this process even if that is killed: a test that hangs must leave nothing behind.
    this.#child = spawn('setpriv', ['--pdeathsig', 'KILL', binary, ...args],
      { env: { ...inherited, ...env }, cwd });
    running.add(this.#child);
    for (const name of ['stdout', 'stderr']) {
      this.#child[name].setEncoding('utf8').on('data', (text) => {
        this[name] += text;
        for (const listener of this.#listeners) listener();
      });
    }
    this.exited = new Promise((done) => {
      this.#child.on('close', (code, signal) => {
        running.delete(this.#child);
        done({ code, signal });
        for (const listener of this.#listeners) listener();
      });
    });
  }

  get pid() { return this.#child.pid; }
  get stdin() { return this.#child.stdin; }
  get alive() { return running.has(this.#child); }
  get output() { return this.stdout + this.stderr; }

  // Resolves with what `look()` returns, as soon as that is something.
  until(what, look, seconds = 20) {
    return new Promise((resolveWith, reject) => {
      const finish = (settle, value) => {
        this.#listeners.delete(check);
        clearTimeout(timer);
        settle(value);
      };
      const check = () => {
        const found = look();
        if (found) finish(resolveWith, found);
        else if (!this.alive) finish(reject, new Error(`ended before ${what}:\n${this.output}`));
      };
      const timer = setTimeout(
        () => finish(reject, new Error(`no ${what} within ${seconds} s:\n${this.output}`)),
        seconds * 1000);
      this.#listeners.add(check);
      check();
    });
  }

  signal(name) { this.#child.kill(name); }

  // SIGTERM; resolves with {code, signal, ms}.
  async stop(name = 'SIGTERM') {
    const before = performance.now();
    this.signal(name);
    const hard = setTimeout(() => this.signal('SIGKILL'), 15_000);
    const end = await this.exited;
    clearTimeout(hard);
    return { ...end, ms: performance.now() - before };
  }
}

// Runs a command to its end: {code, stdout, stderr}.
export const run = (...args) => runWith({}, ...args);

// `env` is added to what the tests run with.
export async function runWith(env, ...args) {
  const program = new Program(args, { env });
  program.stdin.end();
  const { code } = await program.exited;
  return { code, stdout: program.stdout, stderr: program.stderr };
}
