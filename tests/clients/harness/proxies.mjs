// The reverse proxies of deploy/, each started by its own file with addresses and paths of the test put in.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../../e2e/harness/demo.mjs';
import { freePort } from '../../e2e/harness/port.mjs';

const deployed = (name) => readFileSync(new URL(`../../../deploy/${name}`, import.meta.url), 'utf8');
// What is to be put in must stand there: an example that changed is not run half.
function put(text, pairs) {
  for (const [from, to] of pairs) {
    assert.ok(text.includes(from), `the example has no ${from}`);
    text = text.replaceAll(from, to);
  }
  return text;
}

function certificate(folder) {
  const [pem, key] = ['mcp.pem', 'mcp.key'].map((name) => join(folder, name));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
    '-subj', '/CN=mcp.example.com', '-addext', 'subjectAltName=DNS:mcp.example.com', '-keyout', key, '-out', pem],
  { stdio: ['ignore', 'pipe', 'pipe'] });
  return { pem, key };
}

// `nodes`: two addresses, host:port. Each writes all that it says into `folder`/log.
const ways = {
  nginx(folder, port, [one, other]) {
    const { pem, key } = certificate(folder);
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${folder}/${what};`).join('\n');
    const site = put(deployed('nginx.conf'), [['listen 443', `listen 127.0.0.1:${port}`], ['server 127.0.0.1:8080', `server ${one}`],
      ['# server 10.0.0.12:8080', `server ${other}`], ['/etc/nginx/mcp.example.com.pem', pem], ['/etc/nginx/mcp.example.com.key', key],
      ['/var/log/nginx', join(folder, 'log')]]);
    writeFileSync(join(folder, 'nginx.conf'), `daemon off;\nmaster_process off;\npid ${folder}/pid;\nerror_log ${folder}/log/error.log;\nevents {}\n`
      + `http {\naccess_log ${folder}/log/access.log;\n${temporary}\n${site}\n}\n`);
    return ['nginx', '-p', folder, '-c', join(folder, 'nginx.conf')];
  },
  HAProxy(folder, port, [one, other]) {
    const { pem, key } = certificate(folder);
    writeFileSync(join(folder, 'both.pem'), readFileSync(pem, 'utf8') + readFileSync(key, 'utf8'));
    writeFileSync(join(folder, 'haproxy.cfg'), put(deployed('ha/haproxy.cfg'), [['bind :443', `bind 127.0.0.1:${port}`],
      ['/etc/haproxy/patchbay.pem', join(folder, 'both.pem')], ['10.0.0.11:8080', one], ['10.0.0.12:8080', other],
      ['  server node3 10.0.0.13:8080\n', ''], ['log /dev/log local0', 'log stdout format raw local0']]));
    return ['haproxy', '-db', '-f', join(folder, 'haproxy.cfg')];
  },
  Caddy(folder, port, [one, other]) {
    const { pem, key } = certificate(folder);
    writeFileSync(join(folder, 'Caddyfile'), put(deployed('Caddyfile'), [['{\n\tlog default {', '{\n\tadmin off\n\tauto_https disable_redirects\n\tlog default {'],
      ['mcp.example.com {\n', `mcp.example.com:${port} {\n\tbind 127.0.0.1\n\ttls ${pem} ${key}\n`], ['127.0.0.1:8080', `${one} ${other}`]]));
    return ['caddy', 'run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')];
  },
};
export const proxies = Object.keys(ways);

export async function startProxy(t, name, nodes) {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'log'));
  const port = await freePort();
  const [program, ...args] = ways[name](folder, port, nodes);
  let said = '';
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args], { stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, PATH: `${process.env.PATH}:/usr/sbin` } });
  for (const pipe of [child.stdout, child.stderr]) pipe.setEncoding('utf8').on('data', (text) => { said += text; });
  t.after(() => child.kill('SIGKILL'));
  return { port, child,
    // All that it wrote and said.
    get log() { return said + readdirSync(join(folder, 'log')).map((file) => readFileSync(join(folder, 'log', file), 'utf8')).join(''); },
    async until(look) {
      for (let i = 0; !await look().catch(() => false); ++i) {
        assert.ok(i < 300 && child.exitCode === null, `${name} does not start (scripts/setup.sh test installs it): ${said}`);
        await sleep(50);
      }
    } };
}
