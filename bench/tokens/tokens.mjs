// What answers and listings cost a model, in tokens: the upstream's own JSON beside ours, and
// tools/list of each tag. On the demo's data. Prints Markdown; fails when a bar is not met.
//
//   bench/tokens/run.sh [--top 10]
import { parseArgs } from 'node:util';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { start, stop } from '../lib/processes.mjs';
import { mcpRequest, once } from '../lib/load.mjs';
import { aligned } from '../lib/table.mjs';

const { values: options } = parseArgs({ options: { top: { type: 'string', default: '10' } } });
const root = new URL('../..', import.meta.url).pathname;
const binary = process.env.PATCHBAY_BIN ?? `${root}build/release/patchbay`;
const kPrefix = 'connect_wise_psa';
const kApi = '/v4_6_release/apis/3.0';
const kTicketBar = 3000;
const kListingBar = 48_000;

const { child, value: demo } = await start('0-1023', binary,
  ['demo', '--all-tools', '--port', '0', '--sandbox-port', '0', '--json'],
  { ready: (output) => { try { return JSON.parse(output); } catch { return undefined; } } });

const number = (n) => n.toLocaleString('en');
const kilobytes = (text) => `${(Buffer.byteLength(text) / 1000).toFixed(1)} KB`;

// What the upstream says, byte for byte. Several targets: all that answers the same question.
async function raw(...targets) {
  const { company_id, public_key, private_key, client_id } = demo.sandbox;
  const credentials = Buffer.from(`${company_id}+${public_key}:${private_key}`).toString('base64');
  const texts = await Promise.all(targets.map((target) => once({
    url: demo.sandbox_url + kApi + target,
    method: 'GET',
    headers: { authorization: `Basic ${credentials}`, clientId: client_id },
  })));
  return texts.join('\n');
}

// The text that a model gets from a tool: all of it, as the raw one is, from a server that cuts nothing.
let uncut;
async function ours(name, args) {
  uncut ??= await mint({ max_result_bytes: 1_000_000 });
  const { result, error } = JSON.parse(
    await once(mcpRequest(uncut, 'tools/call', { name, arguments: args })));
  if (error || result.isError) throw new Error(`${name}: ${JSON.stringify(error ?? result)}`);
  return result.content.map((part) => part.text).join('\n');
}

// The URL of an MCP server of its own.
async function mint(config) {
  const response = await fetch(
    `${demo.admin_url}/integrated-account/${demo.integrated_account_id}/mcp`, {
      method: 'POST',
      headers: { authorization: `Bearer ${demo.api_token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'tokens', config, expires_at: null }),
    });
  if (response.status !== 201) throw new Error(await response.text());
  return (await response.json()).url;
}

async function toolsOf(config) {
  const url = await mint(config);
  return JSON.parse(await once(mcpRequest(url, 'tools/list'))).result.tools;
}

// Of a listing, what clients hand to the model. Titles and hints are for the people before it.
const forModel = ({ name, description, inputSchema }) =>
  JSON.stringify({ name, description, inputSchema });
const cost = (tool) => countTokens(forModel(tool));
const total = (tools) => tools.reduce((sum, tool) => sum + cost(tool), 0);

async function answers() {
  const rows = [['asked for', 'raw', 'ours', 'raw tokens', 'our tokens', 'of raw']];
  const measured = {};
  async function compare(what, rawText, ourText) {
    const [before, after] = [countTokens(rawText), countTokens(ourText)];
    measured[what] = after;
    rows.push([what, kilobytes(rawText), kilobytes(ourText), number(before), number(after),
      `${(100 * after / before).toFixed(1)} %`]);
  }
  const newest = 'orderBy=id%20desc';
  await compare('25 tickets', await raw(`/service/tickets?pageSize=25&${newest}`),
    await ours(`list_all_${kPrefix}_tickets`, { limit: 25 }));
  await compare('one ticket with notes',
    await raw('/service/tickets/40592', '/service/tickets/40592/notes?pageSize=25'),
    await ours(`get_single_${kPrefix}_ticket_by_id`, { id: 40592, includeNotes: true }));
  await compare('100 time entries',
    await raw('/time/entries?pageSize=100&orderBy=timeStart%20desc,id%20desc'),
    await ours(`list_all_${kPrefix}_time_entries`, { limit: 100 }));
  const opportunities = await raw(`/sales/opportunities?pageSize=50&${newest}`);
  await compare('50 opportunities', opportunities,
    await ours(`list_all_${kPrefix}_sales_opportunities`, { limit: 50, orderBy: 'id desc' }));
  const forecasts = JSON.parse(opportunities).slice(0, 25)
    .map(({ id }) => `/sales/opportunities/${id}/forecast`);
  await compare('25 opportunities with forecasts',
    await raw(`/sales/opportunities?pageSize=25&${newest}`, ...forecasts),
    await ours(`list_all_${kPrefix}_sales_opportunities`,
      { limit: 25, orderBy: 'id desc', includeForecast: true }));
  return { text: aligned(rows), measured };
}

async function listings(tools) {
  const rows = [['tools/list', 'tools', 'tokens', 'a tool', 'with titles and hints']];
  const row = (what, some) => rows.push([what, String(some.length), number(total(some)),
    number(Math.round(total(some) / some.length)), number(countTokens(JSON.stringify(some)))]);
  const response = await fetch(
    `${demo.admin_url}/integrated-account/${demo.integrated_account_id}/capabilities`,
    { headers: { authorization: `Bearer ${demo.api_token}` } });
  const { tags } = await response.json();
  for (const tag of tags.map((each) => each.name ?? each).sort()) {
    row(`tag \`${tag}\``, await toolsOf({ tags: [tag] }));
  }
  row('methods `read`', await toolsOf({ methods: ['read'] }));
  row('all', tools);
  return aligned(rows);
}

function costliest(tools) {
  const rows = [['costliest tools', 'tokens', 'description', 'arguments', 'schema']];
  for (const tool of tools.toSorted((a, b) => cost(b) - cost(a)).slice(0, Number(options.top))) {
    rows.push([`\`${tool.name}\``, number(cost(tool)), number(countTokens(tool.description)),
      String(Object.keys(tool.inputSchema.properties).length),
      number(countTokens(JSON.stringify(tool.inputSchema)))]);
  }
  return aligned(rows);
}

const tools = await toolsOf({});
const { text, measured } = await answers();
console.log(`${text}\n\n${await listings(tools)}\n\n${costliest(tools)}`);
await stop(child);

const bars = [['25 tickets', measured['25 tickets'], kTicketBar],
  ['all tools', total(tools), kListingBar]];
for (const [what, tokens, bar] of bars) {
  if (tokens <= bar) continue;
  console.error(`${what}: ${number(tokens)} tokens, and at most ${number(bar)} are allowed`);
  process.exitCode = 1;
}
