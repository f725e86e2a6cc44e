package dev.wharf.lib.registry;

import java.io.FilterInputStream;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Set;

/**
 * The bytes of a blob, and where they came from. They are not verified. Broken connections have been resumed; an {@code
 * IOException} means that no host could give the rest, and its cause is the {@link RegistryException}. It must be closed.
 * One thread reads.
 */
public final class BlobStream extends FilterInputStream {
    private final BlobPlaces places;

    BlobStream(InputStream body, BlobPlaces places) {
        super(body);
        this.places = places;
    }

    /** The hosts (bases of their APIs) or external addresses bytes came from so far, in the order of their first. */
    public Set<URI> servedBy() {
        return places.served();
    }

    /** What failed and was made up for so far. */
    public List<HostFailure> failures() {
        return places.failures();
    }

    /** What is read. */
    public BlobRequest request() {
        return places.request();
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
