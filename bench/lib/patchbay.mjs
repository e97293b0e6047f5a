// Patchbay as an operator runs it: `patchbay serve` in release, on one core, with an account that
// points at the upstream stub.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { mcpRequest, once } from './load.mjs';
import { start } from './processes.mjs';

const root = new URL('../..', import.meta.url).pathname;
const binary = resolve(root, process.env.PATCHBAY_BIN ?? 'build/release/patchbay');
const kPrefix = 'connect_wise_psa';

// Measured from the start of the process to the moment that it listens.
async function serve(core, dataDirectory, keyFile, tls, loops) {
  const before = performance.now();
  const { child, value: url } = await start(core, binary, ['serve', '--port', '0',
    '--data-dir', dataDirectory, '--key-file', keyFile, '--allow-loopback-upstreams',
    '--loops', String(loops), '--log-level', 'info', ...(tls ? ['--tls-cert', tls.certificate,
      '--tls-key', tls.key, '--upstream-ca-file', tls.certificate] : [])], {
    ready: (output) => output.match(/"message":"serving".*?"url":"([^"]+)"/)?.[1],
  });
  const readyMs = performance.now() - before;
  return { child, url: tls ? url.replace('127.0.0.1', 'localhost') : url, readyMs };
}

export async function startPatchbay(core, directory, upstreamOrigin, tls, loops = 1) {
  if (!existsSync(binary)) throw new Error(`there is no ${binary}: run \`make build\``);
  const keyFile = join(directory, 'patchbay.key');
  const dataDirectory = join(directory, 'data');
  execFileSync(binary, ['key', 'new', keyFile]);
  const { child, url, readyMs } = await serve(core, dataDirectory, keyFile, tls, loops);
  const token = readFileSync(join(dataDirectory, 'first-api-token'), 'utf8').trim();

  async function post(path, body) {
    return JSON.parse(await once({ url: url + path, method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body) }));
  }
  const account = await post('/integrated-account', {
    integration: 'connectwise_psa',
    tenant_id: 'bench',
    name: 'Upstream stub',
    credentials: { site: upstreamOrigin, company_id: 'bench', public_key: 'public',
      private_key: 'private', client_id: '00000000-0000-4000-8000-000000000000' },
  });
  // The peer has no cap on a result; without this, ours would send fewer bytes.
  const server = await post(`/integrated-account/${account.id}/mcp`, {
    name: 'bench', config: { max_result_bytes: 1_000_000 }, expires_at: null,
  });
  // What the server calls itself has no name that the certificate is for.
  const mcp = server.url.replace(/^https?:\/\/[^/]+/, url);
  const call = (name, args) => mcpRequest(mcp, 'tools/call', { name, arguments: args });
  return {
    child,
    readyMs,
    listTools: mcpRequest(mcp, 'tools/list'),
    listTickets: call(`list_all_${kPrefix}_tickets`, { companyId: 7, limit: 25 }),
    getTicket: call(`get_single_${kPrefix}_ticket_by_id`, { id: 90000 }),
  };
}
