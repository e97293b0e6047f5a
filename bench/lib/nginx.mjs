// nginx in three parts: the upstream stub, a static file server, a plain reverse proxy.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { start, until } from './processes.mjs';

const kApi = '/v4_6_release/apis/3.0';

export async function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function configuration(directory, name, http) {
  return `
daemon off;
master_process off;  # one process, so that nothing is left when it is killed
${process.getuid() === 0 ? 'user root;' : ''}
pid ${directory}/${name}.pid;
error_log ${directory}/${name}.log warn;
events { worker_connections 8192; }
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

async function run(core, directory, name, port, http) {
  const file = join(directory, `${name}.conf`);
  writeFileSync(file, configuration(directory, name, http));
  const { child } = await start(core, 'nginx', ['-p', directory, '-c', file]);
  const origin = `http://127.0.0.1:${port}`;
  await until(`nginx (${name})`, () => fetch(`${origin}/healthz`).then((r) => r.ok));
  return { child, origin };
}

const kHealth = 'location = /healthz { return 200 "{}"; }';

// Serves the files of `directory` under the API's paths, whatever the query says.
export async function startUpstream(core, directory) {
  const port = await freePort();
  const at = (path, file) => `location ${path} { root ${directory}; try_files /${file} =404; }`;
  return run(core, directory, 'upstream', port, `
  server {
    listen 127.0.0.1:${port} backlog=4096;
    ${kHealth}
    ${at(`= ${kApi}/service/tickets`, 'tickets.json')}
    ${at(`~ ^${kApi}/service/tickets/[0-9]+$`, 'ticket.json')}
    ${at(`= ${kApi}/system/info`, 'info.json')}
    location / { return 404 '{"code":"NotFound","message":"the stub does not have this"}'; }
  }`);
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

export async function startProxy(core, directory, upstreamOrigin) {
  const port = await freePort();
  return run(core, directory, 'proxy', port, `
  upstream stub { server ${upstreamOrigin.replace('http://', '')}; keepalive 512; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    ${kHealth}
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_buffers 16 32k;
    proxy_buffer_size 16k;
    proxy_busy_buffers_size 64k;
    location / { proxy_pass http://stub; }
  }`);
}
