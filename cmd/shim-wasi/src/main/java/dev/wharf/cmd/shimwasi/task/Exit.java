package dev.wharf.cmd.shimwasi.task;

import com.google.protobuf.Timestamp;
import java.time.Instant;

/**
 * How and when a module ended.
 *
 * @param status its exit code, 128 and the signal where it was killed
 * @param at when
 */
record Exit(int status, Instant at) {
    Timestamp time() {
        return Timestamp.newBuilder()
                .setSeconds(at.getEpochSecond())
                .setNanos(at.getNano())
                .build();
    }
}
