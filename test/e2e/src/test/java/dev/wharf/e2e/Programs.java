package dev.wharf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Runs programs to their end, within a limit of time. */
final class Programs {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private Programs() {}

    /**
     * How a program ended.
     *
     * @param command what was run
     * @param exit its exit code
     * @param out what it wrote to stdout
     * @param err what it wrote to stderr
     */
    record Result(List<String> command, int exit, String out, String err) {
        /** Itself, after checking that the exit code is 0. */
        Result ok() {
            assertThat(exit).as("%s%nstdout: %s%nstderr: %s", command, out, err).isZero();
            return this;
        }

        /** Itself, after checking that the exit code is not 0. */
        Result fails() {
            assertThat(exit)
                    .as("%s should fail%nstdout: %s%nstderr: %s", command, out, err)
                    .isNotZero();
            return this;
        }

        /** The lines of stdout. */
        List<String> lines() {
            return out.lines().toList();
        }
    }

    static Result run(String... command) {
        return run(Arrays.asList(command));
    }

    static Result run(List<String> command) {
        return runWithInput(command, "");
    }

    static Result runWithInput(List<String> command, String input) {
        try {
            Path out = Files.createTempFile("wharf-test-out", "");
            Path err = Files.createTempFile("wharf-test-err", "");
            try {
                int exit = runTo(command, input, out, err);
                return new Result(command, exit, text(out), text(err));
            } finally {
                Files.deleteIfExists(out);
                Files.deleteIfExists(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The command that runs this one in a terminal of its own. */
    static List<String> inTerminal(List<String> command) {
        return inTerminal("", command);
    }

    /** The command that runs this one in a terminal of this size. */
    static List<String> inTerminal(int rows, int columns, List<String> command) {
        return inTerminal("stty rows " + rows + " cols " + columns + "; ", command);
    }

    private static List<String> inTerminal(String before, List<String> command) {
        String words = command.stream().map(Programs::quoted).collect(Collectors.joining(" "));
        return List.of("script", "-qec", before + words, "/dev/null");
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private static int runTo(List<String> command, String input, Path out, Path err) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(
                        command + " did not end within " + LIMIT + "\nstdout: " + text(out) + "\nstderr: " + text(err));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new AssertionError("interrupted while running " + command, e);
        }
        return process.exitValue();
    }

    /** What a program wrote; what is no text in it becomes replacement characters. */
    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    /** Waits until something holds; fails naming it when it does not within a minute. */
    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waiting for %s", what).isLessThan(end);
            pause();
        }
    }

    /** Lets a little time pass between two looks. */
    static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting", e);
        }
    }
}
