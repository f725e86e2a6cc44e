/**
 * The Linux kernel interface as small classes by kernel noun: mounts, file descriptors, processes, terminals, sockets.
 *
 * <p>Everything native goes through one handle in {@code Downcall}; above it stand {@code Syscall} with the system calls
 * and {@code Libc} with the few library functions that are more than one. The package knows nothing of containers and
 * uses only the JDK. Supported are x86_64 and aarch64.
 *
 * <p>What must stay true: every descriptor is opened close-on-exec and owned by exactly one {@link
 * dev.wharf.lib.linux.Fd}; every failed call throws {@link dev.wharf.lib.linux.ErrnoException}; a method that can block
 * says so, because a native call keeps hold of the carrier of a virtual thread; what changes the calling kernel thread
 * runs on a platform thread that is thrown away. Names within directories are {@code String}s which keep bytes that are
 * not UTF-8 (see {@link dev.wharf.lib.linux.FileNames}).
 */
@NullMarked
package dev.wharf.lib.linux;

import org.jspecify.annotations.NullMarked;
