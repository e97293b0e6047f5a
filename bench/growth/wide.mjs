// An integration as wide as the largest APIs: as many resources of five tools each as are asked for.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const kToolsOfResource = 5;

// Into `folder`/wide, for `serve --integrations folder`.
export function writeWideIntegration(folder, resources) {
  const room = join(folder, 'wide');
  mkdirSync(join(room, 'resources'), { recursive: true });
  writeFileSync(join(room, 'integration.yaml'), `
name: wide
allow_loopback_http: true
base_url: "{site}"
credentials:
  - {name: site, help: The host of the account.}
  - {name: token, type: password}
auth: {style: bearer, token: "{token}"}
pagination: {style: page, size_parameter: pageSize, max_size: 1000}
probe: {path: /info}
`);
  for (let i = 0; i < resources; ++i) {
    writeFileSync(join(room, 'resources', `part${i}s.yaml`), `
resource: part${i}s
tags: [${['even', 'odd'][i % 2]}, tenth${i % 10}, hundredth${i % 100}]
path: /part${i}s
fields:
  id: integer
  title: {type: string, max_length: 200, description: One line}
  state: [open, doing, done]
  due: date_time
methods:
  list:
    description: All of part ${i}, newest first. Use it to see what is open or overdue.
    parameters:
      state: {type: string, values: [open, doing, done], description: Where they stand}
  get: One of part ${i} with all of its fields, by its id.
  create:
    description: Adds one to part ${i}.
    body: [title, state, due]
    required: [title]
    examples:
      - {title: Renew the certificate}
  update:
    description: Changes one of part ${i}, what is given and nothing else.
    body: [title, state, due]
    examples:
      - {id: 5, state: done}
  delete: Removes one of part ${i} for good.
`);
  }
}
