package dev.wharf.plugins.runtime.shim;

import static dev.wharf.plugins.runtime.shim.ShimFixture.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.events.Event;
import dev.wharf.lib.linux.Command;
import dev.wharf.lib.linux.Processes;
import dev.wharf.testkit.events.RecordingEventBus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orphans with real processes, which this one inherits for as long. */
class OrphansTest {
    @TempDir
    private Path state;

    @TempDir
    private Path root;

    private final RecordingEventBus bus = new RecordingEventBus(Clock.systemUTC());
    private final RunningTasks tasks = new RunningTasks();
    private Orphans orphans;

    @BeforeEach
    void inherit() {
        orphans = Orphans.inherit(tasks, new Bundles(state, root), bus);
    }

    @AfterEach
    void stop() {
        orphans.close();
    }

    /** The pid of a process whose parent has ended, and which ends when the file is there. */
    private int orphan(String file) {
        String script = "while [ ! -e " + root.resolve(file) + " ]; do sleep 0.02; done; exit 38";
        String pid = Command.run(
                        List.of("sh", "-c", "sh -c '" + script + "' > /dev/null 2>&1 & echo $!"),
                        new byte[0],
                        Duration.ofSeconds(10),
                        100)
                .stdoutText();
        return Integer.parseInt(pid.strip());
    }

    /** Lets it end, and another one that nobody asks for, which is reaped before this returns; both may be at once. */
    private void end(int pid, String file) throws IOException {
        Files.createFile(root.resolve(file));
        eventually("the orphan ends", () -> !new InitProcess(pid, Instant.now()).isAlive());
        Files.createFile(root.resolve("other"));
        int other = orphan("other");
        eventually("an orphan nobody asks for is reaped", () -> !Processes.exists(other));
    }

    /** The bundle of a container of this process whose shim is away. */
    private void bundle(int pid) throws IOException {
        Path directory = Files.createDirectories(state.resolve("ns/c"));
        Files.writeString(directory.resolve("wharf-shim.json"), "{}");
        Files.writeString(directory.resolve("e.pid"), Integer.toString(pid));
        Shim shim = new Shim(
                new Bundle("ns", "c", directory, root),
                Optional.empty(),
                new ShimEndpoint(3, "unix:///run/s", "ttrpc"),
                TaskClient.none("ns", "c"),
                ShimTimeouts.DEFAULTS,
                () -> {});
        shim.set(Shim.Phase.LIVE);
        tasks.reserve("ns", "c");
        tasks.show(shim);
    }

    @Test
    void oneNobodyAsksForIsReaped() throws IOException {
        int pid = orphan("end");
        end(pid, "end");
        eventually("it is reaped", () -> !Processes.exists(pid));
    }

    @Test
    void oneWhoseShimIsAwayIsKeptUntilItsEndIsTold() throws IOException {
        int pid = orphan("end");
        bundle(pid);
        end(pid, "end");
        assertThat(Processes.exists(pid)).isTrue();
        bus.publish("ns", "/tasks/exit", new Event.TaskExited("c", "e", pid, 38, Instant.now()));
        eventually("it is reaped", () -> !Processes.exists(pid));
    }

    @Test
    void endsOfOtherContainersReleaseNone() throws IOException {
        int pid = orphan("end");
        bundle(pid);
        bus.publish("ns", "/tasks/exit", new Event.TaskExited("other", "e", pid, 38, Instant.now()));
        end(pid, "end");
        assertThat(Processes.exists(pid)).isTrue();
    }
}
