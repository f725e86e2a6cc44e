package dev.wharf.core.transfer.image;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.images.Index;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.core.oci.Platform;
import dev.wharf.core.transfer.TransferEnd;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** Which parts of an image's tree of documents a transfer needs, within bounds. Safe for several threads. */
public final class ImageTree {
    /** How deep indexes may nest. */
    private static final int MAX_DEPTH = 4;

    /** How many manifests and indexes one image may have. */
    private static final int MAX_DOCUMENTS = 4096;

    private final TransferEnd.Store wanted;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by lock. */
    private final Set<Node> seen = new HashSet<>();

    /** What of an image is {@code wanted}. */
    public ImageTree(TransferEnd.Store wanted) {
        this.wanted = wanted;
    }

    /**
     * A part of the tree.
     *
     * @param blob the document, or another blob an index lists
     * @param whole whether all below it is needed, or only what describes it
     * @param depth how many indexes are above it
     */
    public record Node(Descriptor blob, boolean whole, int depth) {
        /** What kind of document it is. */
        public boolean isIndex() {
            return MediaTypes.isIndex(blob.mediaType());
        }

        /** What kind of document it is. */
        public boolean isManifest() {
            return MediaTypes.isManifest(blob.mediaType());
        }
    }

    /** Whether a part is needed and was not asked for before; {@code RESOURCE_EXHAUSTED} beyond the bounds. */
    public boolean enter(Node node) {
        if (node.depth() > MAX_DEPTH) {
            throw ErrorKind.RESOURCE_EXHAUSTED.of("indexes nest deeper than " + MAX_DEPTH + " above "
                    + node.blob().digest());
        }
        lock.lock();
        try {
            if (seen.size() >= MAX_DOCUMENTS) {
                throw ErrorKind.RESOURCE_EXHAUSTED.of("the image has more than " + MAX_DOCUMENTS + " documents");
            }
            // At whatever depth it was first.
            return seen.add(new Node(node.blob(), node.whole(), 0));
        } finally {
            lock.unlock();
        }
    }

    /** What is needed of an index; {@code NOT_FOUND} when the number of manifests is limited and none fits. */
    public List<Node> children(Node parent, Index index) {
        List<Index.Entry> entries = index.entries().stream()
                .filter(entry -> wanted.allMetadata() || entry.isFor(wanted.platforms()))
                .toList();
        if (wanted.manifestLimit() > 0) {
            entries = entries.stream()
                    .sorted(Comparator.comparingInt(this::rank))
                    .limit(wanted.manifestLimit())
                    .toList();
            if (entries.isEmpty()) {
                throw ErrorKind.NOT_FOUND.of("manifest for " + wanted.platforms() + " in index "
                        + parent.blob().digest());
            }
        }
        return entries.stream()
                .map(entry -> new Node(entry.target(), entry.isFor(wanted.platforms()), parent.depth() + 1))
                .toList();
    }

    /** The place of an entry in the order of platforms asked for; those of no platform come last. */
    private int rank(Index.Entry entry) {
        Optional<Platform> platform = entry.platform();
        List<Platform> order = wanted.platforms();
        for (int i = 0; platform.isPresent() && i < order.size(); i++) {
            if (order.get(i).runs(platform.get())) {
                return i;
            }
        }
        return order.size();
    }
}
