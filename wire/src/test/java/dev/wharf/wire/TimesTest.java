package dev.wharf.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TimesTest {
    private static final Timestamp GO_ZERO =
            Timestamp.newBuilder().setSeconds(-62_135_596_800L).build();

    @Test
    void timesComeBackTheSame() {
        Instant time = Instant.parse("2026-01-02T03:04:05.000000006Z");

        assertThat(Times.fromProto(Times.toProto(time))).isEqualTo(time);
        assertThat(Times.fromProto(Times.toProtoOrZero(time))).isEqualTo(time);
    }

    @Test
    void neverIsGosZeroTimeWhereClientsAskForIt() {
        assertThat(Times.toProtoOrZero(Instant.EPOCH)).isEqualTo(GO_ZERO);
        assertThat(Times.toProto(Instant.EPOCH)).isEqualTo(Timestamp.getDefaultInstance());
        assertThat(Times.fromProto(GO_ZERO)).isEqualTo(Instant.EPOCH);
        assertThat(Times.fromProto(Timestamp.getDefaultInstance())).isEqualTo(Instant.EPOCH);
    }

    @Test
    void whatIsOutOfRangeIsNever() {
        for (long seconds : new long[] {Long.MIN_VALUE, Long.MAX_VALUE, 253_402_300_800L, -62_135_596_801L}) {
            for (int nanos : new int[] {Integer.MIN_VALUE, 0, Integer.MAX_VALUE}) {
                Timestamp time = Timestamp.newBuilder()
                        .setSeconds(seconds)
                        .setNanos(nanos)
                        .build();
                assertThat(Times.fromProto(time)).isEqualTo(Instant.EPOCH);
            }
        }
    }
}
