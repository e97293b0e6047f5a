#!/usr/bin/env bash
# The attacks, and what befalls several servers, in their long form (tests/attack/harness/size.mjs): scripts/soak.sh <minutes>
# Half of the time for the mixed load, the rest for rounds of all others; each comes to its end, so that
# it takes some minutes more. PATCHBAY_BIN names the binary; default build/release/patchbay.
set -uo pipefail
cd "$(dirname "$0")/.."
minutes=$1
[[ $minutes =~ ^[1-9][0-9]*$ ]] || { echo "SOAK_MINUTES is a number of minutes, and not '$minutes'" >&2; exit 2; }
end=$((SECONDS + minutes * 60))
export PATCHBAY_SOAK=$((minutes * 30))
# One file at a time: what is measured is the server, and not the other tests. None goes on for ever.
export PATCHBAY_TEST_LANES=1 PATCHBAY_TEST_TIMEOUT=$(((900 + 3 * PATCHBAY_SOAK) * 1000))

passed=0
failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# Counts what one run says at its end; a run that does not get there has failed.
soak() {
  tests/attack/run.sh "$@" | tee "$log" | grep -vE '^[0-9]+ passed, [0-9]+ failed$'
  local counts
  counts=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -1)
  read -r ok _ bad _ <<<"${counts:-0 passed, 1 failed}"
  passed=$((passed + ok))
  failed=$((failed + bad))
}

echo "Mixed load, $((minutes * 30)) s"
soak tests/attack/soak.test.mjs
others=()
for file in tests/attack/*.test.mjs tests/nodes/*.test.mjs; do [[ $file == */soak.test.mjs ]] || others+=("$file"); done
for ((round = 1; round == 1 || SECONDS < end; ++round)); do
  echo "All others, round $round"
  soak "${others[@]}"
done
echo "$passed passed, $failed failed"
((failed == 0 && passed > 0))
