/**
 * The service {@code containerd.services.leases.v1.Leases}.
 *
 * <p>May use core, api, wire and the package rpc; no other service. It holds no state of its own.
 */
@NullMarked
package dev.wharf.services.leases;

import org.jspecify.annotations.NullMarked;
