package dev.wharf.cmd.shim.task;

import dev.wharf.cmd.shim.bundle.Bundle;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Pidfd;
import dev.wharf.lib.linux.PlatformThread;
import dev.wharf.lib.linux.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands of an engine for one container that a process of this program left running when it was killed, known by the
 * log file on their command line.
 *
 * @param pids of the commands
 */
record EngineRemains(List<Integer> pids) {
    private static final Logger LOG = LoggerFactory.getLogger(EngineRemains.class);
    /** The start of a process is known to a hundredth of a second, by another clock than times of files. */
    private static final Duration CLOCK = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    static EngineRemains of(Bundle bundle) {
        String mark = bundle.directory() + "/";
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return new EngineRemains(processes
                    .map(process -> process.getFileName().toString())
                    .filter(name -> name.chars().allMatch(c -> c >= '0' && c <= '9'))
                    .map(Integer::valueOf)
                    .filter(pid -> isCommand(pid, mark))
                    .toList());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("cannot list processes", e);
        }
    }

    private static boolean isCommand(int pid, String mark) {
        try {
            byte[] line = Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline"));
            List<String> arguments = List.of(new String(line, StandardCharsets.UTF_8).split("\0", -1));
            int log = arguments.indexOf("--log");
            return log >= 0
                    && log + 1 < arguments.size()
                    && arguments.get(log + 1).startsWith(mark)
                    && arguments.get(log + 1).endsWith("log.json");
        } catch (IOException e) {
            // It ended meanwhile.
            return false;
        }
    }

    /** Waits for their ends, and kills those that take too long. */
    void end() {
        pids.forEach(EngineRemains::end);
    }

    private static void end(int pid) {
        try (Pidfd command = Pidfd.open(pid)) {
            boolean ended = PlatformThread.call("engine-remains", () -> command.awaitEnd(PATIENCE));
            if (!ended) {
                LOG.warn("an engine left behind hangs and is killed, pid={}", pid);
                command.sendSignal(Signal.SIGKILL.number());
            }
        } catch (ErrnoException e) {
            LOG.debug("an engine left behind has ended, pid={}", pid);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether a process is not older than a file, so that its pid was not given to another one long before. */
    static boolean isStartedAfter(int pid, Path file) {
        try {
            Instant written = Files.getLastModifiedTime(file).toInstant().minus(CLOCK);
            return ProcessHandle.of(pid)
                    .flatMap(process -> process.info().startInstant())
                    .filter(start -> !start.isBefore(written))
                    .isPresent();
        } catch (IOException e) {
            return false;
        }
    }
}
