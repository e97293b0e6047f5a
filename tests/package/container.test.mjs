// deploy/Dockerfile and deploy/compose.yaml: no container engine runs here, so they are judged by linters, and what
// can be tried without one is: that the health check tells a server that answers from one that does not.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { field, judged, read, root } from './harness/files.mjs';

const { validate } = createRequire(import.meta.url)('dockerfile-utils');
const dockerfile = read(join(root, 'deploy/Dockerfile'));

test('the Dockerfile is well formed, and ends as a user who is not root', () => {
  const problems = (text) => validate(text).map(({ range, message }) => `${range.start.line + 1}: ${message}`);
  assert.deepEqual(problems(dockerfile), []);
  assert.notDeepEqual(problems(dockerfile.replace('HEALTHCHECK', 'HEALTHCHEK')), []);
  assert.match(dockerfile.slice(dockerfile.lastIndexOf('\nFROM ')), /^USER 10001:10001$/m);
});

test('what the image leaves out of the package\'s dependencies is among them', () => {
  const [, left] = dockerfile.match(/sed 's\/(.*?)\/\/'/);
  assert.ok(field('Depends').includes(left), left);
});

for (const file of ['deploy/compose.yaml', 'deploy/ha/compose.yaml']) {
  test(`${file} is well formed`, () => {
    const { status, text } = judged(process.execPath, join(root, 'tests/package/node_modules/.bin/dclint'), '--color=false', '--max-warnings', '0',
      join(root, file));
    assert.equal(status, 0, text);
  });
}

test('the health check knows a server that is well, one that is not, and none', async (t) => {
  const [, json] = dockerfile.match(/^HEALTHCHECK .*?CMD (\[.*\])$/m);
  let answer = 200;
  const server = createServer((request, response) => response.writeHead(request.url === '/healthz' ? answer : 404).end('{}'));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  t.after(() => server.close());
  const [program, ...args] = JSON.parse(json).map((each) => each.replace('127.0.0.1/8080', `127.0.0.1/${server.address().port}`));
  const check = () => new Promise((done) => { spawn(program, args, { stdio: 'ignore' }).on('close', done); });
  assert.equal(await check(), 0);
  answer = 503;
  assert.notEqual(await check(), 0);
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  assert.notEqual(await check(), 0);
});
