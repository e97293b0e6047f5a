// An API of tickets that always gives the same bytes: one, and a list of 25. With `whole` it takes
// no notice of `fields`, as some APIs do: records of 7 KB.
import { createServer } from 'node:http';
import { list, only, ticket } from '../upstream/records.mjs';

const kCustomFields = [1, 2, 3].map((n) => ({ id: n, caption: `Field ${n}`, type: 'Text',
  entryMethod: 'EntryField', numberOfDecimals: 0, value: n < 3 ? `Value ${n}` : null }));

function tickets(fields) {
  const names = fields.split(',').map((field) => field.split('/')[0]);
  return list(25).map((record) => only({ ...record, customFields: kCustomFields }, names));
}

export async function startStub({ whole }) {
  const lists = new Map();
  const listOf = (fields) => {
    if (!lists.has(fields)) lists.set(fields, JSON.stringify(fields ? tickets(fields) : list(25)));
    return lists.get(fields);
  };
  const one = JSON.stringify(ticket(90000));
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://stub');
    const answer = (text, status = 200) => response.writeHead(status, {
      'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
    if (pathname.endsWith('/system/info')) answer('{"version":"v2026.4.1","isCloud":true}');
    else if (/\/service\/tickets\/\d+$/.test(pathname)) answer(one);
    else if (pathname.endsWith('/service/tickets')) {
      answer(listOf(whole ? '' : searchParams.get('fields') ?? ''));
    } else answer('{"code":"NotFound","message":"the stub does not have this"}', 404);
  });
  server.keepAliveTimeout = 600_000;
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close() { server.close(); server.closeAllConnections(); },
  };
}
