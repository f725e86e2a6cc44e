package dev.wharf.core.content;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.oci.Descriptor;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads blobs that are meant to be small (manifests, configs) whole, within a bound. */
final class SmallBlobs {
    private SmallBlobs() {}

    static byte[] read(ContentStore store, Context ctx, Descriptor blob, int limit) {
        try (ContentReader reader = store.open(ctx, blob.digest())) {
            if (reader.size() > limit) {
                throw ErrorKind.RESOURCE_EXHAUSTED.of("blob " + blob.digest() + " has " + reader.size()
                        + " bytes, more than the " + limit + " allowed for its kind");
            }
            return readFully(reader, blob);
        }
    }

    private static byte[] readFully(ContentReader reader, Descriptor blob) {
        ByteBuffer buffer = ByteBuffer.allocate((int) reader.size());
        try {
            while (buffer.hasRemaining() && reader.read(buffer, buffer.position()) >= 0) {}
        } catch (IOException e) {
            throw ErrorKind.INTERNAL.of("read blob " + blob.digest(), e);
        }
        if (buffer.hasRemaining()) {
            throw ErrorKind.DATA_LOSS.of("blob " + blob.digest() + " is shorter than its size");
        }
        return buffer.array();
    }
}
