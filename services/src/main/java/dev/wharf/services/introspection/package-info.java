/**
 * The service {@code containerd.services.introspection.v1.Introspection}: plugins and the identity of the daemon.
 *
 * <p>The identity is a random UUID in a file {@code uuid}, made once and kept over restarts. May use core, api, wire
 * and the package rpc.
 */
@NullMarked
package dev.wharf.services.introspection;

import org.jspecify.annotations.NullMarked;
