// The manual pages of a program, made of its own help: node manual.mjs PROGRAM VERSION DATE OUT
// patchbay(1), and for each command a page with the commands below it. Whatever help says stands there, in its
// words: an option that is not in help is in no page, and none that is there can be forgotten.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [program, version, date, out] = process.argv.slice(2);
if (!out) throw new Error('manual.mjs PROGRAM VERSION DATE OUT');

// CLI11 writes what is explained in the first 34 columns, or on a line of its own if it is longer.
const kColumn = 34;
const kHeading = /^(\S.*):$/;

// Help as {summary, usage, sections: [{title, entries | lines}], closing}: entries are [name, text].
function helpOf(path) {
  const text = execFileSync(program, [...path, '--help'], { encoding: 'utf8' });
  const lines = text.trimEnd().split('\n');
  const usageAt = lines.findIndex((line) => line.startsWith('Usage: '));
  if (usageAt < 0) throw new Error(`no usage in the help of ${path.join(' ')}`);
  const help = { path, summary: lines.slice(0, usageAt).join(' ').trim(), usage: lines[usageAt].slice(7), sections: [], closing: [] };
  let section;
  for (const line of lines.slice(usageAt + 1)) {
    const [, title] = line.match(kHeading) ?? [];
    const named = line.match(/^  (\S.*?)(?:\s{2,}(\S.*))?$/);
    if (help.closing.length === 0 && title && !/^(Examples?|First steps|In)\b/.test(title)) {
      section = { title, entries: [] };
      help.sections.push(section);
    } else if (line === '') {
      section = undefined;
      if (help.closing.length > 0) help.closing.push('');
    } else if (section && line.startsWith(' '.repeat(kColumn))) {
      section.entries.at(-1)[1] += ` ${line.trim()}`;
    } else if (section && named) {
      section.entries.push([named[1], named[2] ?? '']);
    } else {
      help.closing.push(line);
    }
  }
  return help;
}

const escaped = (text) => text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll("'", '\\(aq')
  .replaceAll('`', '\\(ga').replaceAll('^', '\\(ha').replaceAll('~', '\\(ti').replace(/^\./gm, '\\&.');
const bold = (text) => `\\fB${escaped(text)}\\fR`;
// The flags of an option stand out from what it takes.
const head = (name) => name.replace(/\s+/g, ' ').replace(/^((?:-[\w-]+,?)+|[\w.-]+)(.*)$/,
  (_, flags, rest) => `${bold(flags.replace(',', ', '))}${escaped(rest)}`);

const entriesOf = ({ entries }) => entries.map(([name, text]) => `.TP\n${head(name)}\n${escaped(text)}`).join('\n');

// What stands below the options: paragraphs, and what is indented as it is.
function closingOf(lines) {
  const blocks = [];  // [indented, lines]
  for (const line of lines) {
    const indented = line.startsWith('  ');
    const last = blocks.at(-1);
    if (line === '') {
      if (last && !last[0]) blocks.push([false, []]);
    } else if (last && last[0] === indented) {
      last[1].push(line);
    } else {
      blocks.push([indented, [line]]);
    }
  }
  return blocks.filter(([, each]) => each.length > 0).map(([indented, each]) => (indented
    ? `.IP "" 4\n.nf\n${escaped(each.map((line) => line.slice(2)).join('\n'))}\n.fi`
    : `.PP\n${escaped(each.join('\n'))}`)).join('\n');
}

const kCommands = (section) => !/^(Options|Positionals)$/.test(section.title);
const titleOf = (path) => ['patchbay', ...path].join('-');
const usageOf = (help) => `${bold(['patchbay', ...help.path].join(' '))}${
  escaped(help.usage.slice(['patchbay', ...help.path].join(' ').length))}`;

const top = helpOf([]);
const names = top.sections.filter(kCommands).flatMap(({ entries }) => entries.map(([name]) => name));

function page(path, parts) {
  const title = titleOf(path).toUpperCase();
  const others = [[], ...names.map((name) => [name])].filter((each) => each.join() !== path.join());
  const also = path.length === 0 ? others : [[]];
  writeFileSync(join(out, `${titleOf(path)}.1`), `${[
    `.TH ${escaped(title)} 1 ${date} "Patchbay ${version}" "Patchbay"`,
    // A command or an address is not divided at the end of a line.
    '.nh\n.ad l',
    ...parts.filter(Boolean),
    '.SH SEE ALSO', also.map((each) => `${bold(titleOf(each))}(1)`).join(',\n'),
  ].join('\n')}\n`);
}

const kFiles = `.SH FILES
.TP
.I /etc/patchbay/config.yaml
Configuration of the service
.TP
.I /etc/patchbay/key
Its master key
.TP
.I /var/lib/patchbay
Its data, and at first the first API token`;

// A command's options and arguments, then each command below it, whose headings are smaller.
function bodyOf(help, level) {
  return help.sections.filter(({ title }) => /^(Options|Positionals)$/.test(title)).map((section) => level === 0
    ? `.SH ${section.title === 'Options' ? 'OPTIONS' : 'ARGUMENTS'}\n${entriesOf(section)}` : entriesOf(section));
}

mkdirSync(out, { recursive: true });
page([], [
  `.SH NAME\npatchbay \\- turns a SaaS API into MCP servers`, `.SH SYNOPSIS\n${usageOf(top)}`,
  `.SH DESCRIPTION\n${escaped(top.summary)}`, ...bodyOf(top, 0),
  '.SH COMMANDS',
  ...top.sections.filter(kCommands).map((section) => `.SS ${escaped(section.title)}\n${section.entries
    .map(([name, text]) => `.TP\n${bold(titleOf([name]))}(1)\n${escaped(text)}`).join('\n')}`),
  top.closing.length > 0 && `.SH NOTES\n${closingOf(top.closing).replace(/^\.PP\n/, '')}`, kFiles,
]);
for (const name of names) {
  const help = helpOf([name]);
  const inner = help.sections.filter(kCommands).flatMap(({ entries }) => entries.map(([each]) => helpOf([name, each])));
  page([name], [
    `.SH NAME\n${escaped(titleOf([name]))} \\- ${escaped(help.summary)}`,
    `.SH SYNOPSIS\n${[help, ...inner].map(usageOf).join('\n.br\n')}`, ...bodyOf(help, 0),
    inner.length > 0 && '.SH COMMANDS',
    ...inner.map((each) => [`.SS ${escaped(each.path.join(' '))}`, escaped(each.summary), '.PP', usageOf(each),
      ...bodyOf(each, 1), each.closing.length > 0 && closingOf(each.closing)].filter(Boolean).join('\n')),
    help.closing.length > 0 && `.SH NOTES\n${closingOf(help.closing).replace(/^\.PP\n/, '')}`, name === 'serve' && kFiles,
  ]);
}
