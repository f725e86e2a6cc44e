package dev.wharf.plugins.metadata.sqlite;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/** Moments as nanoseconds since 1970, the way the file holds them; what is out of range becomes its end. */
final class Times {
    private static final long NANOS = 1_000_000_000L;

    private Times() {}

    static long nanos(Instant moment) {
        BigInteger exact = BigInteger.valueOf(moment.getEpochSecond())
                .multiply(BigInteger.valueOf(NANOS))
                .add(BigInteger.valueOf(moment.getNano()));
        if (exact.bitLength() < Long.SIZE) {
            return exact.longValue();
        }
        return exact.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
    }

    /** The moment as it will be read again. */
    static Instant stored(Instant moment) {
        return instant(nanos(moment));
    }

    /** Parses RFC 3339 text; empty when it is not. */
    static Optional<Instant> parse(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
