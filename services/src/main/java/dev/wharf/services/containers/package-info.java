/**
 * The service {@code containerd.services.containers.v1.Containers}: metadata only, tasks are elsewhere.
 *
 * <p>May use core, api, wire and the package rpc; no other service. It holds no state of its own.
 */
@NullMarked
package dev.wharf.services.containers;

import org.jspecify.annotations.NullMarked;
