#!/bin/sh
# Prints the home of a JDK of version 25 or later: JAVA_HOME, then /usr/lib/jvm, then the one on PATH.
# With none found it says so on stderr and exits with 1.
set -u
LEAST=25

version() { # home -> feature version, or nothing
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

fits() {
    v=$(version "$1")
    [ -n "$v" ] && [ "$v" -ge "$LEAST" ]
}

on_path() {
    javac=$(command -v javac 2>/dev/null) || return 0
    dirname "$(dirname "$(readlink -f "$javac")")"
}

for home in "${JAVA_HOME:-}" $(ls -d /usr/lib/jvm/*/ 2>/dev/null | sort -r) $(on_path); do
    home=${home%/}
    if [ -n "$home" ] && fits "$home"; then
        echo "$home"
        exit 0
    fi
done
cat >&2 <<EOF
wharf needs a JDK of version $LEAST or later and found none in JAVA_HOME (${JAVA_HOME:-not set}), /usr/lib/jvm or PATH.
Install one (for example Eclipse Temurin $LEAST) and set JAVA_HOME to its directory.
EOF
exit 1
