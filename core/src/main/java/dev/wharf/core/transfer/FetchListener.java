package dev.wharf.core.transfer;

import dev.wharf.core.oci.Descriptor;

/** Is told how fetching blobs goes. Called by several threads at once; must not block. */
public interface FetchListener {
    /** {@code offset} bytes of a blob are there. */
    default void advanced(Descriptor blob, long offset) {}

    /** A blob has come. */
    default void stored(Descriptor blob) {}

    /** A blob was there already. */
    default void existed(Descriptor blob) {}
}
