#!/usr/bin/env bash
# How a call's cost grows, in instructions: bench/growth/run.sh [--servers 100000] [--picture FILE]
# Loopback only, any free ports; ends what it started. See docs/benchmarks.md.
set -euo pipefail
cd "$(dirname "$0")/../.."
source bench/lib/need.sh
need "make growth" valgrind strip node
exec node bench/growth/run.mjs "$@"
