/**
 * JMH benchmarks of single parts, without a daemon: {@code make bench BENCH=--jmh}, with JMH's own options behind it. They
 * tell where time goes and whether a change helped; only the workloads beside a containerd tell how fast wharf is.
 */
@NullMarked
package dev.wharf.bench.micro;

import org.jspecify.annotations.NullMarked;
