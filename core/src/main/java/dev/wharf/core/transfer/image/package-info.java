/**
 * Pulling and importing images over core's stores, wherever these are: in the daemon they are its own, in a client of a
 * daemon that cannot transfer they are the daemon's over the wire.
 *
 * <p>One class a use case ({@link dev.wharf.core.transfer.image.PullImage},
 * {@link dev.wharf.core.transfer.image.ImportImages}). What must stay true: sizes, counts and depths of what strangers
 * send are bounded; a lease holds what comes until its name is stored; a name is stored when all it needs is there.
 */
@NullMarked
package dev.wharf.core.transfer.image;

import org.jspecify.annotations.NullMarked;
