package dev.wharf.client.image;

import dev.wharf.core.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** Where the blobs of an image come from: a repository of a registry, as a rule. Used by several threads. */
public interface BlobSource {
    /** The name the image gets, with domain and tag or digest. */
    String name();

    /** The descriptor of the image's manifest or index. {@code NOT_FOUND} when the source has no such image. */
    Descriptor resolve();

    /**
     * Opens a blob or manifest at an offset. A source that cannot start there may skip bytes itself, but must not start
     * elsewhere. Digests are checked by who reads.
     */
    InputStream fetch(Descriptor blob, long offset) throws IOException;

    /** Labels for each blob that came from here, e.g. {@code containerd.io/distribution.source.docker.io}. */
    Map<String, String> labels();
}
