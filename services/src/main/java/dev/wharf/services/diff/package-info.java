/**
 * The service {@code containerd.services.diff.v1.Diff}: applying layers.
 *
 * <p>May use core, api, wire and the package rpc; no other service. It holds no state of its own.
 */
@NullMarked
package dev.wharf.services.diff;

import org.jspecify.annotations.NullMarked;
