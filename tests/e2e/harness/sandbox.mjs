// The sandbox's own REST API: the second opinion on everything that a tool call says or does.
import assert from 'node:assert/strict';

export class Sandbox {
  constructor(url, { company_id, public_key, private_key, client_id }) {
    this.url = url;
    const secret = Buffer.from(`${company_id}+${public_key}:${private_key}`).toString('base64');
    this.headers = { authorization: `Basic ${secret}`, clientId: client_id };
  }

  // {status, body, headers}; never throws for a status.
  async request(method, path, { query = {}, body } = {}) {
    const url = new URL(`${this.url}/v4_6_release/apis/3.0${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const response = await fetch(url, {
      method,
      headers: { ...this.headers, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : undefined,
      headers: response.headers };
  }

  async #ok(method, path, options) {
    const answer = await this.request(method, path, options);
    assert.ok(answer.status < 300, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  get(path, query) { return this.#ok('GET', path, { query }); }
  post(path, body) { return this.#ok('POST', path, { body }); }
  patch(path, operations) { return this.#ok('PATCH', path, { body: operations }); }

  // Every record that meets the conditions, in the order of its id.
  async all(path, conditions = '') {
    const records = [];
    for (let page = 1; ; ++page) {
      const query = { pageSize: 1000, page, orderBy: 'id asc', ...(conditions && { conditions }) };
      const found = await this.get(path, query);
      records.push(...found);
      if (found.length < 1000) return records;
    }
  }

  // The one record that meets the conditions.
  async one(path, conditions) {
    const found = await this.all(path, conditions);
    assert.equal(found.length, 1, `${path} with ${conditions}: ${found.length} records`);
    return found[0];
  }

  async count(path, conditions = '') {
    return (await this.get(`${path}/count`, conditions ? { conditions } : {})).count;
  }

  // How many records of each kind there are: what must not change when nothing may be written.
  async census() {
    const counts = {};
    for (const path of ['/service/tickets', '/time/entries', '/sales/opportunities',
      '/company/companies', '/company/contacts']) {
      counts[path] = await this.count(path);
    }
    return counts;
  }

  // The switches beside the API: faults, rate limit, the requests seen.
  async control(method, path, body) {
    const response = await fetch(`${this.url}/_sandbox/${path}`, {
      method,
      headers: { ...this.headers, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} /_sandbox/${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }
}
