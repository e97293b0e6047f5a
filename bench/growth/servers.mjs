// What a minted MCP server costs in memory: one of many with the same choice of tools, and one with
// a choice of its own.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { memory, start, stop } from '../lib/processes.mjs';
import { mcpRequest, once } from '../lib/load.mjs';

const kTags = ['assets', 'billing', 'crm', 'directory', 'dispatch', 'expenses', 'finance', 'procurement',
  'projects', 'sales', 'support', 'tickets'];

export async function memoryOfServers(binary, directory, upstream, count) {
  const key = join(directory, 'servers.key');
  const data = join(directory, 'servers');
  execFileSync(binary, ['key', 'new', key]);
  const { child, value: url } = await start('0-1023', binary, ['serve', '--port', '0', '--data-dir', data,
    '--key-file', key, '--allow-loopback-upstreams', '--loops', '1'], {
    ready: (output) => output.match(/"message":"serving".*?"url":"([^"]+)"/)?.[1] });
  const token = readFileSync(join(data, 'first-api-token'), 'utf8').trim();
  const post = async (path, body) => JSON.parse(await once({ url: url + path, method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body) }));
  const account = await post('/integrated-account', { integration: 'connectwise_psa', tenant_id: 'bench',
    name: 'stub', credentials: { site: upstream, company_id: 'bench', public_key: 'public',
      private_key: 'private', client_id: '00000000-0000-4000-8000-000000000000' } });
  // Each is used once: what it needs for that it has from then on.
  async function mint(config) {
    const server = await post(`/integrated-account/${account.id}/mcp`,
      { name: 'growth', config, expires_at: null });
    await once(mcpRequest(server.url, 'tools/list'));
  }
  async function each(configOf) {
    await mint(configOf(0));
    const before = memory(child);
    for (let i = 1; i <= count; ++i) await mint(configOf(i));
    return Math.round((memory(child) - before) / count);
  }
  const alike = await each(() => ({ tags: ['tickets'] }));
  const own = await each((i) => ({ tags: kTags.filter((_, bit) => (i + 1) >> bit & 1) }));
  await stop(child);
  return { alike, own };
}
