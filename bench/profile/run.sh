#!/usr/bin/env bash
# Makes cmake/release.profdata anew, by which the compiler lays out the path of a call: build the
# preset "train", then bench/profile/run.sh. Loopback only, any free ports; ends what it started.
set -euo pipefail
cd "$(dirname "$0")/../.."
source bench/lib/need.sh
need "make profile" node llvm-profdata-19
out=cmake/release.profdata
counts=$(mktemp -d)
trap 'rm -rf "$counts"' EXIT
PATCHBAY_BIN=build/train/patchbay node bench/profile/run.mjs "$counts"
llvm-profdata-19 merge --sparse --text -o "$counts/all" "$counts"/*.profraw
node bench/profile/keep.mjs "$counts/all" >"$counts/kept"
llvm-profdata-19 merge -o "$counts/checked" "$counts/kept"
mv "$counts/checked" "$out"
echo "$out: $(wc -c <"$out") bytes"
