// `patchbay serve` under callgrind, and how a stretch of its work is told apart: callgrind writes
// and begins anew whenever the function that answers /healthz is entered.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { start, until } from '../lib/processes.mjs';
import { readDump } from './callgrind.mjs';
import { Instance } from './instance.mjs';

const root = new URL('../..', import.meta.url).pathname;
const built = resolve(root, process.env.PATCHBAY_BIN ?? 'build/release/patchbay');
const kMark = 'patchbay::app::(anonymous namespace)::ok(patchbay::http::Request&, '
  + 'patchbay::http::PathParameters const&)';

// Beside the folder of an instance's data.
export const keyOf = (data) => `${data}.key`;

export class Program extends Instance {
  #dumps = 0;

  // `data`: a folder that an instance used before, with its key in it; else a fresh one.
  static async start(directory, { data, args = [], seconds = 120 } = {}) {
    if (!existsSync(built)) throw new Error(`there is no ${built}: run \`make build\``);
    // Without what is for debuggers, which valgrind takes minutes to read or does not understand.
    const binary = join(directory, 'patchbay');
    execFileSync('strip', ['-g', '-o', binary, built]);
    const key = data ? keyOf(data) : join(directory, 'patchbay.key');
    data ??= join(directory, 'data');
    if (!existsSync(key)) execFileSync(binary, ['key', 'new', key]);
    const { child, value: url } = await start('0-1023', 'valgrind', ['--tool=callgrind',
      `--callgrind-out-file=${join(directory, 'dump')}`, `--dump-before=${kMark}`,
      binary, 'serve', '--port', '0', '--data-dir', data, '--key-file', key,
      '--allow-loopback-upstreams', '--loops', '1', ...args], {
      ready: (output) => output.match(/"message":"serving".*?"url":"([^"]+)"/)?.[1], seconds });
    return Object.assign(new Program(), {
      directory, child, url,
      token: readFileSync(join(data, 'first-api-token'), 'utf8').trim(),
    });
  }

  // What `work` cost: a dump as readDump has it.
  async measure(work) {
    await this.#mark();
    await work();
    return readDump(await this.#mark());
  }

  // The file with what came before.
  async #mark() {
    await this.send({ url: `${this.url}/healthz`, method: 'GET' });
    ++this.#dumps;
    const name = `dump.${this.#dumps}`;
    await until(`callgrind's ${name}`, () => readdirSync(this.directory).includes(name));
    return join(this.directory, name);
  }
}
