/** Modules assembled here, run as containers. */
@NullMarked
package dev.wharf.cmd.shimwasi.task;

import org.jspecify.annotations.NullMarked;
