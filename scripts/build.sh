#!/usr/bin/env bash
# Configures and builds one preset: scripts/build.sh <preset> [target…]
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/progress.sh
preset=$1
shift
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1 CCACHE_COMPILERCHECK=content
# Else ccache keeps away from what uses a precompiled header.
export CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_PCH_EXTSUM=1
[[ -f build/$preset/build.ninja ]] || step "Configuring ($preset)" cmake --preset "$preset"
if [[ -t 1 ]]; then
  export NINJA_STATUS="Building ($preset) [%f/%t] "
  exec ninja -C "build/$preset" "$@"
fi
echo "Building ($preset)"
# Without a terminal ninja prints a line a file; every twentieth is enough to see it move.
export NINJA_STATUS="[%f/%t] "
ninja -C "build/$preset" "$@" | {
  files=0
  while IFS= read -r line; do
    if [[ $line =~ ^\[[0-9]+/[0-9]+\] ]]; then
      ((++files % 20)) && continue
    fi
    printf '%s\n' "$line"
  done
}
