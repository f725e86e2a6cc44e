/**
 * The service {@code containerd.services.snapshots.v1.Snapshots} over all snapshotters, by name.
 *
 * <p>May use core, api, wire and the package rpc; no other service. It holds no state of its own.
 */
@NullMarked
package dev.wharf.services.snapshots;

import org.jspecify.annotations.NullMarked;
