#!/usr/bin/env bash
# Runs each fuzz target for some seconds on its corpus: scripts/fuzz.sh <seconds>
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=$1
failed=0
count=0
for target in build/fuzz/*_fuzz; do
  name=$(basename "$target" _fuzz)
  work=$(mktemp -d)
  mkdir -p "fuzz/corpus/$name"
  count=$((count + 1))
  if "$target" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 -verbosity=0 \
    -artifact_prefix="$work/" "$work" "fuzz/corpus/$name" >"$work/log" 2>&1; then
    echo "  $name: $seconds s without a finding"
  else
    failed=$((failed + 1))
    echo "  $name: FOUND SOMETHING"
    tail -n 40 "$work/log"
  fi
  rm -rf "$work"
done
echo "$((count - failed)) passed, $failed failed"
((failed == 0 && count > 0))
