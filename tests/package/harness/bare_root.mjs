// A bare Debian system in a folder, made of the machine's own packages: those that are essential and those that
// are named, each with what it depends on, and dpkg's record of them. Nothing else is there, so that a dependency
// that a package forgets is missing. Entered with mounts and processes of its own.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const kRecords = '/var/lib/dpkg';

function installed() {
  const packages = new Map();  // name → its stanza, and those that it needs
  for (const stanza of readFileSync(join(kRecords, 'status'), 'utf8').split('\n\n')) {
    const field = (name) => stanza.match(new RegExp(`^${name}: (.*)$`, 'm'))?.[1];
    if (field('Status') !== 'install ok installed') continue;
    const names = (text) => (text ?? '').split(', ').filter(Boolean)
      .map((each) => each.split(' | ').map((one) => one.replace(/[ :(].*/, '')));
    packages.set(field('Package'), { stanza, essential: field('Essential') === 'yes', architecture: field('Architecture'),
      provides: names(field('Provides')).flat(), needs: [...names(field('Pre-Depends')), ...names(field('Depends'))] });
  }
  return packages;
}

function closure(packages, wanted) {
  const provider = (name) => [...packages].find(([, { provides }]) => provides.includes(name))?.[0];
  const taken = new Set();
  const todo = [...[...packages].filter(([, { essential }]) => essential).map(([name]) => [name]), ...wanted];
  while (todo.length > 0) {
    const choices = todo.pop();
    const name = choices.find((each) => packages.has(each)) ?? choices.map(provider).find(Boolean);
    // Not here, so dpkg will say that it is missing.
    if (!name || taken.has(name)) continue;
    taken.add(name);
    todo.push(...packages.get(name).needs);
  }
  return [...taken].sort();
}

export class BareRoot {
  #running = new Set();

  // `depends` as a package's control file says it.
  constructor(folder, depends) {
    this.folder = folder;
    const packages = installed();
    const names = closure(packages, depends.split(', ').map((each) => each.split(' | ').map((one) => one.replace(/[ :(].*/, ''))));
    const records = join(folder, kRecords);
    for (const each of ['info', 'updates', 'triggers', 'alternatives', 'parts']) mkdirSync(join(records, each), { recursive: true });
    // As on the machine: /bin is /usr/bin.
    for (const each of ['bin', 'sbin', 'lib', 'lib64']) {
      mkdirSync(join(folder, 'usr', each), { recursive: true });
      symlinkSync(`usr/${each}`, join(folder, each));
    }
    const files = new Set();
    const info = readdirSync(join(kRecords, 'info'));
    for (const name of names) {
      for (const file of info.filter((each) => each.startsWith(`${name}.`) || each.startsWith(`${name}:`))) {
        cpSync(join(kRecords, 'info', file), join(records, 'info', file));
        if (!file.endsWith('.list')) continue;
        for (const path of readFileSync(join(kRecords, 'info', file), 'utf8').split('\n')) {
          if (path !== '' && path !== '/.' && !/^\/usr\/share\/(doc|man|locale|info|i18n|zoneinfo)\//.test(path) && existsSync(path)) files.add(`.${path}`);
        }
      }
    }
    writeFileSync(join(folder, 'files'), [...files].join('\n'));
    execFileSync('sh', ['-c', `tar -C / --no-recursion -T '${folder}/files' -cf - | tar -C '${folder}' --keep-directory-symlink -xf -`],
      { stdio: ['ignore', 'ignore', 'inherit'] });
    writeFileSync(join(records, 'status'), names.map((name) => packages.get(name).stanza).join('\n\n').concat('\n\n'));
    writeFileSync(join(records, 'available'), '');
    for (const each of ['passwd', 'group']) cpSync(join(folder, `usr/share/base-passwd/${each}.master`), join(folder, 'etc', each));
    for (const each of ['proc', 'dev', 'tmp', 'run', 'var/log', 'etc/systemd/system']) mkdirSync(join(folder, each), { recursive: true });
    for (const each of ['null', 'urandom']) writeFileSync(join(folder, 'dev', each), '');
    this.run('ldconfig');
  }

  #command(args) {
    const mounts = `for each in null urandom; do mount --bind /dev/$each ${this.folder}/dev/$each; done
      mount -t proc proc ${this.folder}/proc
      exec chroot ${this.folder} /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"`;
    return ['setpriv', '--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-ec', mounts, 'sh', ...args];
  }

  run(...args) {
    const [program, ...rest] = this.#command(args);
    try {
      return execFileSync(program, rest, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 });
    } catch (error) {
      throw new Error(`${args.join(' ')} (${error.status}):\n${error.stdout}${error.stderr}`);
    }
  }

  path(...parts) { return join(this.folder, ...parts); }
  text(path) { return this.run('cat', path); }
  has(path) {
    try { this.run('test', '-e', path); } catch { return false; }
    return true;
  }

  // Starts a server; resolves with {url, stop} once it says that it serves. What is around it is killed to stop it;
  // the command has to see to it that the server then gets SIGTERM (setpriv --pdeathsig).
  serve(...args) {
    const [program, ...rest] = this.#command(args);
    const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#running.add(child);
    let output = '';
    const ended = new Promise((done) => { child.on('close', () => { this.#running.delete(child); done(); }); });
    return new Promise((resolve, reject) => {
      const heard = (text) => {
        output += text;
        const [, url] = output.match(/"message":"serving","url":"([^"]+)"/) ?? [];
        if (url) resolve({ url, stop: async () => { this.#end(child); await ended; } });
      };
      child.stdout.setEncoding('utf8').on('data', heard);
      child.stderr.setEncoding('utf8').on('data', heard);
      ended.then(() => reject(new Error(`it ended before it served:\n${output}`)));
    });
  }

  #end(child) { child.kill('SIGKILL'); }
  close() { for (const child of this.#running) this.#end(child); }
}
