package dev.wharf.lib.linux;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Gives memory back once a process has had something to do and then nothing for a few seconds: garbage and the heap it
 * was in, what malloc keeps, and the pages of programs and AOT cache, which stay in the kernel's cache. A process that is
 * busy is left alone; one that was trimmed is trimmed again only after further work.
 */
public final class IdleTrim {
    /** Between two looks. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    /** Who takes less of the processor in a pause has nothing to do. */
    private static final Duration QUIET = Duration.ofMillis(50);

    /** Less work than this leaves nothing behind that is worth a pause of some 20 milliseconds. */
    private static final Duration WORTH = Duration.ofMillis(100);

    private final Supplier<Duration> processor;
    private final Runnable trim;
    private Duration before;
    private Duration trimmedAt = Duration.ZERO;

    /** Whether to trim once more: some of it is freed by others, a little later. */
    private boolean again;

    /** What {@code trim} is run by, for a process that has used as much of the processor as {@code processor} tells. */
    IdleTrim(Supplier<Duration> processor, Runnable trim) {
        this.processor = processor;
        this.trim = trim;
        this.before = processor.get();
    }

    /** Starts to look at this process, until it is closed; tells of what could not be given back. */
    public static Looking start(Consumer<IOException> failures) {
        IdleTrim trim = new IdleTrim(IdleTrim::processorTime, () -> giveBack(failures));
        Thread looking = Thread.ofVirtual().name("idle-trim").start(trim::lookAgainAndAgain);
        return looking::interrupt;
    }

    /** That it looks. */
    @FunctionalInterface
    public interface Looking extends AutoCloseable {
        /** Ends it. */
        @Override
        void close();
    }

    private void lookAgainAndAgain() {
        try {
            while (true) {
                Thread.sleep(PAUSE);
                look();
            }
        } catch (InterruptedException e) {
            // Nobody looks any more.
        }
    }

    /** Trims, if the time since the last look was quiet and the time since the last trim was not, and once more. */
    void look() {
        Duration now = processor.get();
        boolean quiet = now.minus(before).compareTo(QUIET) < 0;
        boolean worked = now.minus(trimmedAt).compareTo(WORTH) >= 0;
        if (quiet && (worked || again)) {
            trim.run();
            again = worked;
            trimmedAt = processor.get();
        }
        before = processor.get();
    }

    private static Duration processorTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static void giveBack(Consumer<IOException> failures) {
        System.gc();
        IdleMemory.trimHeap();
        try {
            IdleMemory.dropFilePages();
        } catch (IOException e) {
            failures.accept(e);
        }
    }
}
