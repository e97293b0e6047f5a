// A PostgreSQL server of the measurement's own, in a temporary folder and with the settings of the package:
// every commit waits for the disk, but while servers are minted in numbers.
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../tests/e2e/harness/port.mjs';
import { start, until } from '../lib/processes.mjs';

const kPassword = 'measured';
const kPackages = '/usr/lib/postgresql';

function newestFolder() {
  const versions = existsSync(kPackages) ? readdirSync(kPackages).map(Number).sort((a, b) => b - a) : [];
  const found = versions.map((version) => join(kPackages, String(version), 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')));
  if (!found) throw new Error('PostgreSQL is not installed: run `make scale`, which installs what it needs');
  return found;
}

// {url, query(sql) => text, empty, restart, stop}. `folder` is made, and must be within folders that all may pass.
export async function startPostgres(folder) {
  const bin = newestFolder();
  mkdirSync(folder);
  const password = join(folder, 'password');
  writeFileSync(password, kPassword);
  // PostgreSQL refuses to run as root; any other user is as good as its own.
  const other = [];
  if (process.getuid() === 0) {
    const id = (flag) => Number(execFileSync('id', [flag, 'postgres']).toString());
    const [user, group] = [id('-u'), id('-g')];
    for (const each of [folder, password]) chownSync(each, user, group);
    other.push('--reuid', String(user), '--regid', String(group), '--clear-groups');
  }
  const as = (command, args) => execFileSync('setpriv', [...other, '--', command, ...args], { cwd: '/' });
  const data = join(folder, 'data');
  as(join(bin, 'initdb'), ['-D', data, '--username=postgres', `--pwfile=${password}`,
    '--auth-local=trust', '--auth-host=scram-sha-256', '--encoding=UTF8', '--locale=C.UTF-8']);
  const port = await freePort();
  // The inner setpriv: to change the user takes back what the outer one asked for.
  let child;
  const go = async (more) => ({ child } = await start('0-1023', 'setpriv', [...other, '--', 'setpriv', '--pdeathsig',
    'QUIT', '--', join(bin, 'postgres'), '-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1',
    '-c', `unix_socket_directories=${folder}`, ...more]));
  const end = () => new Promise((done) => {
    child.on('exit', done);
    child.kill('SIGINT');  // ends sessions, writes what there is, goes
  });
  const query = (sql, database = 'measured') => execFileSync(join(bin, 'psql'), ['-h', folder, '-p', String(port),
    '-U', 'postgres', '-d', database, '-X', '-A', '-t', '-q', '-c', sql],
  { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PGOPTIONS: '-c search_path=patchbay' } }).toString().trim();
  const ready = () => until('PostgreSQL', () => query('SELECT 1', 'postgres') === '1', 30);
  await go([]);
  await ready();
  const empty = () => {
    query('DROP DATABASE IF EXISTS measured', 'postgres');
    query('CREATE DATABASE measured', 'postgres');
  };
  empty();
  return {
    url: `postgresql://postgres:${kPassword}@127.0.0.1:${port}/measured`,
    query,
    empty,
    // `waiting`: commits wait for the disk.
    restart: async (waiting) => { await end(); await go(waiting ? [] : ['-c', 'fsync=off']); await ready(); },
    stop: async () => { await end(); rmSync(folder, { recursive: true, force: true }); },
  };
}
