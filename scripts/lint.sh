#!/usr/bin/env bash
# The checks that do not run the program: format, clang-tidy, and what must not stand in the tree.
#   scripts/lint.sh                 all; about ten minutes on two cores
#   scripts/lint.sh --changed REV   clang-tidy only for files changed since REV
#   scripts/lint.sh --quick         without clang-tidy
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/progress.sh

mapfile -t sources < <(git ls-files '*.h' '*.cpp')
step "clang-format" clang-format-19 --dry-run -Werror "${sources[@]}"

long=$(git ls-files 'src/*.h' 'src/*.cpp' | xargs wc -l | awk '$1 > 520 && $2 != "total"')
[[ -z $long ]] || { echo "longer than 500 lines; find the concern that wants a file of its own:"; echo "$long"; exit 1; }

[[ ${1:-} == --quick ]] && exit 0
[[ -f build/release/compile_commands.json ]] || scripts/build.sh release patchbay
mapfile -t units < <(git ls-files 'src/*.cpp' | grep -v '_bench\.cpp$')
if [[ ${1:-} == --changed ]]; then
  mapfile -t units < <(git diff --name-only --diff-filter=d "$2" -- 'src/*.cpp' | grep -v '_bench\.cpp$')
fi
((${#units[@]} == 0)) && exit 0
step "clang-tidy (${#units[@]} files)" bash -c \
  'printf "%s\n" "$@" | xargs -P "$(nproc)" -n 4 clang-tidy-19 -p build/release --quiet' _ "${units[@]}"
