#!/usr/bin/env bash
# What a start costs, with the shipped packs and with a whole API: bench/start/run.sh [OPENAPI]
#   --starts N   so many each (10)
# Loopback only, any free ports; ends what it started. See docs/benchmarks.md.
set -euo pipefail
cd "$(dirname "$0")/../.."
source bench/lib/need.sh
need "make start" valgrind strip node
exec node bench/start/run.mjs "$@"
