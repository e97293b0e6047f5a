#!/usr/bin/env bash
# The house as it should stand: arrows between rooms, names, READMEs and documentation against the
# code: tests/house/run.sh [file…]
# Uses the compile flags of the build that PATCHBAY_BIN belongs to, and the binary itself; default
# build/release.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
export PATCHBAY_BIN=${PATCHBAY_BIN:-$PWD/build/release/patchbay}
if (($#)); then
  files=()
  for file in "$@"; do files+=("$(realpath "$file")"); done
else
  files=("$here"/*.test.mjs)
fi
exec "$here/../node_tests.sh" "${files[@]}"
