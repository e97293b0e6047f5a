# What has changed, for checks that look at no more than that.

# The revision since which something counts as changed: where this branch left the main one, or,
# where it is the main one (a CI that clones what was submitted), what stood a day before its last
# commit. A day holds one piece of work; what is older was looked at when it was new.
base_of_change() {
  local head main day base
  head=$(git rev-parse HEAD)
  for main in origin/main main; do
    day=$(git merge-base "$main" HEAD 2>/dev/null) || continue
    [[ $day == "$head" ]] || { echo "$day"; return; }
  done
  day=$(($(git log -1 --format=%ct) - 86400))
  base=$(git rev-list -1 --before="$day" HEAD)
  # Of a shallow clone the oldest commit that there is.
  echo "${base:-$(git rev-list --max-parents=0 HEAD | tail -1)}"
}

# changed_files REV: sources and headers under src/ that are not as they were in REV, what changed
# last first. A file that only moved is as it was.
changed_files() {
  {
    git diff --name-only --diff-filter=d HEAD -- 'src/*.h' 'src/*.cpp'
    git ls-files -o --exclude-standard -- 'src/*.h' 'src/*.cpp'
    git log --format= --name-only "$1..HEAD" -- 'src/*.h' 'src/*.cpp'
  } | awk '
    NR == FNR { changed[$0]; next }
    $0 in changed && !seen[$0]++' \
    <(git diff -M --name-status --diff-filter=d "$1" -- src | awk '$1 != "R100" { print $NF }'
      git ls-files -o --exclude-standard -- src) -
}

# units_of: of the files on standard input, what clang-tidy is run on. A header is read through the
# source file of its name, or else through one that includes it.
units_of() {
  local file unit
  while IFS= read -r file; do
    case $file in
      *_bench.cpp) continue ;;
      *.cpp) unit=$file ;;
      *)
        unit=${file%.h}.cpp
        # Under `set -e` with pipefail, neither no match nor a closed pipe may end the list here.
        [[ -f $unit ]] || unit=$(git grep -lF "#include \"${file#src/}\"" -- 'src/*.cpp' |
          sed -n '/_bench\.cpp$/!{p;q}' || true)
        ;;
    esac
    [[ -z $unit ]] || echo "$unit"
  done | awk '!seen[$0]++'
}

# rooms_of: of the files on standard input, the folders, those first that come first.
rooms_of() { sed -n 's|^src/\(.*\)/[^/]*$|\1|p' | awk '!seen[$0]++'; }
