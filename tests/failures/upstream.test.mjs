// An API that hangs, breaks off, talks nonsense or does not stop talking: each call ends in clear words and in time,
// others are answered meanwhile, and little memory is taken.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { held, isAnswered, kLook, mint, startDesk, status } from '../attack/harness/desk.mjs';
import { startSandbox } from '../e2e/harness/demo.mjs';
import { call, kNote, said } from '../nodes/harness/cluster.mjs';
import { Api, bad } from './harness/api.mjs';

// More than any of these needs by itself: the answer that is refused has at most 32 MiB, of two calls.
const kMegabytes = 160;

const ends = [];
const kept = { after: (end) => ends.push(end) };
after(async () => { for (const end of ends.reverse()) await end(); });
let desk, api, mine, calm;
before(async () => {
  const [sandbox, other] = await Promise.all([startSandbox(kept), startSandbox(kept)]);
  api = await Api.start(kept, sandbox.credentials.site);
  desk = await startDesk(kept, other.credentials, '--upstream-timeout', '1');
  calm = desk.one;
  mine = await mint(desk.admin, { ...sandbox.credentials, site: api.url }, 'Bad');
  await isAnswered(mine);
});

for (const what of Object.keys(bad)) {
  test(`an API that ${what}`, async () => {
    const before = held(desk);
    api.does(what);
    try {
      const note = { ticketId: 5012, internalAnalysisFlag: true, text: what };
      const [read, guarded, write] = await Promise.all([call(mine.url, kLook, { id: 5012 }),
        call(mine.url, kNote, note), call(mine.url, kNote, { ...note, allow_duplicate: true }), ...Array.from({ length: 5 }, () => isAnswered(calm))]);
      for (const answer of [read, guarded, write]) {
        assert.equal(answer.status, 200, answer.text);
        const { error } = said(answer);
        assert.ok(error?.code && error.message, answer.text);
        // One looks first whether the note is there already; of what was sent at once nobody knows.
        if (answer !== read) assert.equal(error.was_applied, answer === guarded ? 'no' : 'unknown', answer.text);
        assert.ok(!/<html|No HTTP/.test(answer.text), 'nothing of it is handed on');
      }
    } finally {
      api.does(undefined);
    }
    await isAnswered(mine);
    assert.ok(desk.program.alive);
    assert.ok(status(desk, 'VmHWM') / 1024 - before < kMegabytes, `${status(desk, 'VmHWM')} KB at its peak, ${before} MB before`);
  });
}
