#!/usr/bin/env bash
# How often search finds the tool that somebody asks for: bench/eval/run.sh [OPENAPI-DOCUMENT] [--failures]
# The document is that of ConnectWise PSA; without it, the shipped pack alone is searched.
set -euo pipefail
cd "$(dirname "$0")/../.."

build=build/release
document=
more=()
for word in "$@"; do
  if [[ $word == --* ]]; then more+=("$word"); else document=$word; fi
done
if [[ -z $document ]]; then
  exec "$build/search_eval" bench/eval/requests.txt "${more[@]}"
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$build/patchbay" integration import "$document" --name connectwise_psa --integrations "$folder"
"$build/search_eval" bench/eval/requests.txt "$folder/connectwise_psa" "${more[@]}"
