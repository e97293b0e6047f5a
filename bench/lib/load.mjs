// One measurement: wrk on a request, checked before and after, so that no error counts as speed.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cores, processorTime } from './processes.mjs';

const script = new URL('../wrk/request.lua', import.meta.url).pathname;

// A JSON-RPC request in the newest era, with the headers that mirror it.
export function mcpRequest(url, method, params = {}) {
  const version = '2026-07-28';
  const prefix = 'io.modelcontextprotocol';
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': version,
    'mcp-method': method,
    ...(params.name && { 'mcp-name': params.name }),
  };
  const _meta = {
    [`${prefix}/protocolVersion`]: version,
    [`${prefix}/clientCapabilities`]: {},
    [`${prefix}/clientInfo`]: { name: 'bench', version: '1' },
  };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } });
  return { url, method: 'POST', headers, body };
}

export const getRequest = (url) => ({ url, method: 'GET' });

// The answer's text. Over TLS it takes any certificate: the benchmark made it itself.
export function once({ url, method, headers = {}, body }) {
  const { request } = url.startsWith('https:') ? https : http;
  return new Promise((done, failed) => {
    const sent = request(url, { method, agent: false, rejectUnauthorized: false, headers: { ...headers,
      ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }) } }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('error', failed);
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString();
        if (answer.statusCode < 300) done(text);
        else failed(new Error(`${method} answered ${answer.statusCode}: ${text.slice(0, 500)}`));
      });
    });
    sent.on('error', failed);
    sent.end(body);
  });
}

async function wrk(directory, request, connections, seconds) {
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', script,
    request.url, '--', request.method];
  if (request.body) {
    const headers = join(directory, 'headers.txt');
    const body = join(directory, 'body.txt');
    writeFileSync(headers,
      Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`).join('\n'));
    writeFileSync(body, request.body);
    args.push(headers, body);
  }
  const { stdout } = await promisify(execFile)('taskset', ['-c', cores.rest, 'wrk', ...args]);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

// `check(text)` throws when the answer is not what is being measured; `child` is who answers.
export async function measure(directory, request, { child, connections, seconds, check }) {
  check(await once(request));
  await wrk(directory, request, connections, 1);  // caches and pools are warm, code is compiled
  const before = processorTime(child);
  const outcome = await wrk(directory, request, connections, seconds);
  const used = processorTime(child) - before;
  check(await once(request));
  if (outcome.refused || outcome.broken) {
    throw new Error(`${outcome.refused} refused and ${outcome.broken} broken requests`);
  }
  return {
    perSecond: outcome.requests / outcome.seconds,
    p50: outcome.p50_us / 1000,
    p99: outcome.p99_us / 1000,
    processor: (used / outcome.requests) * 1e6,  // microseconds a request
  };
}
