package dev.wharf.core.transfer.image;

import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.transfer.FetchListener;
import dev.wharf.core.transfer.IngestRefs;
import dev.wharf.core.transfer.Progress;
import dev.wharf.core.unpack.UnpackListener;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** Tells the progress of a pull or push in containerd's words: what belongs to what, and of bytes moved not every one. */
public final class ProgressTracker implements FetchListener, UnpackListener {
    private static final long STEP_NANOS = 300_000_000L;

    private final String root;
    private final Progress.Listener listener;
    private final ReentrantLock lock = new ReentrantLock();

    /** What refers to a blob, by its digest. Guarded by lock. */
    private final Map<Digest, String> parents = new HashMap<>();

    /** When a blob's download was last told of. Guarded by lock. */
    private final Map<Digest, Long> told = new HashMap<>();

    /** What was told to be waited for. Guarded by lock. */
    private final Set<Digest> known = new HashSet<>();

    /** Tells {@code listener} of what is below {@code root}, the image's name. */
    public ProgressTracker(String root, Progress.Listener listener) {
        this.root = root;
        this.listener = listener;
    }

    /** A document refers to these. */
    public void children(Descriptor document, List<Descriptor> children) {
        lock.lock();
        try {
            children.forEach(child -> parents.putIfAbsent(child.digest(), IngestRefs.of(document)));
        } finally {
            lock.unlock();
        }
    }

    /** A blob is needed. */
    public void waiting(Descriptor blob) {
        boolean isNew;
        lock.lock();
        try {
            isNew = known.add(blob.digest());
        } finally {
            lock.unlock();
        }
        if (isNew) {
            tell("waiting", blob, 0);
        }
    }

    @Override
    public void advanced(Descriptor blob, long offset) {
        if (isTime(blob)) {
            tell("downloading", blob, offset);
        }
    }

    private boolean isTime(Descriptor blob) {
        long now = System.nanoTime();
        lock.lock();
        try {
            Long last = told.get(blob.digest());
            if (last != null && now - last < STEP_NANOS) {
                return false;
            }
            told.put(blob.digest(), now);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** {@code offset} bytes of a blob are sent. */
    public void uploading(Descriptor blob, long offset) {
        if (isTime(blob)) {
            tell("uploading", blob, offset);
        }
    }

    /** A blob was sent, or was there. */
    public void pushed(Descriptor blob, boolean isNew) {
        tell(isNew ? "complete" : "already exists", blob, blob.size());
    }

    @Override
    public void stored(Descriptor blob) {
        tell("complete", blob, blob.size());
    }

    @Override
    public void existed(Descriptor blob) {
        tell("already exists", blob, blob.size());
    }

    @Override
    public void extracting(Descriptor layer) {
        tell("extracting", layer, 0);
    }

    @Override
    public void extracted(Descriptor layer) {
        tell("extracted", layer, layer.size());
    }

    private void tell(String event, Descriptor blob, long done) {
        String parent;
        lock.lock();
        try {
            parent = parents.getOrDefault(blob.digest(), root);
        } finally {
            lock.unlock();
        }
        listener.on(new Progress(event, IngestRefs.of(blob), List.of(parent), done, blob.size(), blob));
    }
}
