/**
 * The one exception of wharf and the kinds it can have, which mirror containerd's errdefs.
 *
 * <p>Status codes of gRPC and ttRPC are made from {@link dev.wharf.core.error.ErrorKind} in exactly one place at the
 * edge; nothing here knows a wire.
 */
@NullMarked
package dev.wharf.core.error;

import org.jspecify.annotations.NullMarked;
