package dev.wharf.core.unpack;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.oci.ChainId;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A layer in its place.
 *
 * @param blob its archive
 * @param diffId the digest of the uncompressed archive
 * @param chainId the name of the chain up to it
 * @param parent the chain id below it, or empty
 * @param index its place, 0 for the lowest
 */
public record Layer(Descriptor blob, Digest diffId, Digest chainId, String parent, int index) {
    private static final String INHERITED = "containerd.io/snapshot/";

    /** The layers of an image; {@code INVALID_ARGUMENT} when config and manifest do not fit. */
    public static List<Layer> of(List<Descriptor> blobs, List<Digest> diffIds) {
        if (diffIds.size() != blobs.size()) {
            throw ErrorKind.INVALID_ARGUMENT.of(
                    "image config names " + diffIds.size() + " layers, its manifest " + blobs.size());
        }
        List<Digest> chain = ChainId.ofEach(diffIds);
        List<Layer> layers = new ArrayList<>(blobs.size());
        for (int i = 0; i < blobs.size(); i++) {
            String parent = i == 0 ? "" : chain.get(i - 1).toString();
            layers.add(new Layer(blobs.get(i), diffIds.get(i), chain.get(i), parent, i));
        }
        return List.copyOf(layers);
    }

    /** The labels its snapshot gets. */
    Map<String, String> labels() {
        Map<String, String> labels = new HashMap<>();
        blob.annotations().forEach((key, value) -> {
            if (key.startsWith(INHERITED)) {
                labels.put(key, value);
            }
        });
        labels.put("containerd.io/snapshot.ref", chainId.toString());
        labels.put("containerd.io/snapshot/diff-id", diffId.toString());
        if (!parent.isEmpty()) {
            labels.put("containerd.io/snapshot/parent-chain-id", parent);
        }
        return labels;
    }
}
