/**
 * Events on their way to the daemon's ttRPC socket. Each container has its own order and does not wait for others; what
 * waits is bounded; a daemon that is away, restarts or is slow gets what it missed when it is back.
 */
@NullMarked
package dev.wharf.shim.event;

import org.jspecify.annotations.NullMarked;
