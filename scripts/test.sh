#!/usr/bin/env bash
# Runs the tests of one built preset and ends with one line: "N passed, N failed".
#   scripts/test.sh <preset> [--unit]
set -uo pipefail
cd "$(dirname "$0")/.."
preset=$1
unit_only=${2:-}
build=build/$preset
passed=0
failed=0

# doctest closes with: [doctest] test cases:  12 |  12 passed | 0 failed | 0 skipped
run_unit() {
  local program=$1 name log counts
  name=$(basename "$program")
  log=$(mktemp)
  "$program" --no-version >"$log" 2>&1
  local status=$?
  counts=$(sed 's/\x1b\[[0-9;]*m//g' "$log" | grep -oE 'test cases: .*' | tail -1)
  local ok bad
  ok=$(grep -oE '[0-9]+ passed' <<<"$counts" | grep -oE '[0-9]+')
  bad=$(grep -oE '[0-9]+ failed' <<<"$counts" | grep -oE '[0-9]+')
  ok=${ok:-0}
  bad=${bad:-0}
  if ((status != 0 && bad == 0)); then bad=1; fi # it crashed before it could count
  passed=$((passed + ok))
  failed=$((failed + bad))
  if ((bad)); then
    cat "$log"
    printf '  %-16s %4d passed, %d FAILED (exit %d)\n' "$name" "$ok" "$bad" "$status"
  else
    printf '  %-16s %4d passed\n' "$name" "$ok"
  fi
  rm -f "$log"
}

echo "Unit tests ($preset)"
programs=("$build"/*_test)
[[ -x ${programs[0]} ]] || { echo "no test programs in $build: build first" >&2; exit 1; }
for program in "${programs[@]}"; do run_unit "$program"; done

if [[ $unit_only != --unit ]]; then
  for suite in tests/*/run.sh; do
    [[ -x $suite ]] || continue
    name=$(basename "$(dirname "$suite")")
    echo "$name tests"
    log=$(mktemp)
    PATCHBAY_BIN=$PWD/$build/patchbay "$suite" 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    counts=$(grep -oE '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -1)
    ok=$(grep -oE '^[0-9]+' <<<"$counts")
    bad=$(grep -oE '[0-9]+ failed' <<<"$counts" | grep -oE '[0-9]+')
    ok=${ok:-0}
    bad=${bad:-0}
    if ((status != 0 && bad == 0)); then bad=1; fi
    if [[ -z $counts ]]; then
      echo "$name: no closing line, counted as failed"
      bad=$((bad > 0 ? bad : 1))
    fi
    passed=$((passed + ok))
    failed=$((failed + bad))
    rm -f "$log"
  done
fi

echo
echo "$passed passed, $failed failed"
((failed == 0 && passed > 0))
