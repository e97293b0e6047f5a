// The shaping kernel by itself: the json room's micro-benchmark, in GB/s on one core, beside
// simdjson only parsing the same bytes. Pages of 25 records.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = new URL('../..', import.meta.url).pathname;
const program = join(root, process.env.PATCHBAY_BUILD ?? 'build/release', 'json_bench');

export async function measureShaping(core) {
  if (!existsSync(program)) {
    throw new Error(`there is no ${program}: run \`cmake --build --preset release --target json_bench\``);
  }
  const { stdout } = await promisify(execFile)('taskset', ['-c', core, program,
    '--benchmark_format=json', '--benchmark_min_time=0.5', '--benchmark_filter=/25$']);
  return JSON.parse(stdout).benchmarks
    .filter((benchmark) => benchmark.bytes_per_second)
    .map(({ name, bytes_per_second }) => {
      const gigabytes = bytes_per_second / 1e9;
      const shaping = name.startsWith('shape_');
      return {
        name,
        value: `${gigabytes.toFixed(2)} GB/s`,
        bar: shaping ? '>= 1 GB/s' : '',
        met: shaping ? gigabytes >= 1 : undefined,
      };
    });
}
