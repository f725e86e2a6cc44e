#!/bin/sh
# Runs a command that must end in time: build/within.sh SECONDS COMMAND [ARGUMENT...]
# When the time is up it prints the threads of every Java process of the command, says which tests were under way,
# ends all of the command's processes, and exits with 124.
set -u
limit=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
home=$("$here/jdk.sh") || exit 1

# What a shell without job control starts in the background ignores these signals, and so would all that is tested.
setsid env --default-signal=INT,QUIT "$@" &
session=$!
trap 'kill -s TERM -- -"$session" 2>/dev/null; exit 130' INT TERM

members() { # the processes of the command's session
    cat /proc/[0-9]*/stat 2>/dev/null | awk -v session="$session" '{pid = $1; sub(/.*\) /, ""); if ($4 == session && $1 != "Z") print pid}'
}

dump() { # pid -> its threads, virtual ones included
    file=$(mktemp -u "${TMPDIR:-/tmp}/wharf-threads-XXXXXX")
    timeout 20 "$home/bin/jcmd" "$1" Thread.dump_to_file -overwrite "$file" > /dev/null 2>&1 && cat "$file"
    rm -f "$file"
}

explain() {
    echo "not done within $limit seconds: $*" >&2
    threads=$(mktemp "${TMPDIR:-/tmp}/wharf-threads-XXXXXX")
    for pid in $(members); do
        case $(readlink "/proc/$pid/exe") in
        */java)
            echo "== process $pid: $(tr '\0' ' ' < "/proc/$pid/cmdline" | cut -c1-300)"
            dump "$pid"
            ;;
        esac
    done > "$threads"
    cat "$threads" >&2
    echo "not done within $limit seconds: $*; under way:" >&2
    grep -E '^ +(at )?[a-z].*(Test|Contract|Properties)\.[A-Za-z]+\(' "$threads" | sort | uniq >&2
    rm -f "$threads"
}

end() {
    kill -s TERM -- -"$session" 2>/dev/null
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        [ -n "$(members)" ] || return 0
        sleep 1
    done
    kill -s KILL $(members) 2>/dev/null
}

left=$limit
while [ "$left" -gt 0 ] && kill -0 "$session" 2>/dev/null; do
    sleep 1
    left=$((left - 1))
done
if kill -0 "$session" 2>/dev/null; then
    explain "$@"
    end
    exit 124
fi
wait "$session"
