#!/usr/bin/env bash
# The packages: what is in them, and what they do to a bare system: tests/package/run.sh [file…]
# Packs the binary that PATCHBAY_BIN names (default build/release/patchbay), which lies in its build's folder.
# Installing is tried in a root that the test makes of the machine's own packages; that wants root, or sudo.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
PATCHBAY_BIN=$(realpath "${PATCHBAY_BIN:-build/release/patchbay}")
export PATCHBAY_BIN
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)}
export SOURCE_DATE_EPOCH
((EUID == 0)) || exec sudo -n --preserve-env=PATCHBAY_BIN,PATCHBAY_TEST_LANES,SOURCE_DATE_EPOCH "$here/run.sh" "$@"
failed() { echo "$1" >&2; echo "0 passed, 1 failed"; exit 1; }
[[ -x $PATCHBAY_BIN ]] || failed "there is no $PATCHBAY_BIN: run \`make build\`"
for program in dh lintian mandoc systemd-analyze unshare; do
  command -v "$program" >/dev/null || failed "$program is missing: run \`make test\`, which installs what it needs"
done
if ! cmp -s "$here/package-lock.json" "$here/node_modules/.installed"; then
  echo "Installing the checks of Dockerfile and compose file (once)"
  (cd "$here" && "$here/../../scripts/npm_ci.sh") || failed "npm could not install the checks"
  cp "$here/package-lock.json" "$here/node_modules/.installed"
fi
packages=$(mktemp -d)
export PATCHBAY_PACKAGES=$packages
trap 'rm -rf "$packages"' EXIT
packaging/build.sh "$PATCHBAY_BIN" "$packages" >"$packages/said" 2>&1 || failed "$(cat "$packages/said")"
files=()
for file in "$@"; do files+=("$(realpath "$file")"); done
((${#files[@]})) || files=("$here"/*.test.mjs)
"$here/../node_tests.sh" "${files[@]}"
