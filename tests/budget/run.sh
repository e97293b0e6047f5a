#!/usr/bin/env bash
# The budget of a call bites: tests/budget/run.sh
# Uses the build that PATCHBAY_BIN belongs to; default build/release.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
export PATCHBAY_BIN=${PATCHBAY_BIN:-$PWD/build/release/patchbay}
exec "$here/../node_tests.sh" "$here"/*.test.mjs
