/**
 * Measures wharfd beside another containerd: one harness does the same work on two private daemons in turn and reports
 * medians and ratios. It may use the client and {@code wharf}'s gRPC channels, and nothing of the daemon but its
 * program. Nothing it made, daemon, task, mount, directory or cgroup, outlives it, and no time makes it fail.
 */
@NullMarked
package dev.wharf.bench;

import org.jspecify.annotations.NullMarked;
