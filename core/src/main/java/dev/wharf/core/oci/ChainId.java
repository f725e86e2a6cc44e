package dev.wharf.core.oci;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Chain ids: the name of a stack of layers (OCI image specification, config, Layer ChainID). */
public final class ChainId {
    private ChainId() {}

    /** The chain id after each of the layers, lowest first. */
    public static List<Digest> ofEach(List<Digest> diffIds) {
        List<Digest> chain = new ArrayList<>(diffIds.size());
        for (Digest diffId : diffIds) {
            chain.add(chain.isEmpty() ? diffId : next(chain.getLast(), diffId));
        }
        return List.copyOf(chain);
    }

    private static Digest next(Digest parent, Digest diffId) {
        return Digest.sha256((parent + " " + diffId).getBytes(StandardCharsets.US_ASCII));
    }
}
