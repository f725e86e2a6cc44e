package dev.wharf.core.transfer.image;

import dev.wharf.core.concurrent.Turns;
import dev.wharf.core.content.ContentStore;
import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes what comes in an archive into the content store. */
final class ArchiveIngest {
    private static final int BUFFER = 1 << 20;

    private final TransferParts parts;
    private final Context ctx;

    ArchiveIngest(TransferParts parts, Context ctx) {
        this.parts = parts;
        this.ctx = ctx;
    }

    /** Stores a blob whose digest is known; {@code INVALID_ARGUMENT} when the bytes are others. */
    void known(Descriptor blob, InputStream in) throws IOException {
        try (Turns.Turn turn = parts.turns().take("blob " + blob.digest())) {
            assert turn != null;
            write("import-" + blob.digest(), blob.size(), blob.digest(), in, Map.of());
        }
    }

    /** Stores bytes and answers their digest. */
    Digest unknown(long size, InputStream in) throws IOException {
        return write(uniqueRef(), size, null, in, Map.of());
    }

    /** Stores a document made here. */
    Descriptor document(String mediaType, byte[] bytes) {
        Descriptor document = new Descriptor(mediaType, Digest.sha256(bytes), bytes.length);
        try {
            known(document, new ByteArrayInputStream(bytes));
        } catch (IOException e) {
            throw ErrorKind.INTERNAL.of("write " + document.digest(), e);
        }
        return document;
    }

    ContentStore content() {
        return parts.content();
    }

    /** The name for an ingest whose digest comes out at the end. */
    String uniqueRef() {
        return "import-" + HexFormat.of().toHexDigits(parts.random().nextLong());
    }

    private Digest write(String ref, long size, @Nullable Digest expected, InputStream in, Map<String, String> labels)
            throws IOException {
        try (ContentWriter writer = parts.content().writer(ctx, ref, size, expected)) {
            if (expected == null || writer.status().offset() < size) {
                if (writer.status().offset() > 0) {
                    writer.truncate(0);
                }
                copy(in, writer, size);
            }
            Digest digest = writer.digest();
            commit(writer, size, expected, labels);
            return digest;
        } catch (WharfException e) {
            return alreadyThere(e, ref, expected);
        }
    }

    /** That the blob is there already, from elsewhere or from this very archive, is no failure. */
    private static void commit(ContentWriter writer, long size, @Nullable Digest expected, Map<String, String> labels) {
        try {
            writer.commit(size, expected, labels);
        } catch (WharfException e) {
            if (e.kind() != ErrorKind.ALREADY_EXISTS) {
                throw e;
            }
        }
    }

    private Digest alreadyThere(WharfException e, String ref, @Nullable Digest expected) {
        if (e.kind() == ErrorKind.FAILED_PRECONDITION) {
            parts.content().abort(ctx, ref);
            throw ErrorKind.INVALID_ARGUMENT.of("image archive: " + expected + " is not what its name says", e);
        }
        if (e.kind() != ErrorKind.ALREADY_EXISTS || expected == null) {
            throw e;
        }
        return expected;
    }

    private void copy(InputStream in, ContentWriter writer, long size) throws IOException {
        byte[] buffer = new byte[(int) Math.min(BUFFER, Math.max(size, 1))];
        for (long left = size; left > 0; ) {
            int count = in.readNBytes(buffer, 0, (int) Math.min(buffer.length, left));
            if (count == 0) {
                throw new IOException("ends " + left + " bytes too early");
            }
            writer.write(ByteBuffer.wrap(buffer, 0, count));
            left -= count;
        }
    }
}
