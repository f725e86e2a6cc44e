package dev.wharf.core.transfer;

import dev.wharf.core.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** One image in a registry as a destination. Used by several threads. */
public interface RegistryTarget extends AutoCloseable {
    /** The label of blobs that lists, with commas between them, other repositories of this registry that have them. */
    String sourceLabel();

    /**
     * Sees to it that the repository has a blob; false when it had it, or took it from another.
     *
     * @param mountFrom repositories of this registry that may have it
     */
    boolean push(Descriptor blob, Bytes bytes, List<String> mountFrom);

    /** Stores a manifest or index under its digest, what it refers to being there; false when it was there. */
    boolean pushDocument(Descriptor document, byte[] bytes);

    /**
     * Stores the manifest or index of the image under the image's name; false when that named it. {@code
     * INVALID_ARGUMENT} when the name is a digest, and another.
     */
    boolean pushNamed(Descriptor document, byte[] bytes);

    /** Breaks off what is under way and closes the connections. */
    @Override
    void close();

    /** Bytes to send; asked for again when that is tried again. */
    @FunctionalInterface
    interface Bytes {
        /** Opens them at the start. */
        InputStream open() throws IOException;
    }
}
