// A `patchbay serve` that was started, and requests to it: `child`, `url`, `token`.
import { Agent, request } from 'node:http';
import { stop } from '../lib/processes.mjs';

export class Instance {
  #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  stop() {
    this.#agent.destroy();
    return stop(this.child);
  }

  // On the one connection that all requests take. {status, text}
  send({ url, method = 'POST', headers = {}, body = '' }) {
    return new Promise((done, failed) => {
      const sent = request(url, { method, agent: this.#agent,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) } }, (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('end', () => done({ status: answer.statusCode,
          text: Buffer.concat(parts).toString() }));
      });
      sent.on('error', failed);
      sent.end(body);
    });
  }

  adminRequest(method, path, body) {
    return { url: this.url + path, method, body: body && JSON.stringify(body),
      headers: { authorization: `Bearer ${this.token}`,
        ...(body && { 'content-type': 'application/json' }) } };
  }

  async post(path, body) {
    const { status, text } = await this.send(this.adminRequest('POST', path, body));
    if (status !== 201) throw new Error(`POST ${path}: ${text}`);
    return JSON.parse(text);
  }
}
