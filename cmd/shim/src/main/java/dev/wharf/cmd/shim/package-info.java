/**
 * containerd-shim-wharf-v1: the shim over the OCI engines, {@code io.containerd.wharf.v1}.
 *
 * <p>{@code task} has the containers; below it {@code engine} calls the engines, {@code bundle} keeps files, {@code
 * stdio} the streams, {@code hold} descriptors beyond this process, {@code cgroup} reads control groups, {@code loop}
 * watches descriptors and processes. May use shim, api, lib/ttrpc and lib/linux.
 */
@NullMarked
package dev.wharf.cmd.shim;

import org.jspecify.annotations.NullMarked;
