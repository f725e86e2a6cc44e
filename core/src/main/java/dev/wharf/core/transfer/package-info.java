/**
 * Transfers: images moved between registries, the image store and archives.
 *
 * <p>A {@link dev.wharf.core.transfer.TransferService} moves from one {@link dev.wharf.core.transfer.TransferEnd} to
 * another and tells its progress by containerd's event names. Registries are reached through
 * {@link dev.wharf.core.transfer.Registries}, so that nothing here knows HTTP; documents are parsed elsewhere. What must
 * stay true: an image's name is stored last, when everything it needs is there.
 */
@NullMarked
package dev.wharf.core.transfer;

import org.jspecify.annotations.NullMarked;
