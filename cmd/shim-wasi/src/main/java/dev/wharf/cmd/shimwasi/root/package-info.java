/**
 * The files of one container: its mounts in a mount namespace that one thread alone is in.
 */
@NullMarked
package dev.wharf.cmd.shimwasi.root;

import org.jspecify.annotations.NullMarked;
