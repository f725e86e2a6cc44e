/**
 * Transfers done by the daemon itself: images pulled from registries, imported, exported and named.
 *
 * <p>Pulls and imports are core's ({@code core.transfer.image}); pushes and exports, one class each, are here, all behind
 * {@link dev.wharf.plugins.transfer.local.LocalTransferService}. Uses core's interfaces, the registry client, Jackson for
 * documents and the Linux library for syncfs. What must stay true: sizes, counts and depths of what strangers send are
 * bounded; a lease holds what comes until its name is stored; a name is stored when all it needs is there.
 */
@NullMarked
package dev.wharf.plugins.transfer.local;

import org.jspecify.annotations.NullMarked;
