package dev.wharf.cmd.shim.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.api.runc.v1.Options;
import dev.wharf.api.types.task.Status;
import dev.wharf.api.types.transfer.ContainerPath;
import dev.wharf.shim.ShimException;
import dev.wharf.shim.TransferService;
import dev.wharf.shim.json.Json;
import java.io.ByteArrayOutputStream;
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

    private static void copiesFilesWhereTheKernelIsShared(Shim shim, boolean shared) throws Exception {
        TransferService files = shim.tasks().transfers().orElseThrow();
        ContainerPath path = ContainerPath.newBuilder()
                .setContainerId("c")
                .setPath("/bin/busybox")
                .build();
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        if (shared) {
            files.copyFrom(Shim.CALL, path, archive);
            assertThat(archive.size()).isGreaterThan(100_000);
        } else {
            assertThatThrownBy(() -> files.copyFrom(Shim.CALL, path, archive))
                    .isInstanceOfSatisfying(
                            ShimException.class, e -> assertThat(e.code()).isEqualTo(ShimException.Code.UNIMPLEMENTED));
        }
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
            copiesFilesWhereTheKernelIsShared(shim, !name.equals("runsc"));
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
