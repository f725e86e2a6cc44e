#!/bin/sh
# Sees to it that the real parts are here that `make run` and `make test` drive: Debian packages, installed when root.
#   test/parts/install.sh run    what `make run` needs
#   test/parts/install.sh test   what the tests need as well
set -eu

case "${1:-test}" in
    run) packages="containerd runc busybox-static" ;;
    test) packages="containerd runc crun runsc busybox-static docker-registry containernetworking-plugins skopeo iptables sqlite3 xz-utils attr groff-base zsh fish" ;;
    *) echo "usage: $0 run|test" >&2; exit 2 ;;
esac

missing=""
for package in $packages; do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "These packages are missing:$missing" >&2
    echo "Install them, e.g. on Debian 12: sudo apt-get install$missing" >&2
    exit 1
fi

echo "Installing:$missing"
# Installed for their programs only: no service of theirs is to start.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod 755 "$policy"
    trap 'rm -f "$policy"' EXIT
fi
log=$(mktemp)
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get install -y --no-install-recommends $missing || { apt-get update && apt-get install -y --no-install-recommends $missing; }; } > "$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    echo "apt-get could not install:$missing" >&2
    exit 1
fi
rm -f "$log"
