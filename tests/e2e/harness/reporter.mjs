// One line a test, the reason of each failure below it, and a closing line to count by.
import { basename } from 'node:path';

export default async function* report(events) {
  let passed = 0;
  let failed = 0;
  const titles = [];  // of the groups that are open, by nesting
  for await (const { type, data } of events) {
    if (type === 'test:start') titles[data.nesting] = data.name;
    // What a test measured; the runner's own figures come at the outermost level.
    if (type === 'test:diagnostic' && data.nesting > 0) yield `          ${data.message}\n`;
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const group = data.details.type === 'suite';
    if (group && type === 'test:pass') continue;
    // A group that fails only because of what is in it has been told already.
    if (data.details.error?.failureType === 'subtestsFailed') continue;
    const where = [basename(data.file ?? '').replace(/\.test\.mjs$/, ''),
      ...titles.slice(0, data.nesting), data.name].join(' · ');
    if (type === 'test:pass' && data.skip === undefined && data.todo === undefined) {
      passed += 1;
      yield `  ok      ${where} (${Math.round(data.details.duration_ms)} ms)\n`;
    } else {
      failed += 1;
      const error = data.details.error;
      const reason = error?.cause?.stack ?? error?.cause ?? error?.stack ?? 'skipped';
      const told = String(reason).split('\n').filter((line) => !/^ +at .*node:internal|^\s*$/.test(line));
      yield `  FAILED  ${where}\n${told.map((line) => `          ${line}\n`).join('')}`;
    }
  }
  yield `${passed} passed, ${failed} failed\n`;
}
