// A session with PostgreSQL over its socket, as little of the protocol as the simulation of many nodes needs: simple
// queries, their rows as text, and notifications. Format: "Frontend/Backend Protocol" of PostgreSQL's manual, version 3.
import { connect } from 'node:net';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export class Session {
  onNotification = () => {};
  #socket;
  #rest = Buffer.alloc(0);
  #waiting = [];  // {done, failed, rows}

  // `folder`: where the socket lies. Whoever comes there is trusted.
  static async open(folder, database) {
    const file = readdirSync(folder).find((name) => /^\.s\.PGSQL\.\d+$/.test(name));
    if (!file) throw new Error(`no socket of PostgreSQL in ${folder}`);
    const session = new Session();
    session.#socket = connect(join(folder, file));
    session.#socket.on('data', (bytes) => session.#read(bytes));
    const text = Buffer.from(`user\0postgres\0database\0${database}\0options\0-csearch_path=patchbay\0\0`);
    const head = Buffer.alloc(8);
    head.writeInt32BE(8 + text.length, 0);
    head.writeInt32BE(196_608, 4);
    await session.#expect(Buffer.concat([head, text]));
    return session;
  }

  #expect(bytes) {
    return new Promise((done, failed) => {
      this.#waiting.push({ done, failed, rows: [] });
      this.#socket.write(bytes);
    });
  }
  // Rows, each as a list of texts.
  query(sql) {
    const text = Buffer.from(`${sql}\0`);
    const head = Buffer.from('Q\0\0\0\0');
    head.writeInt32BE(4 + text.length, 1);
    return this.#expect(Buffer.concat([head, text]));
  }
  close() { this.#socket.destroy(); }

  #read(bytes) {
    let all = this.#rest.length ? Buffer.concat([this.#rest, bytes]) : bytes;
    while (all.length >= 5 && all.length > all.readInt32BE(1)) {
      const end = 1 + all.readInt32BE(1);
      this.#take(String.fromCharCode(all[0]), all.subarray(5, end));
      all = all.subarray(end);
    }
    this.#rest = all;
  }
  #take(kind, body) {
    const [first] = this.#waiting;
    switch (kind) {
      case 'D': first.rows.push(Session.#row(body)); break;
      case 'E': first.error = new Error(body.toString().replaceAll('\0', ' ')); break;
      case 'A': this.onNotification(); break;
      case 'Z': {
        this.#waiting.shift();
        if (first.error) first.failed(first.error);
        else first.done(first.rows);
        break;
      }
      default:
    }
  }
  static #row(body) {
    const row = [];
    for (let at = 2, left = body.readInt16BE(0); left > 0; --left) {
      const length = body.readInt32BE(at);
      row.push(length < 0 ? null : body.toString('latin1', at + 4, at + 4 + length));
      at += 4 + Math.max(0, length);
    }
    return row;
  }
}
