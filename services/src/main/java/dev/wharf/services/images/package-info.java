/**
 * The service {@code containerd.services.images.v1.Images}.
 *
 * <p>May use core, api, wire and the package rpc; no other service. It holds no state of its own.
 */
@NullMarked
package dev.wharf.services.images;

import org.jspecify.annotations.NullMarked;
