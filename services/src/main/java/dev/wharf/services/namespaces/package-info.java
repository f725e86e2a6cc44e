/**
 * The service {@code containerd.services.namespaces.v1.Namespaces}; its calls name the namespace themselves and need
 * no header.
 *
 * <p>May use core, api, wire and the package rpc; no other service. It holds no state of its own.
 */
@NullMarked
package dev.wharf.services.namespaces;

import org.jspecify.annotations.NullMarked;
