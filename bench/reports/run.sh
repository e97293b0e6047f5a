#!/usr/bin/env bash
# What reports cost on a large PSA: bench/reports/run.sh [--scale 25]
# Loopback only, any free ports; ends what it started. See docs/benchmarks.md.
set -euo pipefail
cd "$(dirname "$0")/../.."
source bench/lib/need.sh
need "make reports" node
exec node bench/reports/run.mjs "$@"
