// The official MCP clients, behind the few words that a transcript needs.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client';
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const kSelf = { name: 'patchbay-e2e', version: '1.0.0' };
const v1 = () => new ClientV1(kSelf);
const v2 = (mode) => () => new ClientV2(kSelf, { versionNegotiation: { mode } });

// Every test that speaks MCP runs once with each of these. Where there are hundreds of calls, one client
// tries what they do, and the other that it is told the same (sameAnswer).
export const clients = [
  { name: 'SDK v1', make: v1, Http: HttpV1, Stdio: StdioV1 },
  { name: 'SDK v2', make: v2({ pin: '2026-07-28' }), Http: HttpV2, Stdio: StdioV2 },
];
export const otherClients = [
  { name: 'SDK v2, as 2025-11-25', make: v2('legacy'), Http: HttpV2, Stdio: StdioV2 },
  { name: 'SDK v2, finding out by itself', make: v2('auto'), Http: HttpV2, Stdio: StdioV2 },
];

// Connects over HTTP; closes with the test.
export async function connect(t, kind, url, headers = {}) {
  const transport = new kind.Http(new URL(url), { requestInit: { headers } });
  return Caller.open(t, kind, transport);
}

// A client whose user is asked: `answer` says what they say.
export async function ask(url, answer) {
  const client = new ClientV1(kSelf, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, answer);
  await client.connect(new HttpV1(new URL(url)));
  return client;
}

// Within describe(): a caller that is connected before its tests begin, and closed after them.
export function connected(kind, url) {
  const caller = new Caller(kind.make());
  before(() => caller.client.connect(new kind.Http(new URL(url()))));
  after(() => caller.client.close());
  return caller;
}

// Connects over the standard input and output of a program.
export async function connectStdio(t, kind, command, args, env = {}) {
  return Caller.open(t, kind, new kind.Stdio({ command, args, env: { ...process.env, ...env } }));
}

class Caller {
  static async open(t, kind, transport) {
    const client = kind.make();
    await client.connect(transport);
    t.after(() => client.close());
    return new Caller(client);
  }

  constructor(client) { this.client = client; }

  async tools() { return (await this.client.listTools()).tools; }

  // The result as it stands: {content, isError, _meta}.
  raw(name, args = {}) { return this.client.callTool({ name, arguments: args }); }

  // A call that must succeed: what it hands to the model, parsed.
  async call(name, args = {}) {
    const result = await this.raw(name, args);
    const text = onlyText(result);
    assert.ok(!result.isError, `${name} ${JSON.stringify(args)} was refused: ${text}`);
    return JSON.parse(text);
  }

  // A call that must be refused, in the form that DESIGN 7 gives errors: the error.
  async refused(name, args = {}) {
    const result = await this.raw(name, args);
    const text = onlyText(result);
    assert.ok(result.isError, `${name} ${JSON.stringify(args)} was not refused: ${text.slice(0, 500)}`);
    const { error, request_id } = JSON.parse(text);
    assert.ok(request_id, `no request_id: ${text}`);
    assert.equal(typeof error.message, 'string', text);
    assert.ok(['no', 'yes', 'unknown'].includes(error.was_applied), text);
    return error;
  }

  // Follows cursors to the end: all records, in the order that they came.
  async pages(name, args = {}, most = 1000) {
    const records = [];
    let next_cursor;
    for (let page = 0; page < most; ++page) {
      const answer = await this.call(name, { ...args, ...(next_cursor && { next_cursor }) });
      assert.equal(answer.result_count, answer.result.length);
      records.push(...answer.result);
      next_cursor = answer.next_cursor;
      if (!next_cursor) return records;
    }
    assert.fail(`${name}: more than ${most} pages`);
  }
}

// A moment that is so many whole hours from now is told a second later as another one.
const kHour = 3_600_000;
const isSoFarFromNow = (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value)
  && Math.abs((Date.parse(value) - Date.now() + 1e6 * kHour + kHour / 2) % kHour - kHour / 2) < 30_000;

// What two clients are told by one call is the same, but for what is new in each answer.
export async function sameAnswer(one, other, name, args) {
  const plain = async (caller) => {
    const { content, isError, structuredContent } = await caller.raw(name, args);
    const told = content.map(({ type, text, ...rest }) => {
      let body = text;
      try {
        body = JSON.parse(text, (key, value) => (['next_cursor', 'request_id'].includes(key) ? typeof value
          : isSoFarFromNow(value) ? 'so far from now' : value));
      } catch { /* a file as it stands */ }
      return { type, body, ...rest };
    });
    return { told, isError: Boolean(isError), structuredContent };
  };
  const answer = await plain(one);
  assert.deepEqual(await plain(other), answer, `${name} ${JSON.stringify(args)}`);
  return answer;
}

function onlyText({ content }) {
  assert.equal(content.length, 1, 'one block of content');
  assert.equal(content[0].type, 'text');
  return content[0].text;
}
