/**
 * containerd-shim-wharfwasi-v1, the runtime {@code io.containerd.wharfwasi.v1}: runs WASI modules (preview 1) of images on
 * the Java library Chicory. All modules of a group run in this process, each on a thread of its own; they die with it.
 *
 * <p>What must stay true: a module reaches no file outside of its root file system and mounts, has a bound on its memory,
 * and can be killed whatever it does.
 */
@NullMarked
package dev.wharf.cmd.shimwasi;

import org.jspecify.annotations.NullMarked;
