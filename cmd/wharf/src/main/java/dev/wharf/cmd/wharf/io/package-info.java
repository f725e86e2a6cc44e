/**
 * The kernel's part of running containers from a terminal: FIFOs, the terminal's mode and size, signals, reading files
 * of a container's root. Implements the small interfaces of the client's {@code run} package by lib/linux.
 *
 * <p>Threads that wait for descriptors are platform threads that an event wakes, so that none is inside a system call
 * when the program ends: the JVM would wait 300 ms for it.
 */
@NullMarked
package dev.wharf.cmd.wharf.io;

import org.jspecify.annotations.NullMarked;
