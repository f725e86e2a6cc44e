package dev.wharf.core.transfer;

import dev.wharf.core.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** One image in a registry as a source. Used by several threads. */
public interface RegistrySource extends AutoCloseable {
    /** The descriptor of the image's manifest or index; {@code NOT_FOUND} when there is no such image. */
    Descriptor resolve();

    /**
     * Opens a blob or manifest at an offset. Digests are checked by who reads.
     *
     * @throws IOException when it is worth another try
     */
    InputStream fetch(Descriptor blob, long offset) throws IOException;

    /**
     * Has bytes of a blob no longer come from where they came from so far: they had another digest. Answers whether there
     * is another place to have it from.
     */
    boolean distrust(Descriptor blob);

    /** Where the bytes of a blob came from, for people: requests and hosts, as far as they are known. */
    default String origin(Descriptor blob) {
        return "the registry";
    }

    /** Labels for each blob that came from here, e.g. {@code containerd.io/distribution.source.docker.io}. */
    Map<String, String> labels();

    /** Breaks off what is under way and closes the connections. */
    @Override
    void close();
}
