package dev.wharf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Containers outlive the daemon: stopped or killed, it finds them again when it starts. */
abstract class Restarts {
    Daemon daemon;

    /** The daemon, with the shim that is meant. */
    abstract Daemon launch();

    @BeforeEach
    void startWithImage() {
        daemon = launch();
        Path archive = BusyboxImage.archive(daemon.directory());
        daemon.ctr("images", "import", archive.toString()).ok();
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    @Test
    void containersOutliveAStop() {
        containersOutlive(Daemon::stop);
    }

    @Test
    void containersOutliveAKill() {
        containersOutlive(Daemon::kill);
    }

    private void containersOutlive(Consumer<Daemon> end) {
        for (String id : new String[] {"one", "two"}) {
            daemon.ctr("run", "-d", BusyboxImage.NAME, id, "sleep", "1000").ok();
        }
        Path trigger = daemon.directory().resolve("trigger");
        daemon.ctr(
                        "run",
                        "-d",
                        "--mount",
                        "type=bind,src=" + daemon.directory() + ",dst=/host,options=rbind:ro",
                        BusyboxImage.NAME,
                        "ends",
                        "sh",
                        "-c",
                        "while [ ! -e /host/trigger ]; do sleep 0.1; done; exit 42")
                .ok();
        String before = pids();
        end.accept(daemon);
        Programs.run("touch", trigger.toString()).ok();
        Programs.await("the container to end while no daemon runs", () -> !processExists("while [ ! -e /host/trigger"));
        daemon.start();

        assertThat(daemon.ctr("tasks", "ls").ok().out())
                .containsPattern("one\\s+\\d+\\s+RUNNING")
                .containsPattern("two\\s+\\d+\\s+RUNNING")
                .containsPattern("ends\\s+\\d+\\s+STOPPED");
        assertThat(pids()).isEqualTo(before);
        assertThat(daemon.ctr("tasks", "exec", "--exec-id", "x", "one", "echo", "alive")
                        .ok()
                        .out())
                .isEqualTo("alive\n");
        assertThat(daemon.ctr("tasks", "rm", "ends").ok().err()).contains("exit code 42");
        assertThat(daemon.ctr("run", "--rm", BusyboxImage.NAME, "new", "echo", "new")
                        .ok()
                        .out())
                .isEqualTo("new\n");
    }

    private String pids() {
        return daemon.ctr("tasks", "ls")
                .ok()
                .out()
                .lines()
                .filter(line -> line.startsWith("one") || line.startsWith("two"))
                .map(line -> line.split("\\s+")[0] + " " + line.split("\\s+")[1])
                .sorted()
                .toList()
                .toString();
    }

    private static boolean processExists(String part) {
        return ProcessHandle.allProcesses()
                .anyMatch(handle -> handle.info().commandLine().orElse("").contains(part));
    }

    @Test
    void theLogTellsWhatAShimLogsAlsoAfterARestart() throws IOException {
        daemon.ctr("run", "-d", BusyboxImage.NAME, "talks", "sleep", "1000").ok();
        Path log = daemon.state().resolve("io.containerd.runtime.v2.task/" + Daemon.NAMESPACE + "/talks/log");

        Files.writeString(log, "said before\n", StandardOpenOption.WRITE);
        Programs.await("the line in the log", () -> daemon.logText().contains("said before"));
        daemon.stop();
        daemon.start();
        Files.writeString(log, "said after\n", StandardOpenOption.WRITE);
        Programs.await("the line in the log", () -> daemon.logText().contains("said after"));
    }
}
