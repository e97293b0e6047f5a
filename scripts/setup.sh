#!/usr/bin/env bash
# Installs what the named parts need, on Debian 12 (root or sudo), and says so before it does.
#   scripts/setup.sh build [test] [package] [ha] [bench] [scale] [profile] [lint]
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/progress.sh

declare -A why=(
  [build]="compiler and libraries, and npm, which fetches what builds the dashboard's pages"
  [test]="Node.js, to drive the server with MCP clients and agent programs, nginx, HAProxy and Caddy to stand between, valgrind, to
          count what a call costs, PostgreSQL, to share a database, Chromium, to look at the dashboard in, zsh and script, to type commands
          in, libfaketime, to set the clock, and what makes and judges packages"
  [package]="what makes packages"
  [ha]="HAProxy, etcd and Patroni, to run the site of deploy/ha, and ip, to make machines for it"
  [bench]="nginx and wrk, to measure beside"
  [scale]="PostgreSQL, and SQLite's own program, to look into databases from outside"
  [profile]="what reads the compiler's counts, and a linker that takes them"
  [lint]="clang-format and clang-tidy"
)
declare -A packages=(
  [build]="clang-19 mold cmake ninja-build ccache pkg-config ca-certificates tzdata
           libboost1.81-dev libsimdjson-dev libsqlite3-dev libpq-dev libsodium-dev libssl-dev libdeflate-dev zlib1g-dev
           libyaml-dev libre2-dev libfmt-dev libcli11-dev libhowardhinnant-date-dev
           doctest-dev libbenchmark-dev libclang-rt-19-dev"
  [test]="curl procps openssl nginx-light haproxy caddy libfaketime valgrind binutils postgresql-15 zsh bsdutils
         chromium fonts-dejavu-core debhelper patchelf lintian mandoc systemd"
  [package]="debhelper binutils patchelf"
  [ha]="haproxy etcd-server patroni postgresql-15 iproute2 openssl"
  [bench]="nginx-light wrk"
  [scale]="postgresql-15 sqlite3"
  [profile]="llvm-19 lld-19"
  [lint]="clang-format-19 clang-tidy-19"
)

missing=()
reasons=()
for part in "$@"; do
  wanted=${packages[$part]}
  # Any Node.js from 18 on will do to install the pinned one; Debian's is taken only if there is none.
  if [[ $part == test || $part == build ]] && ! { command -v node && command -v npm; } >/dev/null; then
    wanted+=" nodejs npm"
  fi
  lacking=()
  for package in $wanted; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
      lacking+=("$package")
  done
  if ((${#lacking[@]})); then
    missing+=("${lacking[@]}")
    reasons+=("  ${why[$part]}: ${lacking[*]}")
  fi
done
((${#missing[@]})) || exit 0

if ! command -v apt-get >/dev/null; then
  echo "These Debian packages are needed, and this system has no apt-get:" >&2
  printf '%s\n' "${reasons[@]}" >&2
  exit 1
fi
sudo=()
if ((EUID != 0)); then
  command -v sudo >/dev/null || {
    echo "Installing packages needs root. Run this as root, or install sudo. Needed:" >&2
    printf '%s\n' "${reasons[@]}" >&2
    exit 1
  }
  sudo=(sudo)
fi
echo "Patchbay needs these Debian packages and installs them now with ${sudo[*]:+sudo }apt-get:"
printf '%s\n' "${reasons[@]}"
# A package must not start a service of its own here (nginx is only started by tests and measurements).
step "Reading package lists" "${sudo[@]}" apt-get update -q
step "Installing ${#missing[@]} packages" "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
  apt-get install -q -y --no-install-recommends "${missing[@]}"
