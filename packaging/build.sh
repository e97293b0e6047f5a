#!/usr/bin/env bash
# Packs a built program: packaging/build.sh PROGRAM OUT [BUILD]
# Leaves in OUT patchbay_VERSION-REVISION_ARCH.deb, patchbay-VERSION-linux-MACHINE.tar.gz and
# patchbay-VERSION.spdx.json, and says their names. BUILD is the folder that the program was built in
# (its own, unless it is named), which knows what was compiled into it. The same program makes the same
# bytes: all times are SOURCE_DATE_EPOCH, by default that of the last commit.
# PATCHBAY_REVISION is the package's revision (default 1).
set -euo pipefail
(($# == 2 || $# == 3)) || { echo "packaging/build.sh PROGRAM OUT [BUILD]" >&2; exit 2; }
program=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
build=$(realpath "${3:-$(dirname "$program")}")
cd "$(dirname "$0")/.."
source packaging/node.sh

export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)}
export LC_ALL=C TZ=UTC
umask 022
version=$("$program" --version | awk '{print $2}')
day=$(date -d "@$SOURCE_DATE_EPOCH" +%F)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# ---- what both hold ------------------------------------------------------------------------------

stage=$work/package/stage
install -D "$program" "$stage/usr/bin/patchbay"
strip --remove-section=.comment --remove-section=.note "$stage/usr/bin/patchbay"
install -D -m 644 packaging/config.yaml "$stage/etc/patchbay/config.yaml"
install -D -m 644 packaging/sysusers.conf "$stage/usr/lib/sysusers.d/patchbay.conf"
mkdir -p "$stage/usr/share/bash-completion/completions" "$stage/usr/share/zsh/vendor-completions" "$work/package/doc"
"$program" completion bash >"$stage/usr/share/bash-completion/completions/patchbay"
"$program" completion zsh >"$stage/usr/share/zsh/vendor-completions/_patchbay"
"$node" packaging/manual.mjs "$program" "$version" "$day" "$work/package/man"
"$node" packaging/sbom.mjs "$stage/usr/bin/patchbay" "$build" "$version" "$SOURCE_DATE_EPOCH" \
  "$work/package/doc/patchbay-$version.spdx.json" "$work/package/doc/THIRD-PARTY-NOTICES"
cp "$work/package/doc/patchbay-$version.spdx.json" "$out"

# ---- the Debian package --------------------------------------------------------------------------

cp -r packaging/debian CHANGELOG.md "$work/package"
cp deploy/patchbay.service "$work/package/debian"
cat >"$work/package/debian/changelog" <<END
patchbay ($version-${PATCHBAY_REVISION:-1}) stable; urgency=medium

  * What changed stands in /usr/share/doc/patchbay/changelog.gz.

 -- $(sed -n 's/^Maintainer: //p' packaging/debian/control)  $(date -R -d "@$SOURCE_DATE_EPOCH")
END
said=$work/said
(cd "$work/package" && debian/rules binary) >"$said" 2>&1 || { tail -n 30 "$said" >&2; exit 1; }
package=$(basename "$work"/*.deb)
mv "$work/$package" "$out"

# ---- the tarball ---------------------------------------------------------------------------------

name=patchbay-$version-linux-$(uname -m)
tree=$work/$name
mkdir -p "$tree/bin" "$tree/lib/patchbay" "$tree/share/man/man1" "$tree/share/doc"
cp -r "$stage/usr/bin/patchbay" "$tree/bin"
# All but the C library goes along, so that any Linux of the same machine and no older C library runs it.
while read -r library; do
  copy=$tree/lib/patchbay/$(basename "$library")
  install -m 644 "$(realpath "$library")" "$copy"
  patchelf --set-rpath '$ORIGIN' "$copy"
done < <("$node" packaging/libraries.mjs "$program")
patchelf --set-rpath '$ORIGIN/../lib/patchbay' "$tree/bin/patchbay"
cp -r "$stage/usr/share/." "$tree/share"
cp "$work/package/man"/*.1 "$tree/share/man/man1"
cp -r "$work/package/doc" "$tree/share/doc/patchbay"
cp LICENSE CHANGELOG.md packaging/debian/copyright "$tree/share/doc/patchbay"
mkdir -p "$tree/etc/patchbay" "$tree/lib/sysusers.d" "$tree/lib/systemd/system"
cp packaging/config.yaml "$tree/etc/patchbay"
cp packaging/sysusers.conf "$tree/lib/sysusers.d/patchbay.conf"
sed 's|/usr/bin/patchbay|/usr/local/bin/patchbay|' deploy/patchbay.service >"$tree/lib/systemd/system/patchbay.service"
tar -C "$work" --format=ustar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -cf - "$name" |
  gzip -9n >"$out/$name.tar.gz"

printf '%s\n' "$out/$package" "$out/$name.tar.gz" "$out/patchbay-$version.spdx.json"
