// An instance to measure: who talks to it, an account at a stub, servers minted in numbers.
import { Agent, request } from 'node:http';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyOf } from '../budget/program.mjs';
import { mcpRequest } from '../lib/load.mjs';
import { start, stop } from '../lib/processes.mjs';

export const connectwise = (site) => ({ integration: 'connectwise_psa', tenant_id: 'bench', name: 'stub',
  credentials: { site, company_id: 'bench', public_key: 'public', private_key: 'private',
    client_id: '00000000-0000-4000-8000-000000000000' } });
export const wide = (site) => ({ integration: 'wide', tenant_id: 'bench', name: 'stub',
  credentials: { site, token: 'secret' } });

export const call = (url, name, args) => mcpRequest(url, 'tools/call', { name, arguments: args });

// `post` is the instance's own: (path, body) => the answer. `every`: what all of them have.
export const minting = (post, account, every = { max_result_bytes: 10_000_000 }) => (config = {}) =>
  post(`/integrated-account/${account.id}/mcp`,
    { name: 'growth', config: { ...every, ...config }, expires_at: null });

// A plain one on a folder, which stays when it is stopped: {post, child, stop}.
export async function startPlain(binary, data, args = []) {
  if (!existsSync(keyOf(data))) execFileSync(binary, ['key', 'new', keyOf(data)]);
  const { child, value: url } = await start('0-1023', binary, ['serve', '--port', '0', '--data-dir', data,
    '--key-file', keyOf(data), '--allow-loopback-upstreams', '--loops', '1', ...args], {
    ready: (output) => output.match(/"message":"serving".*?"url":"([^"]+)"/)?.[1], seconds: 120 });
  const token = readFileSync(join(data, 'first-api-token'), 'utf8').trim();
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const post = (path, body) => new Promise((done, failed) => {
    const sent = request(url + path, { method: 'POST', agent, headers: {
      authorization: `Bearer ${token}`, 'content-type': 'application/json' } }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString();
        if (answer.statusCode === 201) done(JSON.parse(text));
        else failed(new Error(`POST ${path}: ${answer.statusCode} ${text.slice(0, 500)}`));
      });
    });
    sent.on('error', failed);
    sent.end(JSON.stringify(body));
  });
  return { post, child, stop: () => { agent.destroy(); return stop(child); } };
}

// As many servers as that, all alike; returns the last one.
export async function mintMany(mint, count) {
  let left = count;
  let last;
  const some = async () => { while (left-- > 0) last = await mint(); };
  await Promise.all(Array.from({ length: 16 }, some));
  return last;
}
