# Sourced: ends with words where a program is missing. need "make target" program…
need() {
  local how=$1 program
  shift
  for program in "$@"; do
    command -v "$program" >/dev/null || PATH=$PATH:/usr/sbin command -v "$program" >/dev/null || {
      echo "$program is missing: run \`$how\`, which installs what it needs" >&2
      exit 1
    }
  done
}
