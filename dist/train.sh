#!/bin/sh
# Makes the AOT caches of an image by running its programs: dist/train.sh IMAGE. Fails where a command fails or where a
# program would not use its cache. Without root, a shim and runc no container is run, and the caches are the poorer for it.
set -eu
image=$1
here=$(cd "$(dirname "$0")" && pwd)
rm -f "$image"/lib/*.aot
work=$(mktemp -d /tmp/wharf-run-XXXXXX)
namespace=wharf-run-$$
daemon=""
say() { echo "train: $*" >&2; }
finish() {
    status=$?
    trap - EXIT INT TERM
    [ "$status" = 0 ] || [ -z "$daemon" ] || "$image/bin/wharf" --address "$work/wharfd.sock" --namespace "$namespace" rm --force trained > /dev/null 2>&1 || true
    [ -z "$daemon" ] || kill "$daemon" 2> /dev/null || true
    [ -z "$daemon" ] || wait "$daemon" 2> /dev/null || true
    awk -v below="$work/" 'index($5, below) == 1 {print $5}' /proc/self/mountinfo | sort -r | while read -r mount; do umount -l "$mount"; done
    [ "$status" = 0 ] || tail -n 30 "$work"/*.log >&2
    rm -rf --one-file-system "$work"
    for cgroup in /sys/fs/cgroup/"$namespace" /sys/fs/cgroup/*/"$namespace"; do [ ! -d "$cgroup" ] || rmdir "$cgroup" || true; done
    rmdir /run/containerd/runc/"$namespace" 2> /dev/null || true
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

# $1: options of the daemon's JVM
start() {
    WHARFD_JAVA_OPTS=$1 "$image/bin/wharfd" --config "$work/config.toml" --root "$work/root" --state "$work/state" \
        --address "$work/wharfd.sock" > "$work/wharfd.log" 2>&1 &
    daemon=$!
    tries=0
    until [ -S "$work/wharfd.sock.ttrpc" ] && [ -S "$work/wharfd.sock" ]; do
        tries=$((tries + 1))
        [ "$tries" -lt 600 ] && kill -0 "$daemon" 2> /dev/null || return 1
        sleep 0.1
    done
}
stop() {
    kill "$daemon"
    wait "$daemon"
    daemon=""
}

# Runs the command lines on standard input in one JVM. $1: socket; more: options of the JVM.
wharf() {
    socket=$work/$1
    shift
    sed "s#^[a-z]#--address $socket --namespace $namespace &#" |
        "$image/runtime/bin/java" "@$image/lib/wharf.jvm" "$@" -Djava.library.path="$image/lib/native" \
            -cp "$image/lib/wharf-cli.jar" dev.wharf.cmd.wharf.Rehearsal > "$work/wharf.log" 2>&1
}

# What clients ask of the daemon. $1: socket.
clients() {
    {
        printf '%s\n' version images ps
        [ ! -f "$work/image.tar" ] || printf '%s\n' "load $work/image.tar" images
        [ -z "$containers" ] || printf '%s\n' "run --rm $reference true" "run -d --name trained $reference sleep 600" ps \
            "exec trained true" "kill --signal KILL trained" "rm --force trained"
        [ ! -f "$work/image.tar" ] || printf '%s\n' "rmi $reference"
    } | wharf "$1"
}

# Calls by the hundred, so that the cache learns which code is busy and the daemon compiles that first. $1: socket.
calls() {
    round=0
    while [ "$round" -lt 200 ]; do
        printf '%s\n' version images ps
        round=$((round + 1))
    done | wharf "$1"
}

reference=docker.io/library/busybox:latest
containers=yes
for part in busybox containerd-shim-runc-v2 runc; do command -v "$part" > /dev/null || containers=""; done
[ "$(id -u)" = 0 ] || containers=""
[ -n "$containers" ] || say "running no containers: that takes root, busybox, containerd-shim-runc-v2 and runc"
# Layers have owners, which only root can set.
[ "$(id -u)" != 0 ] || "$here/../test/parts/busybox-image.sh" "$work/image.tar" "$reference" || true
[ -f "$work/image.tar" ] || say "loading no image: that takes root and busybox"
printf 'version = 3\n[debug]\nlevel = "info"\n' > "$work/config.toml"
# Beside this name there is no ttRPC socket: clients speak gRPC, as all but wharf do.
ln -s wharfd.sock "$work/grpc.sock"

say "wharfd"
start "-XX:AOTCacheOutput=$image/lib/wharfd.aot -Xlog:aot=error"
for socket in wharfd.sock grpc.sock wharfd.sock; do clients "$socket"; done
calls grpc.sock

say "wharf"
[ ! -f "$work/image.tar" ] || echo "load $work/image.tar" | wharf wharfd.sock
[ -z "$containers" ] || echo "run -d --name trained $reference sleep 600" | wharf wharfd.sock
printf '%s\n' --help "ps --help" version images ps | wharf wharfd.sock "-XX:AOTCacheOutput=$image/lib/wharf.aot" -Xlog:aot=error
[ -z "$containers" ] || echo "rm --force trained" | wharf wharfd.sock
stop

# A module that writes "trained": a page of memory, and _start, which calls fd_write.
mkdir "$work/module"
printf '\000asm\001\000\000\000\001\014\002\140\004\177\177\177\177\001\177\140\000\000\002\043\001\026wasi_snapshot_preview1\010fd_write\000\000\003\002\001\001\005\003\001\000\001\007\023\002\006memory\002\000\006_start\000\001\012\017\001\015\000\101\001\101\000\101\001\101\010\020\000\032\013\013\033\002\000\101\000\013\010\020\000\000\000\010\000\000\000\000\101\020\013\010trained\012' > "$work/module/app.wasm"
WHARF_SHIM_LINGER=0
SHIM_SOCKET_DIR=$work/s
export WHARF_SHIM_LINGER SHIM_SOCKET_DIR
shims=""
for shim in wharf wharfwasi; do
    [ -z "$containers" ] || [ ! -x "$image/bin/containerd-shim-$shim-v1" ] || shims="$shims $shim"
done

# Runs containers by a shim of this image below a daemon of their own. $1: name of the shim; $2: options of its JVM
serve_by() {
    WHARF_SHIM_JAVA_OPTS=$2
    export WHARF_SHIM_JAVA_OPTS
    start ""
    runtime="--runtime io.containerd.$1.v1"
    {
        echo "load $work/image.tar"
        case $1 in
            wharf)
                printf '%s\n' "run $runtime --rm $reference true" "run $runtime -d --name trained $reference sleep 600" \
                    "exec trained true" "exec trained echo trained" "kill --signal KILL trained" "rm --force trained"
                ;;
            wharfwasi)
                module="$runtime --mount type=bind,src=$work/module,dst=/m,options=rbind:ro"
                printf '%s\n' "run $module -d --name trained $reference /m/app.wasm" "run $module --rm $reference /m/app.wasm" \
                    "rm --force trained"
                ;;
        esac
    } | wharf wharfd.sock
    # The JVM makes its cache when it ends, which it does with its last container.
    for shim_file in "$work/s"/*.d; do
        while [ -d "$shim_file" ]; do sleep 0.1; done
    done
    stop
}

for shim in $shims; do
    say "containerd-shim-$shim-v1"
    serve_by "$shim" "-XX:AOTCacheOutput=$image/lib/shim-$shim.aot -Xlog:aot=error"
    # The cache is complete when what it is made from is removed.
    tries=0
    until [ -s "$image/lib/shim-$shim.aot" ] && [ ! -e "$image/lib/shim-$shim.aot.config" ]; do
        tries=$((tries + 1))
        [ "$tries" -lt 600 ] || exit 1
        sleep 0.1
    done
done

# What a JVM writes at once lies in the kernel's cache in pages of up to 2 MiB, of which one access would map all; what
# is written in small parts is mapped in small parts.
for cache in "$image"/lib/*.aot; do
    cat "$cache" > "$cache.new"
    mv "$cache.new" "$cache"
done

say "asserting that the caches are used"
start -XX:AOTMode=on
WHARF_JAVA_OPTS=-XX:AOTMode=on "$image/bin/wharf" --address "$work/wharfd.sock" version > "$work/wharf.log" 2>&1
stop
for shim in $shims; do serve_by "$shim" -XX:AOTMode=on; done
