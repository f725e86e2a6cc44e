/**
 * Files of a living container as tar archives, in and out.
 *
 * <p>All is reached from the root directory of the container's first process, through its mounts: paths are resolved by
 * openat2 within that root, and names are made and looked at one component below a descriptor, so that no link and no
 * race of a hostile container leads anywhere else. Nothing is opened but regular files and directories, and nothing on a
 * file system of the kernel, such as proc, is read or written. Owners are those the container sees. Uses lib/linux and
 * lib/tar; knows nothing of tasks. Calls block in the kernel, for as long as a file system of the container's likes: on
 * a platform thread. Loaded when the first transfer is asked for.
 */
@NullMarked
package dev.wharf.cmd.shim.transfer;

import org.jspecify.annotations.NullMarked;
