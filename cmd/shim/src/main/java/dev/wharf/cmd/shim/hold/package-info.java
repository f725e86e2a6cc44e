/**
 * Descriptors that outlive this process: parked in the kernel, in the queues of sockets that a process without any
 * program of its own keeps open. Uses lib/linux. See docs/adr/0004.
 */
@NullMarked
package dev.wharf.cmd.shim.hold;

import org.jspecify.annotations.NullMarked;
