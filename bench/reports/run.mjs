// What reports cost on a large PSA: seconds, memory and requests of the server, beside reading the
// same rows by pages of the list. The sandbox is a process of its own. Prints Markdown.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { mcpRequest, once } from '../lib/load.mjs';
import { start, stop } from '../lib/processes.mjs';
import { aligned } from '../lib/table.mjs';

const { values: options } = parseArgs({ options: { scale: { type: 'string', default: '25' } } });
const root = new URL('../..', import.meta.url).pathname;
const binary = resolve(root, process.env.PATCHBAY_BIN ?? 'build/release/patchbay');
if (!existsSync(binary)) throw new Error(`there is no ${binary}: run \`make build\``);
const kPrefix = 'connect_wise_psa';
const list = (resource) => `list_all_${kPrefix}_${resource}`;
const parsed = (output) => { try { return JSON.parse(output); } catch { return undefined; } };
const number = (n) => n.toLocaleString('en');
const folder = mkdtempSync(join(tmpdir(), 'patchbay-reports-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const sandbox = await start('0-1023', binary, ['sandbox', '--json', '--port', '0', '--scale', options.scale],
  { ready: parsed, seconds: 300 });
const keyFile = join(folder, 'patchbay.key');
execFileSync(binary, ['key', 'new', keyFile]);
const server = await start('0-1023', binary, ['serve', '--port', '0', '--data-dir', join(folder, 'data'),
  '--key-file', keyFile, '--allow-loopback-upstreams', '--loops', '1'],
{ ready: (output) => output.match(/"message":"serving".*?"url":"([^"]+)"/)?.[1] });
const authorization = `Bearer ${readFileSync(join(folder, 'data', 'first-api-token'), 'utf8').trim()}`;

const post = async (path, body) => JSON.parse(await once({ url: server.value + path, method: 'POST',
  headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify(body) }));
const account = await post('/integrated-account', { integration: 'connectwise_psa', tenant_id: 'bench',
  name: 'Sandbox', credentials: { site: sandbox.value.url, company_id: 'patchbay',
    public_key: 'demo-public-key', private_key: 'demo-private-key',
    client_id: '00000000-0000-4000-8000-00000000d3a0' } });
const { url } = await post(`/integrated-account/${account.id}/mcp`,
  { name: 'reports', config: { max_result_bytes: 1_000_000 }, expires_at: null });

// Requests to the account's API until now.
async function sent() {
  const text = await once({ url: `${server.value}/metrics`, method: 'GET', headers: { authorization } });
  return [...text.matchAll(/^patchbay_account_requests_total\{[^}]*\} (\d+)/gm)]
    .reduce((sum, [, count]) => sum + Number(count), 0);
}

const status = () => readFileSync(`/proc/${server.child.pid}/status`, 'utf8');
const kilobytes = (name) => Number(status().match(new RegExp(`${name}:\\s+(\\d+)`))[1]);

// A call that takes long is answered by an event stream.
async function call(name, args) {
  const text = await once(mcpRequest(url, 'tools/call', { name, arguments: args }));
  const data = text.split('\n').filter((line) => line.startsWith('data: ')).map((line) => line.slice(6));
  const messages = (data.length > 0 ? data : [text]).map(parsed).filter((each) => each?.result ?? each?.error);
  const { result, error } = messages.at(-1) ?? {};
  if (error || result === undefined || result.isError) {
    throw new Error(`${name}: ${JSON.stringify(error ?? result ?? text.slice(0, 500))}`);
  }
  return result.content.map((part) => part.text).join('\n');
}

const rows = [['report', 'rows', 'seconds', 'requests', 'peak memory, MB', 'answer, bytes']];
async function measure(what, resource, args) {
  const before = await sent();
  const began = performance.now();
  const text = await call(list(resource), args);
  const seconds = (performance.now() - began) / 1000;
  const report = JSON.parse(text);
  rows.push([what, number(report.total.count), seconds.toFixed(2), number(await sent() - before),
    (kilobytes('VmHWM') / 1000).toFixed(0), number(Buffer.byteLength(text))]);
}

const idle = kilobytes('VmRSS') / 1000;
await measure('tickets by board and status', 'tickets', { groupBy: ['board', 'status'] });
await measure('hours to resolve by month: average, median, p90', 'tickets', {
  groupBy: ['created:month'], measures: ['avg hoursToResolve', 'median hoursToResolve', 'p90 hoursToResolve'] });
const monthAgo = new Date(Date.now() - 30 * 86_400_000).toISOString();
await measure('hours by member and week, of a month', 'time_entries', {
  startAfter: monthAgo, groupBy: ['member', 'start:week'], measures: ['actualHours', 'share actualHours', 'amount'] });
await measure('closed without time, by owner', 'tickets', {
  closed: true, where: 'loggedHours = 0', groupBy: ['owner'] });
await measure('margin of every agreement', 'agreements', {
  cancelled: false, groupBy: ['agreement'], measures: ['cycleMargin'] });

console.log(`Scale ${options.scale}; the server alone uses ${idle.toFixed(0)} MB before the first report.\n`);
console.log(aligned(rows));
await stop(server.child);
await stop(sandbox.child);
