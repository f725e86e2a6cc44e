#!/bin/sh
# Makes dist/target/wharf from dist/target/jars, which Maven has filled (its package phase runs this): a Java runtime of
# the modules the programs need, the jars for this kind of machine, and an AOT cache for each program, trained on real
# commands. Does nothing where nothing it is made of has changed.
set -eu
cd "$(dirname "$0")"
here=$PWD
jdk=$(../build/jdk.sh)
jars=$here/target/jars
image=$here/target/wharf
making=$here/target/wharf.new

# What jdeps finds, but for java.desktop, for beans that nobody gives to Jackson, and java.security.jgss, for Kerberos,
# which the HTTP client is not allowed.
MODULES=java.base,java.logging,java.management,java.naming,java.sql,jdk.jfr,jdk.management,jdk.net,jdk.unsupported
NOT_NEEDED=java.desktop,java.security.jgss

say() { echo "image: $*" >&2; }
fail() {
    say "$@"
    exit 1
}

inputs() {
    { sha256sum "$jdk/release" image.sh train.sh "$jars"/*.jar && find src -type f -exec sha256sum {} +; id -u; } | sha256sum
}
inputs=$(inputs)
if [ -f target/wharf.inputs ] && [ "$inputs" = "$(cat target/wharf.inputs)" ] && [ -f "$image/lib/wharfd.aot" ]; then
    exit 0
fi
rm -rf "$making" target/wharf.inputs
mkdir -p "$making/bin" "$making/lib/native"
cp src/main/bin/* "$making/bin/"
cp src/main/jvm/* "$making/lib/"
# One launcher for all shims: they differ by the name in it.
sed 's/^program=wharf$/program=wharfwasi/' src/main/bin/containerd-shim-wharf-v1 > "$making/bin/containerd-shim-wharfwasi-v1"
chmod 755 "$making"/bin/*
"$jdk/bin/java" src/main/build/Jars.java "$jars" "$making/lib" "$making/lib/native"
# The launchers know no version.
for program in wharfd wharf-cli; do mv "$making/lib/$program"-[0-9]*.jar "$making/lib/$program.jar"; done
for shim in wharf wharfwasi; do
    jar=$making/lib/wharf-shim-$shim-v1
    set -- "$jar"-[0-9]*.jar
    if [ -f "$1" ]; then mv "$1" "$jar.jar"; else rm "$making/bin/containerd-shim-$shim-v1"; fi
done

# Manual pages and what shells complete by: those of the command line from the program itself, the others as written.
set -- "$jars"/wharfd-[0-9]*.jar
version=${1##*/wharfd-}
"$jdk/bin/java" -cp "$making/lib/wharf-cli.jar:$making/lib/*" dev.wharf.cmd.wharf.Manuals "$making/share"
for page in src/main/man/*; do
    section=$making/share/man/man${page##*.}
    mkdir -p "$section"
    sed "s/@VERSION@/${version%.jar}/" "$page" > "$section/${page##*/}"
done
echo '.so man8/containerd-shim-wharf-v1.8' > "$making/share/man/man8/containerd-shim-wharfwasi-v1.8"

for module in $("$jdk/bin/jdeps" --multi-release 25 --ignore-missing-deps --print-module-deps --recursive \
    -cp "$making/lib/*" "$making/lib/wharfd.jar" "$making/lib/wharf-cli.jar" "$making"/lib/wharf-shim-*-v1.jar | tr , ' '); do
    case ",$MODULES,$NOT_NEEDED," in
        *,"$module",*) ;;
        *) fail "module $module is needed now: add it to MODULES in dist/image.sh" ;;
    esac
done
"$jdk/bin/jlink" --add-modules "$MODULES" --strip-debug --no-header-files --no-man-pages --compress=zip-6 --output "$making/runtime"

rm -rf "$image"
mv "$making" "$image"
./train.sh "$image"
echo "$inputs" > target/wharf.inputs
