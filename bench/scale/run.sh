#!/usr/bin/env bash
# What grows with the number of MCP servers, on both databases: bench/scale/run.sh
#   --servers LIST     sizes, comma-separated (default 100,1000,10000,100000; 1000000 takes long)
#   --databases LIST   sqlite,postgresql (default both)
# Loopback only, any free ports; ends what it started. See docs/scaling.md.
set -euo pipefail
cd "$(dirname "$0")/../.."
for tool in setpriv sqlite3 node; do
  command -v "$tool" >/dev/null || {
    echo "$tool is missing: run \`make scale\`, which installs what it needs" >&2
    exit 1
  }
done
exec node bench/scale/run.mjs "$@"
