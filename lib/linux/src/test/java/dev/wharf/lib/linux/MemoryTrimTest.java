package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.MemoryTrim.MOST_GARBAGE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MemoryTrimTest implements MemoryTrim.Subject {
    private Duration used = Duration.ZERO;
    private int trims;
    private int collections;
    private long live = 1 << 20;
    private long heap = live;
    private final MemoryTrim trim = new MemoryTrim(this);

    @Override
    public Duration processorTime() {
        return used;
    }

    @Override
    public long heapUsed() {
        return heap;
    }

    @Override
    public void collect() {
        collections++;
        heap = live;
        work(30);
    }

    @Override
    public void trim() {
        trims++;
        heap = live;
        work(100);
    }

    private void work(int millis) {
        used = used.plusMillis(millis);
    }

    private int trimsAfterLook() {
        trim.look();
        return trims;
    }

    private int collectionsAfter(long garbage) {
        work(1_000);
        heap += garbage;
        trim.look();
        return collections;
    }

    @Test
    void aBusyDaemonIsNotTrimmedUntilItIsQuiet() {
        work(1_000);
        assertThat(trimsAfterLook()).isZero();
        work(1_000);
        assertThat(trimsAfterLook()).isZero();
        work(10);
        assertThat(trimsAfterLook()).isEqualTo(1);
        assertThat(collections).isZero();
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

    @Test
    void garbageOfABusyDaemonIsCollectedOnceItIsMuch() {
        assertThat(collectionsAfter(MOST_GARBAGE - live)).isZero();
        assertThat(collectionsAfter(live + 1)).isEqualTo(1);
        assertThat(collectionsAfter(MOST_GARBAGE)).isEqualTo(1);
        assertThat(collectionsAfter(1)).isEqualTo(2);
        assertThat(trims).isZero();
    }

    @Test
    void aDaemonThatNeedsMuchIsCollectedAfterAsMuchGarbage() {
        live = 5 * MOST_GARBAGE;
        assertThat(collectionsAfter(live)).isEqualTo(1);
        assertThat(collectionsAfter(live)).isEqualTo(1);
        assertThat(collectionsAfter(1)).isEqualTo(2);
    }
}
