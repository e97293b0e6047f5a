#!/usr/bin/env bash
# What grows with the number of MCP servers, on both databases: bench/scale/run.sh
#   --servers LIST     sizes, comma-separated (default 100,1000,10000,100000; 1000000 takes long)
#   --databases LIST   sqlite,postgresql (default both)
# Loopback only, any free ports; ends what it started. See docs/scaling.md.
set -euo pipefail
cd "$(dirname "$0")/../.."
source bench/lib/need.sh
need "make scale" setpriv sqlite3 node
exec node bench/scale/run.mjs "$@"
