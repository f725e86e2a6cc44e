/**
 * The directory of one container: the files containerd's Go shim keeps there, and one of ours.
 *
 * <p>{@code init.pid} (decimal), {@code options.json} (containerd.runc.v1.Options by their protobuf names, empty ones
 * left out), {@code runtime} (the engine's binary as given), {@code log.json} (the engine's log) are the Go shim's.
 * {@code wharf-shim.json} is the state a later shim takes the container back by; see {@link
 * dev.wharf.cmd.shim.bundle.ContainerRecord}. Uses lib/linux and json.
 */
@NullMarked
package dev.wharf.cmd.shim.bundle;

import org.jspecify.annotations.NullMarked;
