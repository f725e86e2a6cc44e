package dev.wharf.testkit.content;

import dev.wharf.core.content.IngestStatus;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.oci.Digest;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One ingest of an {@link InMemoryContentStore}; guarded by the store's lock. */
final class InMemoryIngest {
    private final String ref;
    private final long total;
    private final @Nullable Digest expected;
    private final InstantSource clock;
    private final Instant startedAt;
    private Instant updatedAt;
    private byte[] data;
    private boolean open;

    InMemoryIngest(String ref, long total, @Nullable Digest expected, InstantSource clock, byte @Nullable [] shared) {
        this.ref = ref;
        this.total = total;
        this.expected = expected;
        this.clock = clock;
        this.startedAt = clock.instant();
        this.updatedAt = startedAt;
        this.data = shared == null ? new byte[0] : shared;
    }

    String ref() {
        return ref;
    }

    byte[] data() {
        return data;
    }

    IngestStatus status() {
        return new IngestStatus(ref, data.length, total, expected, startedAt, updatedAt);
    }

    /** Takes the ingest for one writer; {@code UNAVAILABLE} when another has it. */
    void open() {
        if (open) {
            throw ErrorKind.UNAVAILABLE.of("ref " + ref + " locked");
        }
        open = true;
    }

    void close() {
        open = false;
    }

    void append(ByteBuffer more) {
        int old = data.length;
        data = Arrays.copyOf(data, old + more.remaining());
        more.get(data, old, data.length - old);
        updatedAt = clock.instant();
    }

    void truncate(long offset) {
        if (offset < 0 || offset > data.length) {
            throw ErrorKind.OUT_OF_RANGE.of("truncate to " + offset + " of " + data.length + " bytes");
        }
        data = Arrays.copyOf(data, (int) offset);
        updatedAt = clock.instant();
    }

    /** The digest by the algorithm of {@code wanted}, or of what was expected, or sha256. */
    Digest digest(@Nullable Digest wanted) {
        Digest model = wanted == null ? expected : wanted;
        String algorithm = model == null ? "sha256" : model.algorithm();
        return Digest.of(algorithm, Digest.newMessageDigest(algorithm).digest(data));
    }
}
