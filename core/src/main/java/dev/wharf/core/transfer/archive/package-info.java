/**
 * Tar archives of images, read and written as streams.
 *
 * <p>Names in them are text, never paths of this machine. Headers are bounded; how much data and how many entries an
 * archive may have is its reader's to bound.
 */
@NullMarked
package dev.wharf.core.transfer.archive;

import org.jspecify.annotations.NullMarked;
