// What a minted MCP server costs in memory: one of many with the same choice of tools, and one with
// a choice of its own.
import { join } from 'node:path';
import { mcpRequest, once } from '../lib/load.mjs';
import { memory } from '../lib/processes.mjs';
import { connectwise, minting, startPlain } from './instance.mjs';

const kTags = ['assets', 'billing', 'crm', 'directory', 'dispatch', 'expenses', 'finance', 'procurement',
  'projects', 'sales', 'support', 'tickets'];

export async function memoryOfServers(binary, directory, upstream, count) {
  const plain = await startPlain(binary, join(directory, 'servers'));
  const mint = minting(plain.post, await plain.post('/integrated-account', connectwise(upstream)), {});
  // Each is used once: what it needs for that it has from then on.
  const used = async (config) => once(mcpRequest((await mint(config)).url, 'tools/list'));
  async function each(configOf) {
    await used(configOf(0));
    const before = memory(plain.child);
    for (let i = 1; i <= count; ++i) await used(configOf(i));
    return Math.round((memory(plain.child) - before) / count);
  }
  const alike = await each(() => ({ tags: ['tickets'] }));
  const own = await each((i) => ({ tags: kTags.filter((_, bit) => (i + 1) >> bit & 1) }));
  await plain.stop();
  return { alike, own };
}
