#!/bin/sh
# Makes a small image of Debian's busybox-static: an OCI image layout as a tar archive, with two gzip layers.
#   test/parts/busybox-image.sh OUT.tar [NAME]
# NAME is the reference the archive gives the image; docker.io/library/busybox:latest if not given.
set -eu
out=$1
name=${2:-docker.io/library/busybox:latest}
busybox=$(command -v busybox) || { echo "busybox is missing: install busybox-static" >&2; exit 1; }
case "$(uname -m)" in
    x86_64) architecture=amd64 ;;
    aarch64) architecture=arm64 ;;
    *) architecture=$(uname -m) ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
blobs=$work/layout/blobs/sha256
mkdir -p "$blobs" "$work/base" "$work/etc"

# The first layer: busybox with a link for each of its applets, and the directories a root needs.
umask 022
mkdir -p "$work/base/bin" "$work/base/dev" "$work/base/proc" "$work/base/sys" "$work/base/root" "$work/base/var"
mkdir -m 1777 "$work/base/tmp"
cp "$busybox" "$work/base/bin/busybox"
for applet in $("$busybox" --list); do
    [ "$applet" = busybox ] || ln -s busybox "$work/base/bin/$applet"
done
# The second layer: who is who.
mkdir -p "$work/etc/etc" "$work/etc/home/user"
printf 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000:user:/home/user:/bin/sh\n' > "$work/etc/etc/passwd"
printf 'root:x:0:\nuser:x:1000:\n' > "$work/etc/etc/group"
printf 'busybox\n' > "$work/etc/etc/hostname"

diff_ids=""
layers=""
add_blob() { # file -> digest in $digest, size in $size
    digest=$(sha256sum "$1" | cut -d' ' -f1)
    size=$(wc -c < "$1")
    mv "$1" "$blobs/$digest"
}
add_layer() { # directory
    tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$1" -cf "$work/layer.tar" .
    diff_ids="$diff_ids${diff_ids:+,}\"sha256:$(sha256sum "$work/layer.tar" | cut -d' ' -f1)\""
    gzip -n "$work/layer.tar"
    add_blob "$work/layer.tar.gz"
    layers="$layers${layers:+,}{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\",\"digest\":\"sha256:$digest\",\"size\":$size}"
}
add_layer "$work/base"
add_layer "$work/etc"

printf '{"architecture":"%s","os":"linux","created":"1970-01-01T00:00:00Z","config":{"Env":["PATH=/bin"],"Cmd":["sh"],"WorkingDir":"/"},"rootfs":{"type":"layers","diff_ids":[%s]}}' \
    "$architecture" "$diff_ids" > "$work/config"
add_blob "$work/config"
printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%s},"layers":[%s]}' \
    "$digest" "$size" "$layers" > "$work/manifest"
add_blob "$work/manifest"
printf '{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:%s","size":%s,"platform":{"architecture":"%s","os":"linux"},"annotations":{"io.containerd.image.name":"%s","org.opencontainers.image.ref.name":"%s"}}]}' \
    "$digest" "$size" "$architecture" "$name" "${name##*:}" > "$work/layout/index.json"
printf '{"imageLayoutVersion":"1.0.0"}' > "$work/layout/oci-layout"
tar --sort=name -C "$work/layout" -cf "$out" oci-layout index.json blobs
