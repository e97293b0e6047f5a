// The dashboard and the alerts speak of metrics and labels that a server tells.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { startDemo } from './harness/demo.mjs';
import { legacyCall, post } from './harness/http.mjs';

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const dashboard = JSON.parse(read('deploy/grafana/patchbay.json'));
const alerts = read('deploy/prometheus/alerts.yaml');

// Every expression: {where, expr}.
const expressions = [];
for (const panel of dashboard.panels) {
  for (const { expr } of panel.targets ?? []) expressions.push({ where: panel.title, expr });
}
for (const variable of dashboard.templating.list.filter(({ type }) => type === 'query')) {
  const [, name, label] = variable.query.query.match(/^label_values\((\w+), (\w+)\)$/);
  expressions.push({ where: variable.name, expr: `${name}{${label}=~".*"}` });
}
for (const [, block, single] of alerts.matchAll(/^ {8}expr: (?:\|\n((?: {10}.*\n)+)|(.+)\n)/gm)) {
  expressions.push({ where: 'alerts', expr: block ?? single });
}

const kFunctions = new Set(['sum', 'rate', 'increase', 'topk', 'histogram_quantile', 'by']);
// What labels may say, beyond what a short run shows.
const kValues = {
  outcome: ['ok', 'invalid_argument', 'unauthenticated', 'permission_denied', 'not_found', 'conflict', 'too_large',
    'rate_limited', 'timeout', 'cancelled', 'unavailable', 'upstream', 'unsupported', 'internal'],
  status: ['none', '1xx', '2xx', '3xx', '4xx', '5xx'],
  purpose: ['mcp', 'admin', 'operation'],
  event: ['wrong_token', 'wrong_second_factor', 'wrong_api_token', 'refused_scope', 'limit_hit', 'stream_ended', 'admin_change'],
};

// Names and labels of an expression: {selectors: [{name, labels: [[label, operator, value]]}], grouped, words}.
function parse(expr) {
  const selectors = [];
  let rest = expr.replace(/\b(patchbay_\w+)(?:\{([^}]*)\})?/g, (_, name, inside = '') => {
    const labels = [...inside.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g)].map(([, ...parts]) => parts);
    assert.equal(inside.replace(/(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g, '').replace(/[,\s]/g, ''), '', inside);
    selectors.push({ name, labels });
    return '';
  });
  const grouped = [];
  rest = rest.replace(/\bby\s*\(([^)]*)\)/g, (_, inside) => {
    grouped.push(...inside.split(',').map((label) => label.trim()));
    return '';
  }).replace(/\[[^\]]*\]/g, '');
  const words = [...rest.matchAll(/[A-Za-z_]\w*/g)].map(([word]) => word);
  return { selectors, grouped, words };
}

describe('the dashboard and the alerts', () => {
  const series = new Map();  // name of a sample → {label → values}
  const ends = [];
  after(async () => { for (const end of ends) await end(); });
  before(async () => {
    const demo = await startDemo({ after: (end) => ends.push(end) });
    for (const [name, args] of [['list_all_connect_wise_psa_tickets', { limit: 5 }],
      ['get_single_connect_wise_psa_ticket_by_id', { id: 'none' }]]) {
      assert.equal((await post(demo.mcp_url, legacyCall(name, args))).status, 200);
    }
    const { text, headers } = await demo.admin.request('GET', '/metrics');
    assert.match(headers.get('content-type'), /version=0\.0\.4/);
    for (const line of text.split('\n')) {
      const [, name, inside = ''] = line.match(/^(patchbay_\w+)(?:\{(.*)\})? /) ?? [];
      if (!name) continue;
      if (!series.has(name)) series.set(name, {});
      for (const [, label, value] of inside.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
        (series.get(name)[label] ??= new Set()).add(value);
      }
    }
    series.text = text;
    series.demo = demo;
  });

  test('there are many expressions, and each speaks of a metric', () => {
    assert.ok(expressions.length > 40, `${expressions.length}`);
    assert.equal(expressions.filter(({ where }) => where === 'alerts').length, alerts.match(/- alert:/g).length);
    for (const { where, expr } of expressions) assert.ok(parse(expr).selectors.length > 0, `${where}: ${expr}`);
  });

  test('every metric and label is told by a server, and every word is PromQL', () => {
    const wrong = [];
    for (const { where, expr } of expressions) {
      const { selectors, grouped, words } = parse(expr);
      const known = new Set(['instance']);  // Prometheus adds it
      for (const { name, labels } of selectors) {
        if (!series.has(name)) { wrong.push(`${where}: no series ${name}`); continue; }
        for (const label of Object.keys(series.get(name))) known.add(label);
        for (const [label, operator, value] of labels) {
          if (!series.get(name)[label]) wrong.push(`${where}: ${name} has no label ${label}`);
          if (value.startsWith('$') || value === '.*') continue;
          const values = operator.includes('~') ? value.split('|') : [value];
          wrong.push(...values.filter((each) => !kValues[label]?.includes(each)).map((each) => `${where}: ${label}="${each}"`));
        }
      }
      wrong.push(...grouped.filter((label) => !known.has(label)).map((label) => `${where}: by ${label}`));
      wrong.push(...words.filter((word) => !kFunctions.has(word)).map((word) => `${where}: ${word}`));
      if (expr.includes('histogram_quantile')) {
        assert.ok(selectors.some(({ name }) => name.endsWith('_bucket')) && grouped.includes('le'), expr);
      }
    }
    assert.deepEqual(wrong, []);
  });

  test('legends and alerts name labels that are there', () => {
    for (const panel of dashboard.panels) {
      for (const { expr, legendFormat } of panel.targets ?? []) {
        const { selectors, grouped } = parse(expr);
        for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
          assert.ok(grouped.includes(label) || (grouped.length === 0 && label === 'instance'),
            `${panel.title}: {{${label}}} of ${selectors[0].name}`);
        }
      }
    }
  });

  test('values are those of the calls: outcomes, bytes, an estimate of what was saved', () => {
    const { text, demo } = series;
    const value = (pattern) => Number(text.match(new RegExp(`^${pattern} (\\S+)$`, 'm'))?.[1]);
    assert.equal(value('patchbay_tool_calls_total\\{tool="list_all_connect_wise_psa_tickets",outcome="ok"\\}'), 1);
    assert.equal(value('patchbay_tool_calls_total\\{tool="get_single_connect_wise_psa_ticket_by_id",outcome="invalid_argument"\\}'), 1);
    const tool = '\\{tool="list_all_connect_wise_psa_tickets"\\}';
    const before = value(`patchbay_tool_upstream_bytes_total${tool}`);
    const result = value(`patchbay_tool_result_bytes_total${tool}`);
    assert.ok(before > result && result > 100, `${before}, ${result}`);
    assert.equal(value(`patchbay_tool_tokens_saved_total${tool}`), Math.floor((before - result) / 4));
    assert.equal(value(`patchbay_tool_call_seconds_count${tool}`), 1);
    assert.match(text, /^patchbay_server_calls_total\{mcp_server="mcp_\w+",outcome="ok"\} 1$/m);
    assert.match(text, /^patchbay_account_requests_total\{account="acc_\w+",status="2xx"\} \d+$/m);
    // Names that people gave stand nowhere.
    for (const secret of [demo.mcp_url.split('/').at(-1), demo.api_token, demo.credentials.public_key, new URL(demo.sandbox_url).host]) {
      assert.ok(!text.includes(secret));
    }
  });
});
