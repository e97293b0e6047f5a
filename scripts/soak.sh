#!/usr/bin/env bash
# Loads and attacks in their long form (tests/attack/harness/size.mjs): scripts/soak.sh <minutes>
# A third of the time each for the load of real clients on one node, the same on three, and everything that attacks at
# once; then all others, in rounds if there is time left. Each comes to its end, so that it takes some minutes more. PATCHBAY_BIN names the binary; default build/release/patchbay.
set -uo pipefail
cd "$(dirname "$0")/.."
minutes=$1
[[ $minutes =~ ^[1-9][0-9]*$ ]] || { echo "SOAK_MINUTES is a number of minutes, and not '$minutes'" >&2; exit 2; }
end=$((SECONDS + minutes * 60))
export PATCHBAY_SOAK=$((minutes * 20))
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

echo "Real clients, $PATCHBAY_SOAK s on one node and on three"
soak tests/nodes/soak.test.mjs
echo "Attacks all at once, $PATCHBAY_SOAK s"
soak tests/attack/soak.test.mjs
others=()
for file in tests/attack/*.test.mjs tests/nodes/*.test.mjs; do [[ $file == */soak.test.mjs ]] || others+=("$file"); done
for ((round = 1; round == 1 || SECONDS < end; ++round)); do
  echo "All others, round $round"
  soak "${others[@]}"
done
echo "$passed passed, $failed failed"
((failed == 0 && passed > 0))
