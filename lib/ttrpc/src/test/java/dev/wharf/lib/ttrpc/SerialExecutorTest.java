package dev.wharf.lib.ttrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SerialExecutorTest {
    private final ArrayDeque<Runnable> threads = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();

    @Test
    void tasksRunInOrderOnOneThreadAtATime() {
        SerialExecutor serial = new SerialExecutor(threads::add);
        serial.execute(() -> done.add("first"));
        serial.execute(() -> done.add("second"));
        assertThat(threads).hasSize(1);
        threads.remove().run();
        assertThat(done).containsExactly("first", "second");
    }

    @Test
    void aTaskThatThrowsDoesNotStopTheOthers() {
        SerialExecutor serial = new SerialExecutor(threads::add);
        serial.execute(() -> {
            throw new OutOfMemoryError("as if the heap were full");
        });
        serial.execute(() -> done.add("second"));
        Thread runner = new Thread(threads.remove());
        runner.setUncaughtExceptionHandler((thread, escaped) -> {
            throw new OutOfMemoryError("still full: " + escaped);
        });
        start(runner);
        assertThat(done).containsExactly("second");
    }

    private static void start(Thread runner) {
        runner.start();
        try {
            runner.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatNoThreadCouldBeHadForRunsWithTheNext() {
        boolean[] refuses = {true};
        SerialExecutor serial = new SerialExecutor(task -> {
            if (refuses[0]) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            threads.add(task);
        });
        assertThatThrownBy(() -> serial.execute(() -> done.add("first"))).isInstanceOf(OutOfMemoryError.class);
        refuses[0] = false;
        serial.execute(() -> done.add("second"));
        threads.remove().run();
        assertThat(done).containsExactly("first", "second");
    }
}
