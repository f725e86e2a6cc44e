/**
 * The services {@code containerd.services.events.v1.Events} and {@code containerd.services.events.ttrpc.v1.Events},
 * and the coding of events.
 *
 * <p>An event of a known type is a record inside, so that filters can look into it; any other goes through as the bytes
 * it came in. Type URLs are written bare ({@code containerd.events.TaskExit}), as containerd does. May use core, api and
 * the two shared packages.
 */
@NullMarked
package dev.wharf.services.events;

import org.jspecify.annotations.NullMarked;
