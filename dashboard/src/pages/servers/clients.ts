// How each client takes an MCP URL; the facts stand in docs/connect-clients.md too.
export type Snippet = {
  id: string;
  label: string;
  steps: string[];
  code?: string;
  /** A link that opens the program with everything filled in. */
  link?: { label: string; href: string };
  note?: string;
};

type Door = { url: string; key: string; secondFactor: boolean };

/** What a client is proposed to call a server of that integration: "psa" of connectwise_psa. */
export const proposedKey = (integration: string): string => keyOf(integration.split('_').at(-1) ?? '');

/** A short word for the client's configuration: some put it before each tool's name, of which few letters are left. */
export const keyOf = (name: string): string =>
  name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 20)
    .replace(/-+$/, '') || 'patchbay';

const json = (value: unknown) => JSON.stringify(value, null, 2);
const isPublic = (url: string) => url.startsWith('https://');
const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

const kToken = 'PATCHBAY_API_TOKEN';
const cannotSend =
  'It cannot send an API token: with the second factor this server cannot be opened from here.';

export function snippetsOf({ url, key, secondFactor }: Door): Snippet[] {
  const header = (value: string) => (secondFactor ? { headers: { 'X-Api-Token': value } } : {});
  const public_ = isPublic(url)
    ? undefined
    : 'It connects from its own cloud: this needs a public https address.';
  const vscode = {
    type: 'http',
    url,
    ...header('${input:patchbay-api-token}'),
  };
  const cursor = { url, ...header(`\${env:${kToken}}`) };
  const inputs = secondFactor
    ? {
        inputs: [
          {
            type: 'promptString',
            id: 'patchbay-api-token',
            description: 'Patchbay API token',
            password: true,
          },
        ],
      }
    : {};
  return [
    {
      id: 'claude',
      label: 'Claude',
      steps: [
        'On the web, in Desktop or on a phone: Settings → Connectors → Add custom connector.',
        'Paste the URL; authentication: none.',
      ],
      code: url,
      note: secondFactor ? cannotSend : public_,
    },
    {
      id: 'claude-desktop',
      label: 'Claude Desktop',
      steps: ['On this machine, without a public address: in claude_desktop_config.json.'],
      code: json({ mcpServers: { [key]: bridge(url, secondFactor) } }),
    },
    {
      id: 'claude-code',
      label: 'Claude Code',
      steps: [
        'In .mcp.json of the project, with the URL in the variable PATCHBAY_MCP_URL, so that it is in no file that is shared.',
      ],
      code: json({
        mcpServers: { [key]: { type: 'http', url: '${PATCHBAY_MCP_URL}', ...header(`\${${kToken}}`) } },
      }),
      note: secondFactor
        ? undefined
        : `On a machine of your own alone this does too: claude mcp add --transport http ${key} ${url}`,
    },
    {
      id: 'cursor',
      label: 'Cursor',
      steps: ['In .cursor/mcp.json.'],
      code: json({ mcpServers: { [key]: cursor } }),
      link: {
        label: 'Add to Cursor',
        href: `cursor://anysphere.cursor-deeplink/mcp/install?name=${encodeURIComponent(key)}&config=${encodeURIComponent(base64(JSON.stringify(cursor)))}`,
      },
    },
    {
      id: 'vscode',
      label: 'VS Code',
      steps: ['In .vscode/mcp.json.'],
      code: json({ ...inputs, servers: { [key]: vscode } }),
      link: {
        label: 'Install in VS Code',
        href: `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name: key, ...inputs, ...vscode }))}`,
      },
    },
    {
      id: 'chatgpt',
      label: 'ChatGPT',
      steps: ['Settings → Connectors → Create.', 'Paste the URL; authentication: none.'],
      code: url,
      note: secondFactor ? cannotSend : public_,
    },
    {
      id: 'codex',
      label: 'Codex CLI',
      steps: ['In ~/.codex/config.toml.'],
      code: [
        `[mcp_servers.${key}]`,
        `url = ${JSON.stringify(url)}`,
        ...(secondFactor ? [`http_headers = { "X-Api-Token" = "pba_…" }`] : []),
      ].join('\n'),
    },
    {
      id: 'gemini',
      label: 'Gemini CLI',
      steps: ['In ~/.gemini/settings.json.'],
      code: json({ mcpServers: { [key]: { httpUrl: url, ...header(`$${kToken}`) } } }),
    },
    {
      id: 'mcp-remote',
      label: 'mcp-remote',
      steps: ['For clients that can only start a program, where Node.js is at hand.'],
      code: json({
        mcpServers: {
          [key]: {
            command: 'npx',
            args: [
              '-y',
              'mcp-remote',
              url,
              ...(isPublic(url) ? [] : ['--allow-http']),
              ...(secondFactor ? ['--header', `X-Api-Token:\${${kToken}}`] : []),
            ],
            ...(secondFactor && { env: { [kToken]: 'pba_…' } }),
          },
        },
      }),
      note: 'The URL is an argument here, which every process of the machine sees: patchbay stdio keeps it out.',
    },
    {
      id: 'stdio',
      label: 'patchbay stdio',
      steps: ['For clients that can only start a program; no Node.js is needed.'],
      code: json({ mcpServers: { [key]: bridge(url, secondFactor) } }),
    },
    {
      id: 'curl',
      label: 'curl',
      steps: [
        'The URL comes from a variable and over standard input, so that no list of processes shows it.',
      ],
      code: [
        `read -rs PATCHBAY_MCP_URL   # paste the URL`,
        ...(secondFactor ? [`read -rs ${kToken}   # paste the API token`] : []),
        `curl -s -K - -H 'Content-Type: application/json' \\`,
        `  -H 'Accept: application/json, text/event-stream' \\`,
        `  -d '{"jsonrpc": "2.0", "id": 1, "method": "tools/list"}' <<END`,
        `url = "$PATCHBAY_MCP_URL"`,
        ...(secondFactor ? [`header = "X-Api-Token: $${kToken}"`] : []),
        'END',
      ].join('\n'),
    },
  ];
}

const bridge = (url: string, secondFactor: boolean) => ({
  command: '/usr/local/bin/patchbay',
  args: ['stdio'],
  env: { PATCHBAY_MCP_URL: url, ...(secondFactor && { [kToken]: 'pba_…' }) },
});
