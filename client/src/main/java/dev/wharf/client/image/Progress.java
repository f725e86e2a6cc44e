package dev.wharf.client.image;

import dev.wharf.core.oci.Descriptor;

/** Told how bringing in an image goes. Called by several threads at once; must not block for long. */
public interface Progress {
    /** Tells nobody. */
    Progress NONE = new Progress() {};

    /** A blob is needed, of which {@code offset} bytes are there; all of them if it need not be fetched. */
    default void advanced(Descriptor blob, long offset) {}

    /** A blob is whole and in the store. */
    default void stored(Descriptor blob) {}

    /** A layer is being unpacked. */
    default void unpacking(Descriptor layer) {}

    /** A layer is unpacked, now or before. */
    default void unpacked(Descriptor layer) {}
}
