package dev.wharf.core.unpack;

import dev.wharf.core.oci.Descriptor;

/** Is told how unpacking goes. Called by several threads at once; must not block. */
public interface UnpackListener {
    /** Tells nobody. */
    UnpackListener NONE = new UnpackListener() {};

    /** A layer is being applied. */
    default void extracting(Descriptor layer) {}

    /** A layer is unpacked, now or before. */
    default void extracted(Descriptor layer) {}
}
