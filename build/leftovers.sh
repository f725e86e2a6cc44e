#!/bin/sh
# Fails when a run of wharf or its tests left something on this machine: mounts, processes, cgroups, network
# namespaces, shim sockets. Only what carries one of wharf's test names is looked at, and whether there are more mounts of
# /run/netns on itself than before, which `ip netns add` makes and leaves.
#   build/leftovers.sh before    remembers what is there before the tests
#   build/leftovers.sh           looks
set -u
cd "$(dirname "$0")/.."
netns() { awk '$5 == "/run/netns"' /proc/self/mountinfo | wc -l; }
if [ "${1:-}" = before ]; then
    mkdir -p target
    netns > target/netns.before
    exit 0
fi
left=""
note() { [ -z "$2" ] || left="$left
$1:
$2"; }
note mounts "$(awk '$5 ~ /wharf-(test|run)/ {print $5}' /proc/self/mountinfo)"
note processes "$(for d in /proc/[0-9]*; do cat "$d/cmdline" 2>/dev/null | tr "\0" " " | grep -E 'wharf-(test|run)' | grep -v -e leftovers -e mvn -e plexus | cut -c1-160; done)"
note cgroups "$(find /sys/fs/cgroup -type d -path '*wharf-test*' 2>/dev/null)"
note 'network namespaces' "$(ls /run/netns /var/run/netns 2>/dev/null | grep wharf-test)"
if [ -f target/netns.before ] && [ "$(netns)" -gt "$(cat target/netns.before)" ]; then
    note 'mounts of ip netns add' '/run/netns on itself: umount /run/netns'
fi
note 'shim sockets' "$(ls -d /run/containerd/s/*wharf-test* /run/containerd/s/*wharf-run* 2>/dev/null)"
note directories "$(ls -d /tmp/wharf-test-* /tmp/wharf-run-* /run/wharf-test-* 2>/dev/null)"
if [ -n "$left" ]; then
    echo "left behind:$left" >&2
    exit 1
fi
