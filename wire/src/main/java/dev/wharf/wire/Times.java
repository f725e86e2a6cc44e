package dev.wharf.wire;

import com.google.protobuf.Timestamp;
import java.time.Instant;

/** Times. Go's clients send and expect the year 1 for "never"; core has {@link Instant#EPOCH} for it. */
public final class Times {
    private static final long GO_ZERO_SECONDS = -62_135_596_800L;
    /** The end of the year 9999, the last a Timestamp may hold. */
    private static final long LAST_SECONDS = 253_402_300_799L;

    private static final Timestamp GO_ZERO =
            Timestamp.newBuilder().setSeconds(GO_ZERO_SECONDS).build();

    private Times() {}

    /** The time as a message. */
    public static Timestamp toProto(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }

    /** The time as a message, {@code EPOCH} as Go's zero time. */
    public static Timestamp toProtoOrZero(Instant time) {
        return time.equals(Instant.EPOCH) ? GO_ZERO : toProto(time);
    }

    /** The time of a message; {@code EPOCH} for Go's zero time, for what is out of range, and for no message. */
    public static Instant fromProto(Timestamp time) {
        if (time.getSeconds() <= GO_ZERO_SECONDS || time.getSeconds() > LAST_SECONDS) {
            return Instant.EPOCH;
        }
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }
}
