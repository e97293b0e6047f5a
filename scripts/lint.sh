#!/usr/bin/env bash
# The checks that do not run the program: format, clang-tidy, and what must not stand in the tree.
#   scripts/lint.sh                             all; about half an hour on two cores
#   scripts/lint.sh --changed REV [--most N]    clang-tidy only for what changed since REV, newest first
#   scripts/lint.sh --quick [file…]             without clang-tidy
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/progress.sh
source scripts/changed.sh

in_parallel() { xargs -r -d '\n' -P "$(nproc)" "$@"; }

mapfile -t sources < <(git ls-files '*.h' '*.cpp')
[[ ${1:-} == --quick ]] && (($# > 1)) && sources=("${@:2}")
check_format() { printf '%s\n' "${sources[@]}" | in_parallel -n 100 clang-format-19 --dry-run -Werror; }
step "clang-format" check_format

long=$(printf '%s\n' "${sources[@]}" | { grep '^src/' || true; } | xargs -r -d '\n' wc -l | awk '$1 > 520 && $2 != "total"')
[[ -z $long ]] || { echo "longer than 500 lines; find the concern that wants a file of its own:"; echo "$long"; exit 1; }

# Three seconds, once its packages are there.
[[ ${1:-} == --quick && -n ${2:-} ]] || step "dashboard (oxlint, prettier)" dashboard/lint.sh

[[ ${1:-} == --quick ]] && exit 0
# Configured anew, since files come and go; nothing has to be built. Of the preset without precompiled
# headers, so that what a file forgets to include is seen.
step "Configuring (dev)" cmake --preset dev
if [[ ${1:-} == --changed ]]; then
  most=${4:-0}
  mapfile -t units < <(changed_files "$2" | units_of)
  if ((most && ${#units[@]} > most)); then
    echo "clang-tidy: ${#units[@]} files changed; the $most changed last are looked at (make lint: all)"
    units=("${units[@]:0:most}")
  fi
else
  mapfile -t units < <(git ls-files 'src/*.cpp' | grep -v '_bench\.cpp$')
fi
((${#units[@]} == 0)) && exit 0
# What was found is told on standard output; how much was left out, on the other.
tidy() {
  printf '%s\n' "${units[@]}" | in_parallel -n 2 clang-tidy-19 -p build/dev --quiet \
    2> >(grep -vE '^\[[0-9]+/[0-9]+\] Processing file|^[0-9]+ warnings? (and [0-9]+ errors? )?generated' >&2)
}
step "clang-tidy (${#units[@]} files)" tidy
