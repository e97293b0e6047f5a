// The outcome as Markdown, so that it can be pasted into docs/benchmarks.md.

// "" of what was not measured.
function round(n) {
  if (!Number.isFinite(n)) return '';
  return n >= 100 ? Math.round(n).toLocaleString('en') : n.toFixed(n >= 10 ? 1 : 2);
}
const verdict = (met) => (met === undefined ? '' : met ? 'met' : 'NOT met');

export function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, c) => cell.padEnd(widths[c])).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [line(rows[0]), rule, ...rows.slice(1).map(line)].join('\n');
}

export class Table {
  #rows = [['what', 'connections', 'nginx /s', 'Node /s', 'Patchbay /s', 'of nginx', 'x Node',
    'p99 ms: nginx', 'Node', 'Patchbay', 'CPU us: nginx', 'Node', 'Patchbay', 'bar', '']];
  #facts = [['what', 'measured', 'bar', '']];

  row(what, connections, { limit, node, ours }, bar) {
    this.#rows.push([what, String(connections),
      round(limit.perSecond), round(node?.perSecond), round(ours.perSecond),
      round(ours.perSecond / limit.perSecond), round(ours.perSecond / node?.perSecond),
      round(limit.p99), round(node?.p99), round(ours.p99),
      round(limit.processor), round(node?.processor), round(ours.processor),
      bar ? bar.text : '', bar ? verdict(bar.met) : '']);
  }

  fact(what, measured, bar = '', met = undefined) {
    this.#facts.push([what, measured, bar, verdict(met)]);
  }

  text() {
    const tables = [this.#rows, this.#facts].filter((rows) => rows.length > 1).map(aligned);
    return `\n${tables.join('\n\n')}\n`;
  }
}
