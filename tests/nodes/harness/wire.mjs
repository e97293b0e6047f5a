// A wire between a node and its database that can be cut, fall silent or be slow: all of it, the connection on which
// changes are heard, or all but that one.
import { connect, createServer } from 'node:net';

const kListens = 'LISTEN patchbay_change';

export class Wire {
  #pairs = new Set();
  #server;
  #what = () => false;
  #how = 'cut';
  #delay = 0;

  static async start(t, port) {
    const wire = new Wire();
    wire.#server = createServer((client) => wire.#join(client, connect(port, '127.0.0.1')));
    await new Promise((done) => { wire.#server.listen(0, '127.0.0.1', done); });
    wire.port = wire.#server.address().port;
    t.after(() => {
      wire.#server.close();
      for (const pair of wire.#pairs) Wire.#cut(pair);
    });
    return wire;
  }

  static #cut({ client, server }) {
    client.destroy();
    server.destroy();
  }

  #join(client, server) {
    const pair = { client, server, listens: false };
    this.#pairs.add(pair);
    const pass = (to) => (bytes) => {
      if (to === server && bytes.includes(kListens)) pair.listens = true;
      if (!this.#what(pair)) this.#later(() => to.write(bytes));
      else if (this.#how === 'cut') Wire.#cut(pair);
    };
    const ends = () => { Wire.#cut(pair); this.#pairs.delete(pair); };
    client.on('data', pass(server)).on('error', ends).on('close', ends);
    server.on('data', pass(client)).on('error', ends).on('close', ends);
  }

  // What arrives does so that much later, in its order.
  delay(milliseconds) { this.#delay = milliseconds; }
  #later(write) {
    if (this.#delay) setTimeout(write, this.#delay);
    else write();
  }

  // Whether changes are heard on it.
  get listens() { return [...this.#pairs].some((pair) => pair.listens); }

  // `how`: 'cut', or 'silent': nothing arrives any more, and nobody is told.
  #fail(what, how) {
    this.#what = what;
    this.#how = how;
    for (const pair of this.#pairs) if (how === 'cut' && what(pair)) Wire.#cut(pair);
  }
  failAll(how) { this.#fail(() => true, how); }
  failListening(how) { this.#fail((pair) => pair.listens, how); }
  // What is not known to listen: also one that is only about to.
  failOthers(how) { this.#fail((pair) => !pair.listens, how); }
  mend() {
    // Of what went by in silence nobody knows the rest.
    for (const pair of this.#pairs) if (this.#how === 'silent' && this.#what(pair)) Wire.#cut(pair);
    this.#what = () => false;
  }
}
