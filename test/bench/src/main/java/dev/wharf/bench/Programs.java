package dev.wharf.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs to their end, within a limit of time. */
final class Programs {
    private static final long LIMIT_SECONDS = 120;

    private Programs() {}

    /** Runs one and fails, with what it wrote, unless it ends with 0. */
    static void run(String... command) {
        try {
            Path out = Files.createTempFile("wharf-bench-out", "");
            try {
                int exit = exit(List.of(command), out);
                if (exit != 0) {
                    throw new IllegalStateException(
                            String.join(" ", command) + " ended with " + exit + ": " + Files.readString(out));
                }
            } finally {
                Files.deleteIfExists(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int exit(List<String> command, Path out) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        process.getOutputStream().close();
        if (!ended(process, LIMIT_SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException(
                    String.join(" ", command) + " did not end within " + LIMIT_SECONDS + " seconds");
        }
        return process.exitValue();
    }

    /** Waits for the end of a process; false if it did not end in time. */
    static boolean ended(Process process, long seconds) {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }
}
