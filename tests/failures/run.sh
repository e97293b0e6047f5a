#!/usr/bin/env bash
# What fails around the program, on the real binary: tests/failures/run.sh [file…]
# PATCHBAY_BIN names the binary; default build/release/patchbay.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
files=("$@")
((${#files[@]})) || files=("$here"/*.test.mjs)
exec "$here/../e2e/run.sh" "${files[@]}"
