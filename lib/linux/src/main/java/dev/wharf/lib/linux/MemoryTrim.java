package dev.wharf.lib.linux;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Keeps the memory of this process near what it needs.
 *
 * <p>Once it has had something to do and then nothing for a few seconds, all is given back that can be: garbage and the
 * heap it was in, what malloc keeps, and the pages of programs and AOT cache, which stay in the kernel's cache.
 *
 * <p>While it is busy, garbage is collected whole when there is more of it than of what lives. The serial collector by
 * itself lets the old generation grow to the largest heap before it looks there, and much gets there young.
 */
public final class MemoryTrim {
    /** Between two looks. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    /** Who takes less of the processor in a pause has nothing to do. */
    private static final Duration QUIET = Duration.ofMillis(50);

    /** Less work than this leaves nothing behind that is worth a pause of some 20 milliseconds. */
    private static final Duration WORTH = Duration.ofMillis(100);

    /** In bytes: less garbage than this is left to the collector. */
    static final long MOST_GARBAGE = 24 << 20;

    private final Subject subject;
    private Duration before;
    private Duration trimmedAt = Duration.ZERO;

    /** Whether to trim once more: some of it is freed by others, a little later. */
    private boolean again;

    /** In bytes, what was on the heap after it was last collected here. */
    private long lived;

    /** A process whose memory is kept small. */
    interface Subject {
        /** What it has used of the processors. */
        Duration processorTime();

        /** In bytes, what its heap holds, garbage included. */
        long heapUsed();

        /** Collects garbage. */
        void collect();

        /** Gives back all it can, garbage included. */
        void trim();
    }

    MemoryTrim(Subject subject) {
        this.subject = subject;
        this.before = subject.processorTime();
    }

    /** Starts to look at this process, until it is closed; tells of what could not be given back. */
    public static Looking start(Consumer<IOException> failures) {
        MemoryTrim trim = new MemoryTrim(new ThisProcess(failures));
        Thread looking = Thread.ofVirtual().name("memory-trim").start(trim::lookAgainAndAgain);
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

    /**
     * Trims, if the time since the last look was quiet and the time since the last trim was not, and once more; else
     * collects what garbage has come together.
     */
    void look() {
        Duration now = subject.processorTime();
        boolean quiet = now.minus(before).compareTo(QUIET) < 0;
        boolean worked = now.minus(trimmedAt).compareTo(WORTH) >= 0;
        if (quiet && (worked || again)) {
            subject.trim();
            lived = subject.heapUsed();
            again = worked;
            trimmedAt = subject.processorTime();
        } else if (subject.heapUsed() - lived > Math.max(lived, MOST_GARBAGE)) {
            subject.collect();
            lived = subject.heapUsed();
        }
        before = subject.processorTime();
    }

    private record ThisProcess(Consumer<IOException> failures) implements Subject {
        @Override
        public Duration processorTime() {
            return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        }

        @Override
        public long heapUsed() {
            Runtime runtime = Runtime.getRuntime();
            return runtime.totalMemory() - runtime.freeMemory();
        }

        @Override
        public void collect() {
            System.gc();
        }

        @Override
        public void trim() {
            collect();
            IdleMemory.trimHeap();
            try {
                IdleMemory.dropFilePages();
            } catch (IOException e) {
                failures.accept(e);
            }
        }
    }
}
