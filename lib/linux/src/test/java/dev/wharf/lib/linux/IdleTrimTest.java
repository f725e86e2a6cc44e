package dev.wharf.lib.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class IdleTrimTest {
    private Duration used = Duration.ZERO;
    private int trims;
    private final IdleTrim trim = new IdleTrim(() -> used, () -> {
        trims++;
        work(100);
    });

    private void work(int millis) {
        used = used.plusMillis(millis);
    }

    private int trimsAfterLook() {
        trim.look();
        return trims;
    }

    @Test
    void aBusyDaemonIsLeftAloneAndTrimmedOnceItIsQuiet() {
        work(1_000);
        assertThat(trimsAfterLook()).isZero();
        work(1_000);
        assertThat(trimsAfterLook()).isZero();
        work(10);
        assertThat(trimsAfterLook()).isEqualTo(1);
    }

    @Test
    void whatWasTrimmedTwiceIsTrimmedAgainOnlyAfterWork() {
        work(1_000);
        assertThat(trimsAfterLook()).isZero();
        assertThat(trimsAfterLook()).isEqualTo(1);
        assertThat(trimsAfterLook()).isEqualTo(2);
        assertThat(trimsAfterLook()).isEqualTo(2);
        work(40);
        assertThat(trimsAfterLook()).isEqualTo(2);
        work(300);
        assertThat(trimsAfterLook()).isEqualTo(2);
        assertThat(trimsAfterLook()).isEqualTo(3);
    }
}
