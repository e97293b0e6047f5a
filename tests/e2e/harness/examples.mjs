// What texts promise a model of calls: every example in them, as a tool's or an argument's value.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export const root = new URL('../../../', import.meta.url).pathname;

// Markdown that speaks of calls. What definitions look like is told in authoring-integrations.md, and
// how the program came to be in decisions and the changelog: no calls of a listed tool.
export function documents() {
  const docs = readdirSync(join(root, 'docs'), { recursive: true })
    .filter((file) => file.endsWith('.md') && !file.startsWith('decisions'))
    .filter((file) => file !== 'authoring-integrations.md').map((file) => join('docs', file));
  return ['README.md', ...docs].map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
}

// The JSON value that begins at `at`, and where it ends; nothing if there is none.
function jsonAt(text, at) {
  const closers = { '{': '}', '[': ']' };
  const open = [];
  let quoted = false;
  for (let i = at; i < text.length; ++i) {
    const c = text[i];
    if (quoted) {
      if (c === '\\') ++i;
      else if (c === '"') quoted = false;
    } else if (c === '"') {
      quoted = true;
    } else if (closers[c]) {
      open.push(closers[c]);
    } else if (c === open.at(-1)) {
      open.pop();
    }
    if (!quoted && open.length === 0) {
      const until = '{["'.includes(text[at]) ? i + 1
        : at + text.slice(at).match(/^(true|false|null|-?\d+(\.\d+)?(?![\w:./-])|)/)[0].length;
      try {
        return { value: JSON.parse(text.slice(at, until)), end: until };
      } catch {
        return undefined;
      }
    }
  }
  return undefined;
}

// Whole calls: `name_of_tool {"…": …}`, and requests with "name" and "arguments".
export function calls(text, toolNames) {
  const found = [];
  for (const name of toolNames) {
    for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
      const rest = text.slice(at + name.length).match(/^(?:["`]?,\s*"arguments":\s*|\s+)(?=\{)/);
      const read = rest && jsonAt(text, at + name.length + rest[0].length);
      if (read) found.push({ tool: name, arguments: read.value });
    }
  }
  return found;
}

// Single arguments, as texts say them: `limit: 10`, `clear: ["owner"]`.
export function fragments(text) {
  const found = [];
  for (const match of text.matchAll(/(?<![\w"'./{-])([a-z][A-Za-z_]*): (?=["[{tfn\d-])/g)) {
    const read = jsonAt(text, match.index + match[0].length);
    if (read) found.push({ name: match[1], value: read.value, at: match.index });
  }
  return found;
}

// Only what Markdown shows as code.
export const code = (markdown) =>
  [...markdown.matchAll(/```[^\n]*\n([\s\S]*?)```|`([^`]+)`/g)].map((one) => one[1] ?? one[2]);
