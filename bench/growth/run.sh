#!/usr/bin/env bash
# How a call's cost grows, in instructions: bench/growth/run.sh [--servers 100000] [--picture FILE]
# Loopback only, any free ports; ends what it started. See docs/benchmarks.md.
set -euo pipefail
cd "$(dirname "$0")/../.."
for tool in valgrind strip node; do
  command -v "$tool" >/dev/null || {
    echo "$tool is missing: run \`make growth\`, which installs what it needs" >&2
    exit 1
  }
done
exec node bench/growth/run.mjs "$@"
