package dev.wharf.lib.ttrpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class StartPaceTest {
    private final StartPace pace = new StartPace();
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Thread> handlers = new ArrayList<>();

    @AfterEach
    void endHandlers() throws InterruptedException {
        end.countDown();
        for (Thread handler : handlers) {
            handler.join();
        }
    }

    /** As many handlers as may be at work, all doing the same. */
    private List<Start> handlers(Runnable work) throws InterruptedException {
        List<Start> starts = new ArrayList<>();
        CountDownLatch began = new CountDownLatch(StartPace.MOST);
        for (int i = 0; i < StartPace.MOST; i++) {
            Start start = pace.enter();
            starts.add(start);
            handlers.add(Thread.ofVirtual().start(() -> {
                start.began();
                began.countDown();
                work.run();
            }));
        }
        began.await();
        return starts;
    }

    private void await() {
        try {
            end.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void handlersThatWaitHoldUpNobody() throws InterruptedException {
        for (int round = 0; round < 20; round++) {
            handlers(this::await);
        }
        assertThat(pace.enter()).isNotNull();
    }

    @Test
    void handlersThatHaveNotBegunAreWaitedFor() throws Exception {
        List<Start> starts = new ArrayList<>();
        for (int i = 0; i < StartPace.MOST; i++) {
            starts.add(pace.enter());
        }
        isWaitedForUntil(() -> starts.getFirst().left());
    }

    @Test
    void handlersThatWaitForRoomForTheirAnswersAreWaitedFor() throws Exception {
        List<Start> starts = handlers(() -> {});
        starts.forEach(start -> start.answering(true));
        isWaitedForUntil(() -> starts.getLast().left());
    }

    private void isWaitedForUntil(Runnable roomIsMade) throws Exception {
        FutureTask<Start> entering = new FutureTask<>(pace::enter);
        Thread reader = Thread.ofVirtual().start(entering);
        while (reader.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        assertThat(entering.isDone()).isFalse();
        roomIsMade.run();
        assertThat(entering.get(10, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void aHandlerThatDoesNotComeBackIsNotWaitedForForEver() throws InterruptedException {
        List<Start> starts = new ArrayList<>();
        for (int i = 0; i < StartPace.MOST; i++) {
            Start start = pace.enter();
            start.began(); // On this thread, which is at work all the time.
            starts.add(start);
        }
        assertThat(starts).doesNotContain(pace.enter());
    }

    @Test
    void whoComesBackAfterItWasTakenToWaitChangesNothing() throws InterruptedException {
        List<Start> starts = handlers(this::await);
        pace.enter();
        starts.forEach(Start::left);
        assertThat(pace.enter()).isNotNull();
    }
}
