package dev.wharf.cmd.shim.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The option {@code ShimCgroup}: the control group of a shim's own process. */
class ShimCgroupTest {
    /** Of version 1 one controller will do. */
    private static final Path TOP = Files.isDirectory(Path.of("/sys/fs/cgroup/pids"))
            ? Path.of("/sys/fs/cgroup/pids")
            : Path.of("/sys/fs/cgroup");

    private final String name = "wharf-place-" + ProcessHandle.current().pid();
    private final Path first = TOP.resolve(name + "-1");
    private final Path second = TOP.resolve(name + "-2");

    @TempDir
    private Path work;

    @AfterEach
    void removeGroups() throws Exception {
        for (Path group : new Path[] {first, second}) {
            Shim.eventually(() -> {
                try {
                    Files.deleteIfExists(group);
                    return true;
                } catch (IOException busy) {
                    return false;
                }
            });
        }
    }

    private String create(ShimProcess shim, String id, String group) throws Exception {
        Path bundle =
                TestBundle.create(work.resolve(id), "sleep", "1000").filled().directory();
        return shim.call("create", id, bundle.toString(), "", "", "", "/" + group);
    }

    private static void end(ShimProcess shim, String id) throws IOException {
        shim.call("kill", id);
        shim.call("wait", id);
        shim.call("delete", id);
    }

    @Test
    void firstContainerPlacesTheShim() throws Exception {
        Files.createDirectory(first);
        Files.createDirectory(second);
        try (ShimProcess shim = ShimProcess.start(work)) {
            assertThat(create(shim, "a", name + "-1")).doesNotStartWith("error");
            assertThat(create(shim, "b", name + "-2")).doesNotStartWith("error");
            assertThat(Files.readString(Path.of("/proc/" + shim.pid() + "/cgroup")))
                    .contains("/" + name + "-1\n");
            end(shim, "a");
            end(shim, "b");
            assertThat(create(shim, "c", name + "-2")).doesNotStartWith("error");
            assertThat(Files.readString(Path.of("/proc/" + shim.pid() + "/cgroup")))
                    .contains("/" + name + "-2\n");
            end(shim, "c");
        }
    }

    @Test
    void groupThatIsNotThereIsNamed() throws Exception {
        try (ShimProcess shim = ShimProcess.start(work)) {
            assertThat(create(shim, "a", name + "-none"))
                    .contains("failed to join cgroup /" + name + "-none: no such cgroup");
        }
    }
}
