// What packaging/build.sh made, and how programs are asked.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = new URL('../../..', import.meta.url).pathname;
export const binary = process.env.PATCHBAY_BIN;
export const folder = process.env.PATCHBAY_PACKAGES;
if (!folder) throw new Error('run tests/package/run.sh');

export const said = (program, ...args) => execFileSync(program, args, { encoding: 'utf8', maxBuffer: 1e9, stdio: ['ignore', 'pipe', 'pipe'] });
// {status, text}, of what is asked whether it is content.
export function judged(program, ...args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1e9, stdio: ['ignore', 'pipe', 'pipe'] });
  if (error) throw error;
  return { status, text: `${stdout}${stderr}` };
}
export const named = (ending) => {
  const found = readdirSync(folder).filter((name) => name.endsWith(ending));
  if (found.length !== 1) throw new Error(`${found.length} files end with ${ending}`);
  return join(folder, found[0]);
};
export const field = (name) => said('dpkg-deb', '-f', named('.deb'), name).trim();
export const read = (path) => readFileSync(path, 'utf8');

// The package's files, unpacked.
export function unpacked(into) {
  mkdirSync(into, { recursive: true });
  said('dpkg-deb', '-x', named('.deb'), into);
  return into;
}
