#!/usr/bin/env bash
# Runs the tests of one built preset and ends with one line: "N passed, N failed".
#   scripts/test.sh <preset> [--unit [program…]]
# One more run beside each other than there are cores; each is told when it ends.
set -uo pipefail
cd "$(dirname "$0")/.."
preset=$1
shift
build=build/$preset
lanes=$(($(nproc) + 1)) # much of a suite's time is waiting

# ---- what is to be run ---------------------------------------------------------------------------

export PATCHBAY_TEST_LANES=1 PATCHBAY_BIN=$PWD/$build/patchbay
suites=()
if [[ ${1:-} == --unit ]]; then
  programs=("${@:2}")
  programs=("${programs[@]/#/$build/}")
else
  programs=()
  suites=(tests/*/run.sh)
fi
# Those that CMake knows: a folder that has been built before may hold programs of rooms that are gone.
if ((!${#programs[@]})); then
  mapfile -t programs < <(ctest --test-dir "$build" -N 2>/dev/null |
    sed -n "s|^ *Test *#[0-9]*: \(.*\)|$build/\1_test|p")
  for program in "${programs[@]}"; do
    [[ -x $program ]] || { echo "there is no $program: build first" >&2; exit 1; }
  done
fi
((${#programs[@]})) || { echo "no test programs in $build: build first" >&2; exit 1; }

# What takes longest begins first, so that all cores are busy until the end. A suite has one lane, like
# a program.
longest=(tests/e2e/run.sh tests/dashboard/run.sh "$build/gateway_test" "$build/sandbox_test" tests/conformance/run.sh
  tests/nodes/run.sh tests/agents/run.sh tests/clients/run.sh tests/house/run.sh "$build/http_test")
jobs=()
for job in "${longest[@]}"; do
  [[ " ${programs[*]} ${suites[*]} " == *" $job "* ]] && jobs+=("$job")
done
for job in "${suites[@]}" "${programs[@]}"; do
  [[ " ${longest[*]} " == *" $job "* ]] || jobs+=("$job")
done

# ---- running -------------------------------------------------------------------------------------

work=$(mktemp -d)
declare -A running=() begun=() # by process: the job, and when it began
# Each job is a group of processes, so that nothing of it outlives us.
end() {
  trap - EXIT INT TERM
  for pid in "${!running[@]}"; do kill -KILL -- "-$pid" 2>/dev/null; done
  rm -rf "$work"
}
trap end EXIT
trap 'end; exit 130' INT TERM

name_of() { [[ $1 == */run.sh ]] && basename "$(dirname "$1")" || basename "$1"; }

begin() {
  local job=$1 log arguments=()
  log=$work/$(name_of "$job")
  [[ $job == *_test ]] && arguments=(--no-version)
  # The shell in between outlives a program that crashes, and keeps how it ended.
  setsid bash -c '"${@:2}"; echo $? >"$1"' _ "$log.status" "$job" "${arguments[@]}" \
    >"$log" 2>&1 </dev/null &
  running[$!]=$job
  begun[$!]=${EPOCHREALTIME/./}
}

passed=0
failed=0
# What a job that ended counts for, and its output where it is of use.
told() {
  local job=$1 status=$2 seconds=$3 name log counts ok bad
  name=$(name_of "$job")
  log=$work/$name
  case $job in
    # doctest closes with: [doctest] test cases:  12 |  12 passed | 0 failed | 0 skipped
    *_test) counts=$(sed 's/\x1b\[[0-9;]*m//g' "$log" | grep -oE 'test cases: .*' | tail -1) ;;
    *) counts=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -1) ;;
  esac
  ok=$(grep -oE '[0-9]+ passed' <<<"$counts" | grep -oE '[0-9]+')
  bad=$(grep -oE '[0-9]+ failed' <<<"$counts" | grep -oE '[0-9]+')
  ok=${ok:-0}
  bad=${bad:-0}
  # It crashed before it could count, or never counted.
  if ((bad == 0 && status != 0)) || [[ -z $counts ]]; then bad=$((bad > 0 ? bad : 1)); fi
  passed=$((passed + ok))
  failed=$((failed + bad))
  if ((bad)); then
    # Of a suite with hundreds of tests, what went wrong; of a crash, everything.
    if [[ -n $counts ]]; then grep -vE '^  ok  ' "$log"; else cat "$log"; fi
    printf '  %-16s %4d passed, %d FAILED (exit %d), %s s\n' "$name" "$ok" "$bad" "$status" "$seconds"
  else
    printf '  %-16s %4d passed  %6s s\n' "$name" "$ok" "$seconds"
  fi
}

echo "Tests ($preset), $lanes at a time"
waiting=("${jobs[@]}")
while ((${#waiting[@]} || ${#running[@]})); do
  while ((${#waiting[@]} && ${#running[@]} < lanes)); do
    begin "${waiting[0]}"
    waiting=("${waiting[@]:1}")
  done
  wait -n "${!running[@]}"
  for pid in "${!running[@]}"; do
    kill -0 "$pid" 2>/dev/null && continue
    status=$(cat "$work/$(name_of "${running[$pid]}").status" 2>/dev/null)
    tenths=$(((${EPOCHREALTIME/./} - begun[$pid]) / 100000))
    told "${running[$pid]}" "${status:-137}" "$((tenths / 10)).$((tenths % 10))"
    unset "running[$pid]"
  done
done

echo
echo "$passed passed, $failed failed"
((failed == 0 && passed > 0))
