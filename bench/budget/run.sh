#!/usr/bin/env bash
# Holds what a call costs, in instructions and heap allocations, to its budget: bench/budget/run.sh
#   --only NAME   this path (again for more)     --write   makes what is measured the budget
#   --top N       the N dearest functions of each path
# Loopback only, any free ports; ends what it started. See docs/benchmarks.md.
set -euo pipefail
cd "$(dirname "$0")/../.."
source bench/lib/need.sh
need "make budget" valgrind strip node
exec node bench/budget/run.mjs "$@"
