// A real MCP conversation with a server's URL, from this page, as a client holds it: the discovery of
// 2026-07-28, the handshake of the revisions before it, and the list of tools.
export type Handshake = {
  server: string;
  instructions?: string;
  revisions: string[];
  tools: Array<{ name: string; title?: string; description?: string }>;
};

export class HandshakeError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

const kModern = '2026-07-28';
const kLegacy = '2025-11-25';
const kPrefix = 'io.modelcontextprotocol';
const kSelf = { name: 'patchbay-dashboard', version: '1' };

type Answer = { result?: Record<string, unknown>; error?: { code: number; message: string } };

// The last message of an event stream, or the body itself.
function answerOf(text: string, type: string): Answer {
  const message = type.startsWith('text/event-stream')
    ? text
        .split('\n')
        .findLast((line) => line.startsWith('data:') && line.length > 6)
        ?.slice(5)
    : text;
  return JSON.parse(message ?? '') as Answer;
}

async function ask(
  path: string,
  body: Record<string, unknown>,
  headers: Record<string, string>,
): Promise<{ result: Record<string, unknown>; session: string | null }> {
  const response = await fetch(path, {
    method: 'POST',
    // As a client would: without the cookie of this page.
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', ...body }),
  });
  const text = await response.text();
  const told = response.status === 202 && !text ? {} : readAnswer(text, response);
  if (!response.ok || told.error) {
    throw new HandshakeError(
      told.error?.message ?? `The server answered ${response.status}.`,
      response.status,
    );
  }
  return { result: told.result ?? {}, session: response.headers.get('Mcp-Session-Id') };
}

function readAnswer(text: string, response: Response): Answer {
  try {
    return answerOf(text, response.headers.get('Content-Type') ?? '');
  } catch {
    throw new HandshakeError(`The server answered ${response.status}, and no MCP.`, response.status);
  }
}

/** `token`: an API token, where the server asks for one. */
export async function handshake(url: string, token?: string): Promise<Handshake> {
  // The page's own origin: it may be opened under another name than the public one.
  const path = new URL(url).pathname;
  const factor: Record<string, string> = token ? { 'X-Api-Token': token } : {};
  const meta = {
    _meta: {
      [`${kPrefix}/protocolVersion`]: kModern,
      [`${kPrefix}/clientCapabilities`]: {},
      [`${kPrefix}/clientInfo`]: kSelf,
    },
  };
  const modern = { 'Mcp-Protocol-Version': kModern, 'Mcp-Method': 'server/discover', ...factor };
  const discovered = await ask(path, { id: 1, method: 'server/discover', params: meta }, modern);

  const legacy = await ask(
    path,
    {
      id: 2,
      method: 'initialize',
      params: { protocolVersion: kLegacy, capabilities: {}, clientInfo: kSelf },
    },
    factor,
  );
  const version = String(legacy.result.protocolVersion);
  const session: Record<string, string> = {
    'Mcp-Protocol-Version': version,
    ...(legacy.session && { 'Mcp-Session-Id': legacy.session }),
    ...factor,
  };
  await ask(path, { method: 'notifications/initialized' }, session);
  const listed = await ask(path, { id: 3, method: 'tools/list' }, session);

  const info = (legacy.result.serverInfo ?? {}) as { name?: string; title?: string; version?: string };
  const supported = (discovered.result.supportedVersions ?? []) as string[];
  return {
    server: `${info.title ?? info.name ?? 'MCP server'} ${info.version ?? ''}`.trim(),
    instructions: legacy.result.instructions as string | undefined,
    revisions: [...new Set([...supported, version])],
    tools: (listed.result.tools ?? []) as Handshake['tools'],
  };
}
