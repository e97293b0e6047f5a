// An API that is well (the sandbox behind it answers) or does something bad to whoever asks.
import { createServer, connect } from 'node:net';
import { gzipSync } from 'node:zlib';

const kHead = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
const chunk = (text) => `${text.length.toString(16)}\r\n${text}\r\n`;
// Writes it again and again, as fast as it is taken.
function endlessly(socket, text) {
  const write = () => { while (!socket.destroyed && socket.write(text)); };
  socket.on('drain', write);
  write();
}
const kBomb = gzipSync(Buffer.alloc(64 << 20, ' '));

export const bad = {
  'hangs': () => {},
  'resets the connection': (socket) => socket.resetAndDestroy(),
  'closes it without a word': (socket) => socket.end(),
  'sends garbage': (socket) => socket.end(Buffer.from('\x00\xff\xfeNo HTTP at all\r\n\r\n'.repeat(20), 'latin1')),
  'sends half a head': (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Ty'),
  'sends half a body': (socket) => socket.end(`${kHead}Content-Length: 1000\r\n\r\n{"id": 50`),
  'sends a body that never ends': (socket) => { socket.write(`${kHead}Transfer-Encoding: chunked\r\n\r\n`); endlessly(socket, chunk('"'.padEnd(60_000, 'x'))); },
  'announces a huge body': (socket) => { socket.write(`${kHead}Content-Length: 9000000000\r\n\r\n`); endlessly(socket, 'x'.repeat(60_000)); },
  'sends headers that never end': (socket) => { socket.write('HTTP/1.1 200 OK\r\n'); endlessly(socket, 'X-More: of the same\r\n'.repeat(500)); },
  'sends a byte now and then': (socket) => {
    socket.write(`${kHead}Content-Length: 100000\r\n\r\n`);
    const drips = setInterval(() => socket.write(' '), 100);
    socket.on('close', () => clearInterval(drips));
  },
  'sends what unpacks to 64 MiB': (socket) => {
    socket.write(`${kHead}Content-Encoding: gzip\r\nContent-Length: ${kBomb.length}\r\n\r\n`);
    socket.end(kBomb);
  },
  'sends a hundred thousand brackets': (socket) => socket.end(`${kHead}Content-Length: 100000\r\n\r\n${'['.repeat(100_000)}`),
  'sends a page for people': (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 22\r\n\r\n<html>Maintenance</html>'.slice(0, -2)),
};

export class Api {
  #bad;
  #sockets = new Set();
  static async start(t, url) {
    const api = new Api();
    const { port } = new URL(url);
    const server = createServer((client) => api.#serve(client, Number(port)));
    await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
    api.url = `http://127.0.0.1:${server.address().port}`;
    t.after(() => { server.close(); for (const socket of api.#sockets) socket.destroy(); });
    return api;
  }
  // From the next request on, also on connections that are open.
  does(what) { this.#bad = what && bad[what]; }

  #serve(client, port) {
    const real = connect(port, '127.0.0.1');
    let spoiled = false;
    for (const socket of [client, real]) {
      this.#sockets.add(socket);
      socket.on('error', () => {}).on('close', () => { this.#sockets.delete(socket); client.destroy(); real.destroy(); });
    }
    client.on('data', (bytes) => {
      if (spoiled) return;
      if (!this.#bad) { real.write(bytes); return; }
      spoiled = true;
      this.#bad(client);
    });
    real.on('data', (bytes) => { if (!spoiled) client.write(bytes); });
  }
}
