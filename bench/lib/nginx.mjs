// nginx in three parts: the upstream stub, a static file server, a plain reverse proxy.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../tests/e2e/harness/port.mjs';
import { getRequest, once } from './load.mjs';
import { start, until } from './processes.mjs';

const kApi = '/v4_6_release/apis/3.0';

function configuration(directory, name, http) {
  return `
daemon off;
master_process off;  # one process, so that nothing is left when it is killed
${process.getuid() === 0 ? 'user root;' : ''}
pid ${directory}/${name}.pid;
error_log ${directory}/${name}.log warn;
events { worker_connections 16384; }
http {
  access_log off;
  default_type application/json;
  sendfile on;
  tcp_nopush on;
  tcp_nodelay on;
  keepalive_requests 100000000;
  open_file_cache max=64;
  client_body_temp_path ${directory}/body;
  proxy_temp_path ${directory}/proxy;
  fastcgi_temp_path ${directory}/fastcgi;
  uwsgi_temp_path ${directory}/uwsgi;
  scgi_temp_path ${directory}/scgi;
${http}
}
`;
}

// A certificate for localhost that both sides of the benchmark trust: {certificate, key}.
export function makeCertificate(directory) {
  const tls = { certificate: join(directory, 'localhost.crt'), key: join(directory, 'localhost.key') };
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1',
    '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost',
    '-keyout', tls.key, '-out', tls.certificate], { stdio: 'ignore' });
  return tls;
}

const tlsLines = ({ certificate, key }) => `
    ssl_certificate ${certificate};
    ssl_certificate_key ${key};
    ssl_session_cache shared:bench:4m;
    ssl_protocols TLSv1.2 TLSv1.3;`;

async function run(core, directory, name, port, http, tls) {
  const file = join(directory, `${name}.conf`);
  writeFileSync(file, configuration(directory, name, http));
  const { child } = await start(core, 'nginx', ['-p', directory, '-c', file]);
  const origin = tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
  await until(`nginx (${name})`, () => once(getRequest(`${origin}/healthz`)));
  return { child, origin };
}

const kHealth = 'location = /healthz { return 200 "{}"; }';

// Serves the files of `directory` under the API's paths, whatever the query says. With `tls` (see
// makeCertificate) over TLS and, to whom it suits, packed by gzip, as the API itself does.
export async function startUpstream(core, directory, tls) {
  const port = await freePort();
  const at = (path, file) => `location ${path} { root ${directory}; try_files /${file} =404; }`;
  return run(core, directory, tls ? 'upstream-tls' : 'upstream', port, `
  ${tls ? 'gzip on; gzip_types application/json; gzip_comp_level 1;' : ''}
  server {
    listen 127.0.0.1:${port} ${tls ? 'ssl' : ''} backlog=4096;
    ${tls ? tlsLines(tls) : ''}
    ${kHealth}
    location = /accepted { stub_status; }
    ${at(`= ${kApi}/service/tickets`, 'tickets.json')}
    ${at(`~ ^${kApi}/service/tickets/[0-9]+$`, 'ticket.json')}
    ${at(`= ${kApi}/system/info`, 'info.json')}
    location / { return 404 '{"code":"NotFound","message":"the stub does not have this"}'; }
  }`, tls);
}

export async function startStatic(core, directory, file) {
  const port = await freePort();
  return run(core, directory, 'static', port, `
  server {
    listen 127.0.0.1:${port} backlog=4096;
    ${kHealth}
    location / { root ${directory}; try_files /${file} =404; }
  }`);
}

export async function startProxy(core, directory, upstreamOrigin, tls) {
  const port = await freePort();
  return run(core, directory, tls ? 'proxy-tls' : 'proxy', port, `
  upstream stub { server ${new URL(upstreamOrigin).host}; keepalive 512; }
  server {
    listen 127.0.0.1:${port} ${tls ? 'ssl' : ''} backlog=4096;
    ${tls ? `${tlsLines(tls)}
    proxy_ssl_server_name on;
    proxy_ssl_name localhost;
    proxy_ssl_verify on;
    proxy_ssl_trusted_certificate ${tls.certificate};
    proxy_ssl_session_reuse on;
    proxy_set_header Accept-Encoding gzip;
    gunzip on;  # as who reads the answer must
    gzip off;` : ''}
    ${kHealth}
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_buffers 16 32k;
    proxy_buffer_size 16k;
    proxy_busy_buffers_size 64k;
    location / { proxy_pass ${tls ? 'https' : 'http'}://stub; }
  }`, tls);
}
