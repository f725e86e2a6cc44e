package dev.wharf.core.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.oci.MediaTypes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class QueuedApplierTest {
    private static final Context CTX = Context.of("test");
    private static final Descriptor LAYER =
            new Descriptor(MediaTypes.OCI_LAYER_GZIP, Digest.sha256(new byte[0]), 0, Map.of());

    private final AtomicInteger at = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    private final Applier counting = (ctx, diff, mounts, options) -> {
        most.accumulateAndGet(at.incrementAndGet(), Math::max);
        Thread.yield();
        at.decrementAndGet();
        return diff;
    };

    @Test
    void neverMoreThanThereArePlacesAreAppliedAtOnce() throws InterruptedException {
        Applier applier = new QueuedApplier(counting, 3);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int layer = 0; layer < 200; layer++) {
                    applier.apply(CTX, LAYER, List.of(), Applier.Options.DEFAULT);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(most).hasValueBetween(1, 3);
        assertThat(at).hasValue(0);
    }

    @Test
    void aFailureGivesThePlaceBack() {
        Applier applier = new QueuedApplier(
                (ctx, diff, mounts, options) -> {
                    throw ErrorKind.INVALID_ARGUMENT.of("broken");
                },
                1);
        for (int i = 0; i < 3; i++) {
            fails(applier, CTX, ErrorKind.INVALID_ARGUMENT);
        }
    }

    @Test
    void whoseTimeIsUpBeforeItsTurnIsTold() throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Applier applier = new QueuedApplier(
                (ctx, diff, mounts, options) -> {
                    inside.countDown();
                    await(end);
                    return diff;
                },
                1);
        Thread other = Thread.ofVirtual().start(() -> applier.apply(CTX, LAYER, List.of(), Applier.Options.DEFAULT));
        inside.await();
        Context hurried = CTX.withDeadline(Context.Deadline.after(Duration.ofMillis(20), Instant::now));
        fails(applier, hurried, ErrorKind.DEADLINE_EXCEEDED);
        Thread.currentThread().interrupt();
        fails(applier, CTX, ErrorKind.CANCELLED);
        assertThat(Thread.interrupted()).isTrue();
        end.countDown();
        other.join();
        assertThat(applier.apply(CTX, LAYER, List.of(), Applier.Options.DEFAULT))
                .isEqualTo(LAYER);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void fails(Applier applier, Context ctx, ErrorKind kind) {
        assertThatThrownBy(() -> applier.apply(ctx, LAYER, List.of(), Applier.Options.DEFAULT))
                .isInstanceOfSatisfying(
                        WharfException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
