#!/usr/bin/env bash
# Several servers on one PostgreSQL, of which parts fail: tests/nodes/run.sh [file…]
# PATCHBAY_BIN names the binary; default build/release/patchbay.
set -euo pipefail
# Two files at a time in any case: much of their time is waiting for bounds to be over.
export PATCHBAY_TEST_LANES=2
here=$(cd "$(dirname "$0")" && pwd)
files=("$@")
((${#files[@]})) || files=("$here"/*.test.mjs)
exec "$here/../e2e/run.sh" "${files[@]}"
