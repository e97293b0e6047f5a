// Processes that a benchmark starts: pinned, watched for memory, and all ended with it.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const started = new Set();
process.on('exit', () => { for (const child of started) child.kill('SIGKILL'); });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

// The server under test has core 0 for itself; what drives it and what it calls share the others.
const count = availableParallelism();
const last = count - 1;
export const cores = last > 0
  ? { count, tested: '0', rest: last > 1 ? `1-${last}` : '1' }
  : { count, tested: '0', rest: '0' };

// Starts a program on some cores and resolves with the child, once `ready(output)` says so.
export function start(core, command, args, { ready, env, seconds = 15 } = {}) {
  return new Promise((resolve, reject) => {
    // Killed with this process, however that ends.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'taskset', '-c', core, command, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    started.add(child);
    let output = '';
    const fail = (why) => reject(new Error(`${command}: ${why}\n${output}`));
    const timer = setTimeout(() => fail(`not ready after ${seconds} s`), seconds * 1000);
    const look = (chunk) => {
      if (output.length < 1e6) output += chunk;
      const value = ready?.(output);
      if (value) { clearTimeout(timer); resolve({ child, value }); }
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.on('error', (error) => fail(error.message));
    child.on('exit', (code) => { started.delete(child); fail(`ended with ${code}`); });
    if (!ready) { clearTimeout(timer); resolve({ child }); }
  });
}

export function stop(child) {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    const hard = setTimeout(() => child.kill('SIGKILL'), 5000);
    child.on('exit', () => { clearTimeout(hard); resolve(); });
    child.kill('SIGTERM');
  });
}

// Resident memory in bytes. setpriv and taskset exec the program, so that the child's pid is the program's.
export function memory(child) {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Number(status.match(/VmRSS:\s+(\d+)/)[1]) * 1024;
}

// Processor time used so far, in seconds. Unlike requests per second it does not mind what else the
// machine does meanwhile.
export function processorTime(child) {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;  // utime, stime, in ticks of 10 ms
}

export async function until(what, condition, seconds = 10) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    try { const value = await condition(); if (value) return value; } catch { /* not yet */ }
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

// Until a process has used no processor time for a second.
export async function untilIdle(child) {
  for (let before = -1; before !== processorTime(child);) {
    before = processorTime(child);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
