// What is measured of an instance with so many MCP servers.
import { many } from './seed.mjs';

export const median = (all) => [...all].sort((a, b) => a - b)[all.length >> 1];
const sleep = (ms) => new Promise((over) => setTimeout(over, ms));

// So many of `all`, spread evenly over it, other ones for each `part` of `parts`.
export function some(all, count, part = 0, parts = 1) {
  const step = all.length / (count * parts);
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * parts + part) * step)]);
}

async function each(servers, ask) {
  const times = [];
  for (const server of servers) times.push((await ask(server)).ms);
  return median(times);
}

// On a node that has just started: what comes first finds nothing in memory.
export async function calls(node, servers) {
  const parts = 4;
  const [warm] = some(servers, 1, parts - 1, parts);
  // The listing of their tools is made once and shared; the first connection is opened.
  for (const method of ['tools/list', 'ping']) await node.answers(warm.token, method);
  const count = Math.min(100, Math.floor(servers.length / parts));
  const listed = some(servers, count, 0, parts);
  const pinged = some(servers, count, 1, parts);
  const list = (server) => node.answers(server.token, 'tools/list');
  const ping = (server) => node.answers(server.token, 'ping');
  return {
    count,
    firstList: await each(listed, list), firstPing: await each(pinged, ping),
    laterList: await each(listed, list), laterPing: await each(pinged, ping),
  };
}

export async function memoryAfterCalls(node, servers) {
  const used = some(servers, Math.min(1000, servers.length));
  await many(used.length, (i) => node.answers(used[i].token, 'ping'));
  return node.memoryAtRest();
}

// Of the account that has half of all servers: the first page, and the one at the end.
export async function pages(node, account) {
  const path = `/integrated-account/${account}/mcp`;
  const page = (limit, cursor) => node.admin('GET', `${path}?limit=${limit}`
    + (cursor ? `&next_cursor=${encodeURIComponent(cursor)}` : ''));
  let before;
  for (let cursor; ;) {
    const { value } = await page(1000, cursor);
    if (value.result.length > 100 || !before) before = cursor;
    if (!value.next_cursor) break;
    cursor = value.next_cursor;
  }
  // From there by hundreds, so that the last one is asked for as a person would come to it.
  let last = before;
  for (let cursor = before; ;) {
    const { value } = await page(100, cursor);
    if (!value.next_cursor) break;
    last = cursor = value.next_cursor;
  }
  const times = async (cursor) => median(await series(30, () => page(100, cursor)));
  return { first: await times(), last: await times(last) };
}

async function series(count, ask) {
  const times = [];
  for (let i = 0; i < count; ++i) times.push((await ask()).ms);
  return times;
}

// What is made is deleted afterwards: {one: ms, perSecond, firstPing: of `cold` ones meanwhile}
export async function creating(node, seed, cold, count = 400) {
  const made = [];
  const one = median(await series(100, async () => {
    const { server, ms } = await seed.mint(node);
    made.push(server);
    return { ms };
  }));
  const before = performance.now();
  let over = false;
  const pings = [];
  const asking = (async () => {
    for (const server of cold) {
      if (!over) pings.push((await node.answers(server.token, 'ping')).ms);
    }
  })();
  await many(count, async () => { made.push((await seed.mint(node)).server); });
  over = true;
  await asking;
  const perSecond = count / (performance.now() - before) * 1000;
  await many(made.length, (i) =>
    node.admin('DELETE', `/integrated-account/${made[i].account}/mcp/${made[i].id}`));
  return { one, perSecond, firstPing: pings.length > 4 ? median(pings) : undefined };
}

// `dying` expire at `at`. `rows` counts the servers in the database that have such a moment. Nothing if they did so
// before each was called.
export async function expiring(node, other, { dying, at }, rows) {
  const count = dying.length;
  // What was called is in memory, as far as there is room.
  let late = false;
  await many(count, async (i) => {
    late ||= Date.now() > at - 2000 || (await node.call(dying[i].token, 'ping')).status !== 200;
  });
  if (late) return undefined;
  const had = rows();
  if (had < count) throw new Error(`only ${had} of ${count} are in the database`);
  let answered = 0;
  let worst = 0;
  let over = false;
  const before = [];
  while (Date.now() < at - 1000) before.push((await node.answers(other.token, 'ping')).ms);
  const pinging = (async () => {
    while (!over) worst = Math.max(worst, (await node.answers(other.token, 'ping')).ms);
  })();
  // Four at a time, round and round, until each was asked once after the last one that answered.
  const asking = Array.from({ length: 4 }, async (_, worker) => {
    for (let i = worker; !over; i += 4) {
      if ((await node.call(dying[i % count].token, 'ping')).status === 200) answered = Date.now();
      if (Date.now() > at + 60_000) throw new Error('expired servers still answer after a minute');
    }
  });
  while (Date.now() < at || rows() > 0) {
    await sleep(50);
    if (Date.now() > at + 60_000) throw new Error('expired rows are still there after a minute');
  }
  const deleted = (Date.now() - at) / 1000;
  await sleep(Math.max(0, 1000 - deleted * 1000));
  over = true;
  await Promise.all([pinging, ...asking]);
  await many(count, async (i) => {
    if ((await node.call(dying[i].token, 'ping')).status !== 404) throw new Error('an expired server answers');
  });
  return { none: Math.max(0, answered - at) / 1000, deleted, worst, usual: median(before) };
}

const kInitialize = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } };

// From A's answer to the first answer of B that goes by it: a third each renamed, rotated, deleted.
export async function following(a, b, servers) {
  const took = { rename: [], rotate: [], delete: [] };
  const kinds = Object.keys(took);
  for (const [i, server] of servers.entries()) {
    const kind = kinds[i % kinds.length];
    const path = `/integrated-account/${server.account}/mcp/${server.id}`;
    const ask = () => b.call(server.token, 'initialize', kInitialize);
    if ((await ask()).status !== 200) throw new Error('B does not know it');
    let changed;
    const change = (kind === 'rename' ? a.admin('PATCH', path, { name: `Renamed ${i}` })
      : kind === 'rotate' ? a.admin('POST', `${path}/rotate`, {}) : a.admin('DELETE', path))
      .then(() => { changed = performance.now(); });
    for (;;) {
      const { status, text } = await ask();
      if (kind === 'rename' ? text.includes(`Renamed ${i}`) : status === 404) break;
      if (changed && performance.now() - changed > 10_000) throw new Error(`B never heard of a ${kind}`);
    }
    const heard = performance.now();
    await change;
    took[kind].push(Math.max(0, heard - changed));
  }
  const all = Object.values(took).flat();
  return { median: median(all), worst: Math.max(...all),
    each: Object.fromEntries(kinds.map((kind) => [kind, median(took[kind])])) };
}
