// Requests that no client library would send, or of which the test wants to see every byte.
import { connect } from 'node:net';

const kPrefix = 'io.modelcontextprotocol';

// A tools/call as a 2025 client writes it.
export const legacyCall = (name, args, id = 1) =>
  ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args } });

// Any request as a 2026-07-28 client writes it: {headers, body}.
export function modernRequest(method, params = {}, id = 1) {
  const version = '2026-07-28';
  return {
    headers: {
      'mcp-protocol-version': version,
      'mcp-method': method,
      ...(params.name && { 'mcp-name': params.name }),
    },
    body: { jsonrpc: '2.0', id, method, params: { ...params, _meta: {
      [`${kPrefix}/protocolVersion`]: version,
      [`${kPrefix}/clientCapabilities`]: {},
      [`${kPrefix}/clientInfo`]: { name: 'e2e', version: '1' },
    } } },
  };
}

// POSTs to an MCP URL: {status, headers, body, text}. `body` may be bytes, text or an object.
export async function post(url, body, headers = {}) {
  const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json',
      accept: 'application/json, text/event-stream', ...headers },
    body: bytes,
  });
  const text = await response.text();
  let json;
  try { json = JSON.parse(text); } catch { /* the test sees the text */ }
  return { status: response.status, headers: response.headers, body: json, text };
}

// Sends bytes on a connection of their own and resolves with all that comes back until it closes.
export function sendBytes(url, bytes, milliseconds = 5000) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    const end = () => { socket.destroy(); resolve(answer); };
    socket.on('data', (chunk) => { answer += chunk.toString('latin1'); });
    socket.on('close', end).on('error', end);
    socket.setTimeout(milliseconds, end);
  });
}
