/**
 * The Linux kernel interface as small classes by kernel noun: mounts, file descriptors, processes, terminals, sockets.
 *
 * <p>Everything goes through one binding layer, {@code Syscall} for system calls and {@code Libc} for the few library
 * functions that are more than a system call; both use {@code java.lang.foreign} and nothing else here links native
 * code. The package knows nothing of containers and uses only the JDK. Supported are x86_64 and aarch64.
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
