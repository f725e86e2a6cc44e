package dev.wharf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Restarts with the stock Go shim, of which each container has one, that takes it along when it dies. */
final class RestartOverGoShimTest extends Restarts {
    @Override
    Daemon launch() {
        return Daemon.launchOverGoShim();
    }

    @Test
    void aKilledShimIsReportedAndCleanedUpAfter() {
        daemon.ctr("run", "-d", BusyboxImage.NAME, "victim", "sleep", "1000").ok();
        ProcessHandle shim = ProcessHandle.allProcesses()
                .filter(handle -> {
                    String line = handle.info().commandLine().orElse("");
                    return line.contains("containerd-shim-runc-v2") && line.contains("-id victim");
                })
                .findFirst()
                .orElseThrow();
        shim.destroyForcibly();
        Programs.await(
                "the task to be gone",
                () -> daemon.ctr("tasks", "ls", "-q").ok().lines().isEmpty());
        Path bundle = daemon.state().resolve("io.containerd.runtime.v2.task/" + Daemon.NAMESPACE + "/victim");
        Programs.await("the bundle to be gone", () -> !Files.exists(bundle));
        daemon.ctr("tasks", "start", "-d", "victim").ok();
        assertThat(daemon.ctr("tasks", "ls").ok().out()).contains("RUNNING");
    }
}
