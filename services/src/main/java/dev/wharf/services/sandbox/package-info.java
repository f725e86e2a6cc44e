/**
 * The service {@code containerd.services.sandbox.v1.Store}: metadata of sandboxes.
 *
 * <p>May use core, api, wire and the package rpc; no other service. It holds no state of its own.
 */
@NullMarked
package dev.wharf.services.sandbox;

import org.jspecify.annotations.NullMarked;
