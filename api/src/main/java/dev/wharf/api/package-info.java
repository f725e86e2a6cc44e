/**
 * The wire: every message, enum and service wharf exchanges with another process, generated from the {@code .proto}
 * files of this module and nothing else.
 *
 * <p>The packages below this one follow containerd's: {@code services.*} is what the daemon offers to clients, {@code
 * runtime.*} what a shim offers to the daemon, {@code types} and {@code events} what both share, {@code runc.v1} and
 * {@code runtimeoptions.v1} the options of a runtime, {@code cgroups.*} the figures of a task, {@code cri.v1} the
 * Kubernetes runtime interface and {@code nri.v1alpha1} the plugin interface of nodes. The proto package, not the Java
 * package, is what goes over the wire and into the type of an {@code Any}.
 *
 * <p>This module holds no logic and depends on no other module. Names and numbers are those of containerd 2.4, CRI
 * 0.36.4 and NRI 0.12.2, row for row as in the table the test reads ({@code wire.tsv}); a number in use is never given
 * another meaning.
 */
@NullMarked
package dev.wharf.api;

import org.jspecify.annotations.NullMarked;
