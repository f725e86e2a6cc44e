/**
 * Control groups of containers, read from their files: figures as containerd's metrics messages, the processes, and word
 * of memory running out. Version 1 and 2. Uses api, lib/linux and the event loop.
 */
@NullMarked
package dev.wharf.cmd.shim.cgroup;

import org.jspecify.annotations.NullMarked;
