package dev.wharf.shim.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.api.events.TaskExit;
import dev.wharf.shim.ShimEvent;
import dev.wharf.shim.Topics;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EventPublisherTest {
    @TempDir
    Path directory;

    @Test
    void whatWaitsIsBoundedAndNeverTakenWhereThereIsNoDaemon() throws InterruptedException {
        AtomicInteger taken = new AtomicInteger();
        try (EventPublisher events =
                new EventPublisher(new DaemonEvents(directory.resolve("nobody")), Clock.systemUTC())) {
            for (int i = 0; i < 10_000; i++) {
                events.publish(
                        new ShimEvent("ns", "c" + i % 10, Topics.EXIT, TaskExit.getDefaultInstance()),
                        taken::incrementAndGet);
            }

            assertThat(events.waiting()).isEqualTo(8192);
            assertThat(events.awaitTaken(Duration.ofMillis(1))).isFalse();
        }
        assertThat(taken).hasValue(0);
    }
}
