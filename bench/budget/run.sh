#!/usr/bin/env bash
# Holds what a call costs, in instructions and heap allocations, to its budget: bench/budget/run.sh
#   --only NAME   this path (again for more)     --write   makes what is measured the budget
#   --top N       the N dearest functions of each path
# Loopback only, any free ports; ends what it started. See docs/benchmarks.md.
set -euo pipefail
cd "$(dirname "$0")/../.."
for tool in valgrind strip node; do
  command -v "$tool" >/dev/null || {
    echo "$tool is missing: run \`make budget\`, which installs what it needs" >&2
    exit 1
  }
done
exec node bench/budget/run.mjs "$@"
