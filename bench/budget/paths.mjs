// The paths that a user has, each with what makes one request of it and what its answer must be.
import { mcpRequest } from '../lib/load.mjs';

const kPrefix = 'connect_wise_psa';
const kWhole = { public_key: 'public', private_key: 'private', company_id: 'bench',
  client_id: '00000000-0000-4000-8000-000000000000' };

function result(text) {
  const { result: told, error } = JSON.parse(text);
  if (error) throw new Error(text.slice(0, 500));
  return told;
}
function data(text) {
  const told = result(text);
  if (told.isError) throw new Error(text.slice(0, 1000));
  return JSON.parse(told.content[0].text);
}
const refusal = (code) => (text) => {
  const told = result(text);
  return told.isError && told.content[0].text.includes(code);
};

// The initialize request that older clients begin with.
const initialize = (url) => ({ url, method: 'POST',
  headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
  body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: {
    protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bench', version: '1' } } }),
});

// `whole`, `chosen`: origins of stubs; `sandbox`: what `patchbay sandbox --json` tells.
export async function paths(program, { whole, chosen, sandbox }) {
  const mint = async (name, credentials) => {
    const account = await program.post('/integrated-account', {
      integration: 'connectwise_psa', tenant_id: 'bench', name, credentials });
    const server = await program.post(`/integrated-account/${account.id}/mcp`, {
      name, config: { max_result_bytes: 1_000_000 }, expires_at: null });
    return (tool, args) => mcpRequest(server.url, 'tools/call', { name: tool, arguments: args });
  };
  const large = await mint('whole', { ...kWhole, site: whole });
  const usual = await mint('chosen', { ...kWhole, site: chosen });
  const { sandbox_url: url, ...credentials } = sandbox;
  const real = await mint('sandbox', { ...credentials, site: url });
  const { url: mcp } = real('x', {});
  const list = `list_all_${kPrefix}_tickets`;
  const get = `get_single_${kPrefix}_ticket_by_id`;
  let made = 0;
  return {
    'tools/list': { request: () => mcpRequest(mcp, 'tools/list'),
      check: (text) => result(text).tools.length >= 268 },
    'server/discover': { request: () => mcpRequest(mcp, 'server/discover'),
      check: (text) => result(text).capabilities },
    initialize: { request: () => initialize(mcp), check: (text) => result(text).protocolVersion },
    'one record of 7 KB': { request: () => large(get, { id: 90000 }),
      check: (text) => data(text).id === 90000 },
    '25 tickets of 7 KB': { request: () => large(list, { companyId: 7, limit: 25 }), calls: 10,
      check: (text) => data(text).result.length === 25 },
    '25 tickets, default fields': { request: () => usual(list, { companyId: 7, limit: 25 }), calls: 10,
      check: (text) => data(text).result.length === 25 },
    '25 tickets with custom fields': { request: () => usual(list, { companyId: 7, limit: 25,
      fields: ['id', 'summary', 'board', 'status', 'company', 'customFields'] }), calls: 10,
    check: (text) => data(text).result[24].customFields['Field 1'] === 'Value 1' },
    'a count': { request: () => real(list, { closed: false, count: true }),
      check: (text) => data(text).count > 0 },
    // Of no word that one before it has: what is alike would be more with each.
    'a create by names': { request: () => real(`create_a_${kPrefix}_ticket`, {
      summary: `Printer${1_000 + ++made} is silent`, board: 'Triage', company: 'Summit Dental Group',
      priority: 'High' }), calls: 10,
    check: (text) => data(text).id > 0 },
    'an update': { calls: 10, request: () => real(`update_a_${kPrefix}_ticket_by_id`, {
      id: 5012, summary: `Server running slow, seen ${++made} times` }),
    check: (text) => data(text).id === 5012 },
    'a refused argument': { request: () => real(list, { companyId: 'none such', closed: 'maybe' }),
      check: refusal('closed') },
    "an upstream's error": { request: () => real(get, { id: 999_999_999 }), check: refusal('not') },
    'a composite': { request: () => real(`${kPrefix}_tickets_brief`, { ticketId: 5012 }), calls: 10,
      check: (text) => data(text).ticket.id === 5012 },
    'an unknown token': { request: () => mcpRequest(mcp.replace(/[^/]{8}$/, 'AAAAAAAA'), 'tools/list'),
      status: 404, check: () => true },
    'a page of the admin list': { request: () => program.adminRequest('GET', '/integrated-account'),
      check: (text) => JSON.parse(text) },
  };
}
