# wharf: build, run and test. A JDK of version 25 or later is found by build/jdk.sh.
#   make run      build, start a private daemon, run real containers, clean up
#   make test     everything, with real parts
#   make dist     dist/target/wharf/ with bin/wharfd, bin/wharf, a Java of its own and trained AOT caches
#   make bench    wharfd beside a containerd: CONTAINERD=program (the one on PATH), BENCH='--quick' or other options,
#                 or BENCH='--jmh' for JMH benchmarks of single parts
#   make format   put all sources into the one format
SHELL := /bin/sh
MVN ?= mvn
MAVEN = JAVA_HOME="$$(build/jdk.sh)" && export JAVA_HOME && $(MVN) -B -ntp -q

.PHONY: run test dist bench format clean

run: dist
	test/parts/install.sh run
	build/run.sh

test:
	test/parts/install.sh test
	build/leftovers.sh before
	$(MAVEN) verify < /dev/null
	build/leftovers.sh

dist:
	$(MAVEN) -pl dist -am package -DskipTests < /dev/null

bench: dist
	test/parts/install.sh test
	$(MAVEN) -pl test/bench -am package -DskipTests < /dev/null
	"$$(build/jdk.sh)/bin/java" --enable-native-access=ALL-UNNAMED -jar test/bench/target/wharf-bench.jar $(BENCH)

format:
	$(MAVEN) spotless:apply

clean:
	$(MAVEN) clean
