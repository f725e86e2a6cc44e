/**
 * The service {@code containerd.services.version.v1.Version}: who answers.
 *
 * <p>May use core, api, wire and the package rpc; no other service. It holds no state of its own.
 */
@NullMarked
package dev.wharf.services.version;

import org.jspecify.annotations.NullMarked;
