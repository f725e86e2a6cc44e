/**
 * One thread on one epoll that watches whatever a shim has to be told of: ends of processes, terminals, memory events.
 * Nothing that runs on it may block. Uses lib/linux.
 */
@NullMarked
package dev.wharf.cmd.shim.loop;

import org.jspecify.annotations.NullMarked;
