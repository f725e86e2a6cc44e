/**
 * The tasks of this runtime: one container is one module on one thread, watched by another.
 */
@NullMarked
package dev.wharf.cmd.shimwasi.task;

import org.jspecify.annotations.NullMarked;
