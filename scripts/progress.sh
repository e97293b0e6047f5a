# step "<what>" command…: runs a command with its output kept aside, shows that it is alive, and shows
# the end of the output if it fails.
step() {
  local what=$1 log started elapsed status
  shift
  log=$(mktemp)
  started=$SECONDS
  "$@" >"$log" 2>&1 </dev/null &
  local pid=$!
  trap 'kill $pid 2>/dev/null || true' INT TERM
  local shown=0
  while kill -0 $pid 2>/dev/null; do
    sleep 0.2
    elapsed=$((SECONDS - started))
    if [[ -t 1 ]]; then
      printf '\r%s … %d s' "$what" "$elapsed"
    elif ((elapsed >= shown + 20)); then
      shown=$elapsed
      echo "$what … $elapsed s"
    fi
  done
  status=0
  wait $pid || status=$?
  trap - INT TERM
  [[ -t 1 ]] && printf '\r'
  elapsed=$((SECONDS - started))
  if ((status)); then
    echo "$what: failed after $elapsed s. The end of its output:"
    tail -n 30 "$log"
  else
    echo "$what: done in $elapsed s"
  fi
  rm -f "$log"
  return $status
}
