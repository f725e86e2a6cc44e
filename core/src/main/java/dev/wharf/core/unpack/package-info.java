/**
 * Unpacking: an image's layers become a chain of committed snapshots named by their chain ids.
 *
 * <p>Uses content, diff, snapshots and leases. What must stay true: a layer is committed only when its diff id is right
 * and its files are on the disk; whoever looks for a chain id finds a whole layer or none; a failure leaves no active
 * snapshot behind. Labels and keys are those of containerd's unpacker, so that several programs may do the same at once.
 */
@NullMarked
package dev.wharf.core.unpack;

import org.jspecify.annotations.NullMarked;
