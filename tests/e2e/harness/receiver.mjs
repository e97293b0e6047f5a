// A receiver of webhooks, as a customer writes one: what it takes is verified by the convention's own
// library, which shares no code with ours.
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

export class Receiver {
  got = [];  // {id, at, body, headers, message}: `message` where the signature is right
  secrets = [];  // that are known; the latest counts
  answer = () => 200;  // for a request: a status, {status, headers}, or null for no answer at all
  #listeners = new Set();

  static async start(t) {
    const receiver = new Receiver();
    receiver.server = createServer((request, response) => receiver.#take(request, response));
    await new Promise((done) => receiver.server.listen(0, '127.0.0.1', done));
    t.after(() => { receiver.server.closeAllConnections(); receiver.server.close(); });
    receiver.url = `http://127.0.0.1:${receiver.server.address().port}`;
    return receiver;
  }

  async #take(request, response) {
    let body = '';
    for await (const piece of request.setEncoding('utf8')) body += piece;
    const { headers } = request;
    const one = { id: headers['webhook-id'], at: Date.now(), path: request.url, method: request.method, body, headers };
    for (const secret of this.secrets) {
      try { one.message = new Webhook(secret).verify(body, headers); } catch { /* not by this one */ }
    }
    this.got.push(one);
    for (const listener of this.#listeners) listener();
    const answer = await this.answer(one, this.got.filter(({ id }) => id === one.id).length);
    if (answer === null) return;
    const { status = 200, headers: more = {}, text = '' } = typeof answer === 'number' ? { status: answer } : answer;
    response.writeHead(status, more).end(text);
  }

  // As soon as `look()` is something.
  until(what, look, seconds = 20) {
    return new Promise((done, fail) => {
      const check = () => {
        const found = look();
        if (!found) return;
        clearTimeout(timer);
        this.#listeners.delete(check);
        done(found);
      };
      const timer = setTimeout(() => {
        this.#listeners.delete(check);
        fail(new Error(`not within ${seconds} s: ${what}; got ${JSON.stringify(this.got.map(({ id, message }) => [id, message?.type]))}`));
      }, seconds * 1000);
      this.#listeners.add(check);
      check();
    });
  }
  of(type) { return this.got.filter(({ message }) => message?.type === type); }
  one(type, seconds) { return this.until(`one ${type}`, () => this.of(type)[0], seconds); }
}

// A webhook that tells the receiver; the receiver knows its secret.
export async function tell(admin, receiver, events, more = {}) {
  const made = await admin.create('/webhook', { url: `${receiver.url}/hooks?from=patchbay`, events, ...more });
  receiver.secrets.push(made.secret);
  return made;
}

// As soon as a delivery is as `look` wants it.
export async function delivery(admin, webhook, look, seconds = 20) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const { result } = await admin.get(`/webhook/${webhook.id}/deliveries`);
    const found = result.find(look);
    if (found) return found;
    if (Date.now() > end) throw new Error(`no such delivery within ${seconds} s: ${JSON.stringify(result)}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
