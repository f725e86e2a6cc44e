package dev.wharf.cmd.shim.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.api.runc.v1.Options;
import dev.wharf.api.types.task.Status;
import dev.wharf.shim.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Engines other than runc. */
class EnginesTest {
    @TempDir
    private Path work;

    /** By scripts that make up for the test machine: crun refuses hybrid control groups, runsc gets no network. */
    static Arguments[] engines() {
        return new Arguments[] {
            Arguments.of(
                    "crun",
                    "exec unshare -m sh -c 'mountpoint -q /sys/fs/cgroup/unified && umount /sys/fs/cgroup/unified;"
                            + " exec crun \"$@\"' crun \"$@\""),
            Arguments.of("runsc", "exec runsc --network=none --ignore-cgroups \"$@\""),
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("engines")
    void containerRunsWithExecAndEnds(String name, String script) throws Exception {
        Path binary = work.resolve(name);
        Files.writeString(binary, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rwxr-xr-x"));
        Shim shim = Shim.start(
                work, Options.newBuilder().setBinaryName(binary.toString()).build());
        try {
            Shim.Output out = shim.output("out");
            TestBundle bundle = TestBundle.create(work.resolve("bundle"), "sh", "-c", "echo begin; exec sleep 1000")
                    .filled();
            shim.tasks()
                    .create(
                            Shim.CALL,
                            shim.request("c", bundle)
                                    .setStdout(out.path().toString())
                                    .build());
            shim.start("c");
            assertThat(shim.status("c")).isEqualTo(Status.RUNNING);
            Shim.Output second = shim.output("second");
            shim.exec("c", "e", second.path(), "sh", "-c", "echo exec; exit 7");
            shim.startExec("c", "e");
            assertThat(shim.wait("c", "e")).isEqualTo(7);
            assertThat(second.text()).isEqualTo("exec\n");
            shim.deleteExec("c", "e");
            shim.kill("c", 9);
            assertThat(shim.wait("c")).isEqualTo(137);
            assertThat(out.text()).isEqualTo("begin\n");
            shim.delete("c");
            if (name.equals("crun")) {
                assertThat(Json.readObject(Files.readAllBytes(bundle.directory().resolve("config.json")))
                                .string("ociVersion"))
                        .isEqualTo("1.0.0");
            }
        } finally {
            shim.clear();
        }
    }
}
