// The admin REST API, as a platform engineer would call it.
import assert from 'node:assert/strict';

export class Admin {
  constructor(url, token) { this.url = url; this.token = token; }

  as(token) { return new Admin(this.url, token); }

  // {status, body, headers, text}; never throws for a status.
  async request(method, path, body, headers = {}) {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(this.token && { authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    let json;
    try { json = JSON.parse(text); } catch { /* the test sees the text */ }
    return { status: response.status, body: json, text, headers: response.headers };
  }

  async #expecting(status, method, path, body) {
    const answer = await this.request(method, path, body);
    assert.equal(answer.status, status, `${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.body;
  }

  get(path) { return this.#expecting(200, 'GET', path); }
  create(path, body) { return this.#expecting(201, 'POST', path, body); }
  change(path, body) { return this.#expecting(200, 'PATCH', path, body); }
  remove(path) { return this.#expecting(200, 'DELETE', path); }

  // A request that must be refused with this status: the error body.
  async refused(status, method, path, body) {
    const answer = await this.#expecting(status, method, path, body);
    assert.equal(answer?.statusCode, status);
    assert.ok(answer.message, 'an error says what is wrong');
    return answer;
  }
}
