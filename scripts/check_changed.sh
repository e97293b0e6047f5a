#!/usr/bin/env bash
# Looks closely at what changed: clang-tidy on the files, and the unit tests of the rooms that they
# stand in under AddressSanitizer and UndefinedBehaviorSanitizer.
#   scripts/check_changed.sh [--minutes N] [REV]
# REV is what it is compared with; without it, see base_of_change in scripts/changed.sh. With a number
# of minutes, what changed last is looked at first, and what is left when they are over is named.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/changed.sh

minutes=0
if [[ ${1:-} == --minutes ]]; then
  minutes=$2
  shift 2
fi
base=$(git rev-parse "${1:-$(base_of_change)}")
deadline=$((SECONDS + minutes * 60))
# What is left of the time, or "0", which is no limit to `timeout`.
left() { ((minutes == 0)) && echo 0 || echo $((deadline > SECONDS ? deadline - SECONDS : 1)); }

mapfile -t rooms < <(changed_files "$base" | rooms_of)
echo "Changed since $(git log -1 --format='%h (%s)' "$base"): $(changed_files "$base" | wc -l) files of ${rooms[*]:-no room}"
((${#rooms[@]})) || exit 0

# A hundred files take five to seven minutes on two cores: as many as there is time for.
most=$((minutes * 15))
scripts/lint.sh --changed "$base" --most $((most > 100 ? 100 : most))
if ((minutes && SECONDS >= deadline)); then
  echo "Time is over. Not tested under sanitizers: ${rooms[*]}"
  exit 0
fi

export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1 CCACHE_COMPILERCHECK=content
cmake --preset asan >/dev/null
ninja -C build/asan -t targets all >build/asan/targets.txt
# The test program of a room, or of the room that an inner one is part of.
program_of() {
  local room=$1
  while ! grep -q "^${room//\//_}_test: " build/asan/targets.txt; do
    [[ $room == */* ]] || return 0
    room=${room%/*}
  done
  echo "${room//\//_}_test"
}
mapfile -t programs < <(for room in "${rooms[@]}"; do program_of "$room"; done | awk '!seen[$0]++')
built=()
for program in "${programs[@]}"; do
  if timeout "$(left)" scripts/build.sh asan "$program"; then
    built+=("$program")
  elif ((minutes && SECONDS >= deadline)); then
    break
  else
    exit 1
  fi
done
((${#built[@]} == ${#programs[@]})) ||
  echo "Time is over. Not tested under sanitizers: ${programs[*]:${#built[@]}}"
((${#built[@]})) || exit 0
scripts/test.sh asan --unit "${built[@]}"
