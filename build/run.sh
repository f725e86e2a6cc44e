#!/bin/sh
# What `make run` does after building: starts a private wharfd in a temporary directory, runs real containers in it,
# shows what happened and removes every trace.
#   IMAGE=reference CMD='command' PLAIN_HTTP=1   pull an image from a registry instead of making one
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
dist=$here/dist/target/wharf
if [ "$(id -u)" != 0 ]; then
    echo "make run starts containers and mounts file systems: run it as root (sudo make run)." >&2
    exit 1
fi

work=$(mktemp -d /tmp/wharf-run-XXXXXX)
namespace=wharf-run
daemon=""
wharf() { "$dist/bin/wharf" --address "$work/wharfd.sock" --namespace "$namespace" "$@"; }
say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
finish() {
    status=$?
    trap - EXIT INT TERM
    if [ -n "$daemon" ]; then
        for id in web $(wharf ps --quiet 2>/dev/null); do wharf rm --force "$id" > /dev/null 2>&1 || true; done
        kill "$daemon" 2>/dev/null || true
        wait "$daemon" 2>/dev/null || true
    fi
    if [ "$status" != 0 ] && [ -f "$work/wharfd.log" ]; then
        echo "The daemon's log:" >&2
        tail -n 40 "$work/wharfd.log" >&2
    fi
    awk -v below="$work/" 'index($5, below) == 1 {print $5}' /proc/self/mountinfo | sort -r | while read -r mount; do umount -l "$mount"; done
    rm -rf --one-file-system "$work"
    for cgroup in /sys/fs/cgroup/"$namespace" /sys/fs/cgroup/*/"$namespace"; do [ -d "$cgroup" ] && rmdir "$cgroup" || true; done
    [ "$status" != 0 ] || say "Everything is removed again."
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

say "Starting wharfd in $work"
"$dist/bin/wharfd" --root "$work/root" --state "$work/state" --address "$work/wharfd.sock" > "$work/wharfd.log" 2>&1 &
daemon=$!
tries=0
until wharf version > "$work/version" 2>&1; do
    tries=$((tries + 1))
    if [ "$tries" -gt 150 ] || ! kill -0 "$daemon" 2>/dev/null; then
        cat "$work/version" >&2
        echo "wharfd did not start." >&2
        exit 1
    fi
    sleep 0.2
done
cat "$work/version"

if [ -n "${IMAGE:-}" ]; then
    say "Pulling $IMAGE"
    wharf pull ${PLAIN_HTTP:+--plain-http} "$IMAGE"
    say "Running ${CMD:-its own command} in a container"
    # CMD is split into words as a shell would.
    wharf run --rm "$IMAGE" ${CMD:-}
    exit 0
fi

image=docker.io/library/busybox:latest
say "Making an image of this machine's busybox and loading it"
"$here/test/parts/busybox-image.sh" "$work/busybox.tar" "$image"
wharf load "$work/busybox.tar"
wharf images

say "A container that says who it is"
wharf run --rm "$image" sh -c 'echo "hello from $(hostname), pid $$ of $(ls -d /proc/[0-9]* | wc -l), user $(id -un)"'
say "One in the background"
wharf run -d --name web "$image" sh -c 'trap "exit 0" TERM; while :; do sleep 0.1; done'
wharf ps
say "A second process in it"
wharf exec web sh -c 'echo "processes here:"; ps'
say "Stopped and removed"
wharf kill web
wharf rm --force web
wharf ps
