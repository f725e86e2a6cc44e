/**
 * Core's interfaces over the wire: each class here answers one of them by calling one service of a daemon.
 *
 * <p>May use core, api and wire. Every call carries the namespace and the lease of its context as headers and has a
 * deadline, except waiting for a process and subscribing to events, which last as long as the caller wants. Failures
 * come out as {@link dev.wharf.core.error.WharfException}, never as statuses.
 */
@NullMarked
package dev.wharf.client.remote;

import org.jspecify.annotations.NullMarked;
