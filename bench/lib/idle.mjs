// What an idle keep-alive connection costs: memory before and after holding many, each of which
// has made one request.
import { connect } from 'node:net';
import { memory } from './processes.mjs';

function openAfterOneRequest({ url, headers, body }) {
  const { hostname, port, pathname } = new URL(url);
  const lines = Object.entries({ host: `${hostname}:${port}`, ...headers,
    'content-length': Buffer.byteLength(body) }).map(([name, value]) => `${name}: ${value}`);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(`POST ${pathname} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
    });
    let expected = 0;
    let got = 0;
    socket.on('data', (chunk) => {
      got += chunk.length;
      if (!expected) {
        const head = chunk.toString('latin1').split('\r\n\r\n')[0];
        const length = head.match(/content-length: *(\d+)/i);
        if (!length) return reject(new Error(`no content-length in: ${head}`));
        expected = head.length + 4 + Number(length[1]);
      }
      if (got >= expected) resolve(socket);
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed before the answer was whole')));
  });
}

export async function holdIdle(child, request, count) {
  await openAfterOneRequest(request);
  const before = memory(child);
  const held = [];
  while (held.length < count) {
    held.push(...await Promise.all(Array.from({ length: 50 }, () => openAfterOneRequest(request))));
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
  const after = memory(child);
  for (const socket of held) socket.destroy();
  return Math.max(0, after - before) / held.length;
}
