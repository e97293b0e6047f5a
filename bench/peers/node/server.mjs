// The same job in Node, with the official SDK: fetch tickets, drop nulls, answer.
//
//   node server.mjs <upstream origin>      prints its own origin, ends on SIGTERM
//
// Written to be fast, not to be a straw man: the stateless handler in JSON mode, pooled upstream
// connections, no framework, one pass over the parsed records.
import { Agent, createServer, get } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

const upstream = process.argv[2];
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

function fetchJson(path) {
  return new Promise((resolve, reject) => {
    const request = get(upstream + '/v4_6_release/apis/3.0' + path, { agent }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

function withoutNulls(value) {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = {};
  for (const name in value) {
    if (value[name] !== null) kept[name] = withoutNulls(value[name]);
  }
  return kept;
}

const asText = (value) => ({ content: [{ type: 'text', text: JSON.stringify(value) }] });
const listArguments = z.object({ board: z.string().optional(), limit: z.number().optional() });
const getArguments = z.object({ id: z.number() });

function makeServer() {
  const server = new McpServer({ name: 'node-peer', version: '1.0.0' });
  server.registerTool(
    'list_tickets',
    { description: 'List tickets, newest first.', inputSchema: listArguments },
    async ({ limit = 25 }) => {
      const records = withoutNulls(await fetchJson(`/service/tickets?pageSize=${limit}`));
      return asText({ result: records, result_count: records.length });
    },
  );
  server.registerTool(
    'get_ticket',
    { description: 'Get one ticket.', inputSchema: getArguments },
    async ({ id }) => asText(withoutNulls(await fetchJson(`/service/tickets/${id}`))),
  );
  server.registerTool(
    'list_boards',
    { description: 'List boards.', inputSchema: z.object({}) },
    async () => asText(withoutNulls(await fetchJson('/service/boards'))),
  );
  return server;
}

const server = createServer(toNodeHandler(createMcpHandler(makeServer, { responseMode: 'json' })));
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
process.on('SIGTERM', () => process.exit(0));
