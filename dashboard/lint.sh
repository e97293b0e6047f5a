#!/usr/bin/env bash
# Format and lint of the pages; their types are checked by build.sh.
set -euo pipefail
cd "$(dirname "$0")"
source install.sh
"$node" node_modules/oxlint/bin/oxlint --quiet .
"$node" node_modules/prettier/bin/prettier.cjs --check --log-level warn .
