// A control group that bounds the memory of a process, of either version; undefined where we may not make one.
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const kWays = [
  { folder: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes', kills: (path) => /oom_kill (\d+)/.exec(readFileSync(join(path, 'memory.oom_control'), 'utf8')), peak: 'memory.max_usage_in_bytes' },
  { folder: '/sys/fs/cgroup', limit: 'memory.max', kills: (path) => /oom_kill (\d+)/.exec(readFileSync(join(path, 'memory.events'), 'utf8')), peak: 'memory.peak' },
];

export function boundMemory(t, pid, bytes) {
  for (const { folder, limit, kills, peak } of kWays) {
    const path = join(folder, `patchbay-test-${process.pid}`);
    try {
      mkdirSync(path);
      t.after(() => rmdirSync(path));
      writeFileSync(join(path, limit), String(bytes));
      writeFileSync(join(path, 'cgroup.procs'), String(pid));
    } catch { continue; }
    return { kills: () => Number(kills(path)[1]), peak: () => (existsSync(join(path, peak)) ? Number(readFileSync(join(path, peak), 'utf8')) : undefined) };
  }
  return undefined;
}
