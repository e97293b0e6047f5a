// A HaloPSA as its public client libraries know it: tokens for client credentials, lists in pages only where they are
// asked for, writes that take a list, and parameters that are ignored where it does not know them.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

export const application = { client_id: 'b1f0c7de-halo-client', client_secret: 'h4lo-s3cret-value-1' };

// Those whose lists come in pages, wrapped; the others are plain arrays.
const paged = { Tickets: 'tickets', Client: 'clients', Site: 'sites', Users: 'users', Asset: 'assets',
  ClientContract: 'contracts', Invoice: 'invoices', Opportunities: 'tickets', Item: 'items', KBArticle: 'articles' };
const plain = ['Agent', 'Team', 'Status', 'TicketType', 'Priority', 'Appointment'];

function seed() {
  const clients = Array.from({ length: 130 }, (_, i) => ({ id: i + 1, name: `Client ${String(i + 1).padStart(3, '0')}`,
    inactive: false, toplevel_id: 1, is_vip: false }));
  clients[11].name = 'Acme Corp';
  clients[126].name = 'Zenith Dental';
  return {
    Client: clients,
    Site: [{ id: 31, name: 'Leeds', client_id: 12, client_name: 'Acme Corp', inactive: false },
      { id: 32, name: 'York', client_id: 12, client_name: 'Acme Corp', inactive: false },
      { id: 33, name: 'Leeds', client_id: 127, client_name: 'Zenith Dental', inactive: false }],
    Users: [{ id: 51, name: 'Ann Lee', emailaddress: 'ann@acme.example', client_id: 12, client_name: 'Acme Corp',
      site_id: 31, site_name: 'Leeds', inactive: false },
    { id: 52, name: 'Bo Chen', emailaddress: 'bo@zenith.example', client_id: 127, client_name: 'Zenith Dental',
      site_id: 33, site_name: 'Leeds', inactive: false }],
    Agent: [{ id: 7, name: 'Dana Reyes', email: 'dana@msp.example', team: 'Service Desk', isdisabled: false },
      { id: 8, name: 'Sam Cole', email: 'sam@msp.example', team: 'Projects', isdisabled: false }],
    Team: [{ id: 1, name: 'Service Desk' }, { id: 2, name: 'Projects' }],
    Status: [{ id: 1, name: 'New' }, { id: 2, name: 'In Progress' }, { id: 9, name: 'Closed' }],
    TicketType: [{ id: 1, name: 'Incident' }, { id: 3, name: 'Service Request' }],
    Priority: [{ id: randomUUID(), priorityid: 1, name: 'Critical', slaid: 1 },
      { id: randomUUID(), priorityid: 3, name: 'Medium', slaid: 1 }],
    Tickets: Array.from({ length: 57 }, (_, i) => ({ id: 2000 + i, summary: `Ticket ${2000 + i}`,
      client_id: i % 2 ? 12 : 127, client_name: i % 2 ? 'Acme Corp' : 'Zenith Dental', status_id: i % 5 ? 1 : 9,
      tickettype_id: 1, agent_id: 7, team: 'Service Desk', priority_id: 3, details: null, inactive: false,
      dateoccurred: `2026-02-${String(1 + i % 28).padStart(2, '0')}T09:00:00` })),
    Actions: [{ id: 1, ticket_id: 2003, outcome: 'First User Email', note: 'It is broken.', who: 'Ann Lee',
      hiddenfromuser: false, timetaken: 0 }],
    Asset: [{ id: 91, inventory_number: 'ACME-SRV-01', key_field: 'srv01', client_id: 12, client_name: 'Acme Corp',
      assettype_id: 3, assettype_name: 'Server', inactive: false }],
    Appointment: [{ id: 71, subject: 'Visit', start_date: '2026-03-02T09:00:00', end_date: '2026-03-02T10:00:00',
      agent_id: 7, ticket_id: 2003 }],
    ClientContract: [{ id: 81, ref: 'ACME-2026', client_id: 12, client_name: 'Acme Corp', active: true }],
    Invoice: [{ id: 61, invoicenumber: 'INV-61', client_id: 12, client_name: 'Acme Corp', total: 1250.5, posted: true,
      lines: [{ id: 1, item_shortdescription: 'Support', qty_order: 1, unit_price: 1250.5, net_amount: 1250.5 }] }],
    Opportunities: [{ id: 2900, summary: 'New firewall', client_id: 12, client_name: 'Acme Corp', status_id: 1 }],
    Item: [{ id: 41, name: 'Firewall', baseprice: 999.9, costprice: 700 }],
    KBArticle: [{ id: 21, name: 'Printer offline', description: 'It shows as offline.', resolution: 'Restart it.' }],
  };
}

// Its filters, by the parameter.
const equals = { client_id: 'client_id', site_id: 'site_id', user_id: 'user_id', agent_id: 'agent_id',
  status_id: 'status_id', requesttype_id: 'tickettype_id', ticket_id: 'ticket_id', asset_id: 'asset_id' };
function matches(record, query, records) {
  for (const [parameter, field] of Object.entries(equals)) {
    if (query.has(parameter) && record[field] !== Number(query.get(parameter))) return false;
  }
  if (query.has('agents') && !query.get('agents').split(',').includes(String(record.agent_id))) return false;
  if (query.get('open_only') === 'true' && record.status_id === 9) return false;
  if (query.get('closed_only') === 'true' && record.status_id !== 9) return false;
  if (query.has('team') && records.Team.find(({ id }) => String(id) === query.get('team'))?.name !== record.team) return false;
  if (query.has('priority') && record.priority_id !== Number(query.get('priority'))) return false;
  if (query.get('datesearch') === 'dateoccured') {
    if (query.has('startdate') && new Date(`${record.dateoccurred}Z`) < new Date(query.get('startdate'))) return false;
    if (query.has('enddate') && new Date(`${record.dateoccurred}Z`) > new Date(query.get('enddate'))) return false;
  }
  if (query.get('excludeprivate') === 'true' && record.hiddenfromuser) return false;
  const search = query.get('search')?.toLowerCase();
  return !search || JSON.stringify(record).toLowerCase().includes(search);
}

export class HaloPsa {
  records = seed();
  asked = [];          // {line, query, body, token}
  tokenRequests = [];  // {query, form}
  lifetime = 3600;
  down = 0;            // requests that are answered with this status
  #tokens = new Set();
  #nextId = 5000;

  static async start(t) {
    const halo = new HaloPsa();
    halo.server = createServer((request, response) => halo.#answer(request, response));
    await new Promise((resolve) => { halo.server.listen(0, '127.0.0.1', resolve); });
    halo.url = `http://127.0.0.1:${halo.server.address().port}`;
    t.after(() => halo.server.close());
    return halo;
  }

  get credentials() { return { site: this.url, ...application, tenant: 'acme-msp' }; }
  // What was given is good no longer, and nobody is told.
  revokeTokens() { this.#tokens.clear(); }

  #answer(request, response) {
    let body = '';
    request.on('data', (chunk) => { body += chunk; });
    request.on('end', () => {
      const url = new URL(request.url, this.url);
      const [status, answer, headers] = url.pathname === '/auth/token' ? this.#token(url, body)
        : this.#api(request, url, body);
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    });
  }

  #token(url, body) {
    const form = Object.fromEntries(new URLSearchParams(body));
    this.tokenRequests.push({ query: Object.fromEntries(url.searchParams), form });
    if (form.grant_type !== 'client_credentials' || form.client_id !== application.client_id
      || form.client_secret !== application.client_secret) {
      return [400, { error: 'invalid_client', error_description: 'The client is not known.' }];
    }
    const token = `halo-${randomUUID()}`;
    this.#tokens.add(token);
    return [200, { scope: form.scope, token_type: 'Bearer', access_token: token, expires_in: this.lifetime }];
  }

  #api(request, url, text) {
    const token = request.headers.authorization?.replace(/^Bearer /, '');
    const body = text ? JSON.parse(text) : undefined;
    const query = url.searchParams;
    this.asked.push({ line: `${request.method} ${url.pathname}`, query: Object.fromEntries(query), body, token });
    if (this.down) return [this.down, { message: 'Halo is away.' }, { 'retry-after': '1' }];
    if (!this.#tokens.has(token)) return [401, ''];
    const [, api, name, id] = url.pathname.split('/');
    if (api !== 'api' || !this.records[name]) return [404, { message: 'There is no such endpoint.' }];
    if (name === 'Agent' && id === 'me') return [200, this.records.Agent[0]];
    const records = this.records[name];
    if (request.method === 'POST') return this.#write(name, body);
    if (id) {
      const at = records.findIndex((record) => record.id === Number(id));
      if (at < 0) return [404, { message: `There is no ${name} with id ${id}.` }];
      if (request.method === 'DELETE') return [200, records.splice(at, 1)[0]];
      const { details = null, ...rest } = records[at];
      return [200, query.get('includedetails') === 'true' && details !== null ? { ...rest, details } : rest];
    }
    let found = records.filter((record) => matches(record, query, this.records));
    if (name === 'Tickets' && query.get('domain') === 'prjs') found = found.filter(({ tickettype_id: type }) => type === 4);
    const order = query.get('order') ?? query.get('orderby');
    if (order) {
      found.sort((a, b) => (a[order] < b[order] ? -1 : a[order] > b[order] ? 1 : 0));
      if ((query.get('orderdesc') ?? query.get('orderbydesc')) === 'true') found.reverse();
    }
    if (name === 'Actions') return [200, { record_count: found.length, actions: found }];
    if (plain.includes(name)) return [200, found];
    const count = found.length;
    if (query.get('pageinate') === 'true') {
      const size = Math.min(Number(query.get('page_size') ?? 50), 100);
      const page = Number(query.get('page_no') ?? 1);
      found = found.slice((page - 1) * size, page * size);
    }
    return [200, { record_count: count, [paged[name]]: found }];
  }

  #write(name, body) {
    if (!Array.isArray(body)) return [400, { message: 'The body must be a list.' }];
    const [given] = body;
    if (given.id !== undefined) {
      const record = this.records[name].find(({ id }) => id === given.id);
      if (!record) return [404, { message: `There is no ${name} with id ${given.id}.` }];
      return [201, Object.assign(record, given)];
    }
    if (name === 'Tickets' && !given.summary) return [400, { message: 'A ticket needs a summary.' }];
    const record = { id: this.#nextId++, ...given };
    if (name === 'Tickets') Object.assign(record, { status_id: given.status_id ?? 1, tickettype_id: given.tickettype_id ?? 1 });
    this.records[name].push(record);
    // Some versions answer with the record, some with a list of it.
    return [201, name === 'Actions' ? [record] : record];
  }
}
