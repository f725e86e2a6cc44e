/**
 * The service {@code containerd.services.tasks.v1.Tasks}: running containers.
 *
 * <p>It brings together what the container store knows and what the runtime does. A question to all tasks asks them at
 * once, each with its own deadline, so that one that hangs costs only itself. May use core, api, wire and the package
 * rpc.
 */
@NullMarked
package dev.wharf.services.tasks;

import org.jspecify.annotations.NullMarked;
