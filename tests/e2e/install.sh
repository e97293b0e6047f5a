#!/usr/bin/env bash
# Installs Node.js 22 and what tests/e2e needs when the lock file has changed. Other suites use it too, and may begin
# at the same moment.
set -euo pipefail
cd "$(dirname "$0")"
exec 9<package-lock.json
flock 9
cmp -s package-lock.json node_modules/.installed && exit 0
command -v npm >/dev/null || {
  echo "npm is missing: run \`make test\`, which installs what it needs" >&2
  echo "0 passed, 1 failed"
  exit 1
}
echo "Installing Node.js 22 and the MCP clients (once)"
../../scripts/npm_ci.sh
cp package-lock.json node_modules/.installed
