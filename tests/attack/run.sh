#!/usr/bin/env bash
# Attacks on the real binary, over the loopback: tests/attack/run.sh [file…]
# PATCHBAY_BIN names the binary; default build/release/patchbay.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
export PATCHBAY_BIN=${PATCHBAY_BIN:-$PWD/build/release/patchbay}
[[ -x $PATCHBAY_BIN ]] || {
  echo "there is no $PATCHBAY_BIN: run \`make build\`" >&2
  echo "0 passed, 1 failed"
  exit 1
}
if (($#)); then
  files=()
  for file in "$@"; do files+=("$(realpath "$file")"); done
else
  files=("$here"/*.test.mjs)
fi
exec "$here/../node_tests.sh" "${files[@]}"
