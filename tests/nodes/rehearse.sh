#!/usr/bin/env bash
# High availability, rehearsed on machines that are namespaces: tests/nodes/rehearse.sh
# PATCHBAY_BIN names the binary; default build/release/patchbay. Wants root, or sudo.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
PATCHBAY_BIN=$(realpath "${PATCHBAY_BIN:-$here/../../build/release/patchbay}")
export PATCHBAY_BIN
((EUID == 0)) || exec sudo -n --preserve-env=PATCHBAY_BIN,PATCHBAY_REHEARSAL_LOGS "$0" "$@"
for program in haproxy patroni etcd ip unshare nsenter openssl; do
  command -v "$program" >/dev/null || { echo "$program is missing: run \`make ha\`, which installs what it needs" >&2; exit 1; }
done
# Node.js is fetched while there is a network.
"$here/../node_tests.sh" --version >/dev/null
export PATCHBAY_TEST_LANES=1 PATCHBAY_TEST_TIMEOUT=1800000
# A network, mounts and processes that end with us, whatever happens.
exec unshare --net --mount --pid --fork --kill-child --mount-proc bash -euc '
  mount -t tmpfs run /run
  mkdir /run/netns /run/ca
  # Whoever signs for the balancer, the databases and the API: Node.js has to know it when it starts.
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=Rehearsal \
    -addext basicConstraints=critical,CA:TRUE -keyout /run/ca/ca.key -out /run/ca/ca.pem 2>/dev/null
  export NODE_EXTRA_CA_CERTS=/run/ca/ca.pem
  printf "127.0.0.1 localhost\n10.0.0.10 mcp.example.com\n" >/run/hosts
  mount --bind /run/hosts /etc/hosts
  exec "$0" "$@"' "$here/run.sh" "$here/rehearsal/ha.mjs"
