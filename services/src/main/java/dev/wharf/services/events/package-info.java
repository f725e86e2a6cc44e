/**
 * The services {@code containerd.services.events.v1.Events} and {@code containerd.services.events.ttrpc.v1.Events}.
 *
 * <p>An event of a known type is a record inside, so that filters can look into it; any other goes through as the
 * bytes it came in. May use core, api, wire and the package rpc.
 */
@NullMarked
package dev.wharf.services.events;

import org.jspecify.annotations.NullMarked;
