package dev.wharf.lib.registry;

import java.io.IOException;
import java.io.InputStream;

/** Bytes to push; they can be asked for again when an upload is tried again. */
@FunctionalInterface
public interface BlobContent {
    /** The bytes from the start. */
    InputStream open() throws IOException;
}
