package dev.wharf.testkit.content;

import dev.wharf.core.content.ContentReader;
import dev.wharf.core.oci.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/**
 * Bytes for a blob that look random and are the same every time.
 *
 * @param bytes the bytes; nobody changes them
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record TestBytes(byte[] bytes) {
    /** So many bytes; the same seed gives the same ones. */
    public static TestBytes of(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return new TestBytes(bytes);
    }

    /** How many there are. */
    public int size() {
        return bytes.length;
    }

    /** Their sha256 digest. */
    public Digest digest() {
        return digest("sha256");
    }

    /** Their digest by an algorithm. */
    public Digest digest(String algorithm) {
        return Digest.of(algorithm, Digest.newMessageDigest(algorithm).digest(bytes));
    }

    /** All of them, to be written. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** Those from one offset to another. */
    public ByteBuffer buffer(int from, int to) {
        return ByteBuffer.wrap(Arrays.copyOfRange(bytes, from, to));
    }

    /** All a reader has, read in steps of an odd size; closes it. */
    public static byte[] readAll(ContentReader reader) {
        try (reader) {
            ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(reader.size()));
            while (all.hasRemaining()) {
                ByteBuffer step = all.slice(all.position(), Math.min(all.remaining(), 4099));
                int count = reader.read(step, all.position());
                if (count < 0) {
                    throw new IllegalStateException("ends at " + all.position() + " of " + all.capacity());
                }
                all.position(all.position() + count);
            }
            return all.array();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
