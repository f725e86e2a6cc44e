/**
 * Modules and the bounds they run in.
 */
@NullMarked
package dev.wharf.cmd.shimwasi.module;

import org.jspecify.annotations.NullMarked;
