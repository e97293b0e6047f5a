#!/usr/bin/env bash
# Builds the pages into a folder: dashboard/build.sh OUT
# Installs what the lock file pins once; quiet unless something is wrong.
set -euo pipefail
(($# == 1)) || { echo "dashboard/build.sh OUT" >&2; exit 2; }
mkdir -p "$1"
out=$(realpath "$1")
cd "$(dirname "$0")"
source install.sh

said=$(mktemp)
trap 'rm -f "$said"' EXIT
run() { "$@" >"$said" 2>&1 || { echo "dashboard: $1 ${2##*/} failed" >&2; cat "$said" >&2; exit 1; }; }

run "$node" scripts/types.mjs ../src/admin/openapi.json src/api/generated.ts
# What is wrong in a type is told beside the bundling, which takes as long.
"$node" node_modules/typescript/bin/tsc --noEmit >"$said.tsc" 2>&1 & tsc=$!
run "$node" node_modules/vite/bin/vite.js build --logLevel warn --outDir "$out" --emptyOutDir
wait "$tsc" || { echo "dashboard: tsc found faults" >&2; cat "$said.tsc" >&2; rm -f "$said.tsc"; exit 1; }
rm -f "$said.tsc"
