// An integration that a test writes and rewrites, and the API that it is of: tasks, with a stub that
// answers as fast, or as slowly, as it is told.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

export const about = (more = '') => `name: acme
label: Acme
base_url: "{base_url}"
allow_loopback_http: true
credentials:
  - {name: base_url, help: The address of the API, secret: false}
auth: {style: none}
pagination: {style: page, size_parameter: per_page, max_size: 100}
probe: {path: /tasks}
${more}`;

// `edit`: stands in the description. `methods`: YAML below `methods:`, beside the list.
export const tasks = (edit, methods = '') => `resource: tasks
path: /tasks
fields:
  id: integer
  title: {type: string, max_length: 200, description: One line}
methods:
  list:
    description: "Edit ${edit}: tasks of all projects, newest first. Use it to see what is open or overdue."
    parameters:
      state: {type: string, values: [open, doing, done], description: Where they stand}
${methods}`;

export const getMethod = '  get: One task with all of its fields, by its id. Use it for what a list leaves out.\n';

// The folder of integrations below `folder`, with the pack `acme` in it, and what rewrites its files.
export function writtenPack(folder) {
  const integrations = join(folder, 'integrations');
  const write = (file, text) => {
    const path = join(integrations, 'acme', file);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
  };
  write('integration.yaml', about());
  write('resources/tasks.yaml', tasks(0, getMethod));
  return { integrations, write };
}

// `delay(url)`: milliseconds that it takes.
export async function startTasks(t, delay = () => 0) {
  const stub = { asked: 0 };
  const server = createServer((request, response) => {
    stub.asked++;
    const url = new URL(request.url, 'http://stub');
    const id = Number(url.pathname.match(/\/tasks\/(\d+)$/)?.[1]);
    const one = (number) => ({ id: number, title: `Task ${number}` });
    setTimeout(() => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(id ? one(id) : [one(1), one(2)]));
    }, delay(url));
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  t.after(() => { server.closeAllConnections(); server.close(); });
  stub.url = `http://127.0.0.1:${server.address().port}`;
  return stub;
}
