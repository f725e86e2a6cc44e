package dev.wharf.cmd.shim.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.api.runc.v1.Options;
import dev.wharf.lib.linux.Fifo;
import dev.wharf.shim.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the fields of {@code runc.Options} do; {@link ShimCgroupTest} and {@link CheckpointTest} have those not here. */
class RuntimeOptionsTest {
    /** Notes its command line and who owns its output, and is runc but for systemd, which need not be there. */
    private static final String SCRIPT = """
            #!/bin/bash
            echo "$@" >> $WORK/arguments
            [[ " $* " != *" create "* ]] || stat -L -c %u:%g /proc/$$/fd/1 > $WORK/owner
            exec runc "${@/--systemd-cgroup/--debug}"
            """;

    @TempDir
    private Path work;

    private Path engine;
    private int bundles;

    @BeforeEach
    void writeEngine() throws IOException {
        engine = Files.writeString(work.resolve("engine.sh"), SCRIPT.replace("$WORK", work.toString()));
        assertThat(engine.toFile().setExecutable(true)).isTrue();
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(work.resolve("engine/shim-test/c")).doesNotExist();
    }

    private TestBundle run(Options options, Path stdout) throws Exception {
        Shim shim = Shim.start(
                work, options.toBuilder().setBinaryName(engine.toString()).build());
        try {
            TestBundle bundle = TestBundle.create(work.resolve("bundle" + bundles++), "sleep", "1000")
                    .filled();
            shim.tasks()
                    .create(
                            Shim.CALL,
                            shim.request("c", bundle)
                                    .setStdout(stdout.toString())
                                    .build());
            shim.start("c");
            assertThat(work.resolve("engine/shim-test/c")).as("in Root").isDirectory();
            return bundle;
        } finally {
            shim.clear();
        }
    }

    private List<String> commands() throws IOException {
        return Files.readAllLines(work.resolve("arguments")).stream()
                .filter(line -> !line.equals("--version"))
                .toList();
    }

    static Arguments[] switches() {
        return new Arguments[] {
            Arguments.of(
                    "NoPivotRoot", "create", "--no-pivot", Options.newBuilder().setNoPivotRoot(true)),
            Arguments.of(
                    "NoNewKeyring",
                    "create",
                    "--no-new-keyring",
                    Options.newBuilder().setNoNewKeyring(true)),
            Arguments.of(
                    "SystemdCgroup",
                    "",
                    "--systemd-cgroup",
                    Options.newBuilder().setSystemdCgroup(true)),
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("switches")
    void isGivenToTheCommandsItIsFor(String name, String command, String flag, Options.Builder options)
            throws Exception {
        run(options.build(), Path.of("/dev/null"));
        assertThat(commands())
                .allSatisfy(
                        line -> assertThat(line.contains(" " + flag)).as(line).isEqualTo(line.contains(" " + command)));
        Files.delete(work.resolve("arguments"));
        run(Options.getDefaultInstance(), Path.of("/dev/null"));
        assertThat(commands()).noneMatch(line -> line.contains(flag));
    }

    @Test
    void fifosAreGivenToWhoeverIsNamed() throws Exception {
        Path stdout = work.resolve("out");
        Fifo.create(stdout, 0700);
        run(Options.newBuilder().setIoUid(1234).setIoGid(2345).build(), stdout);
        // The engine gives it to the user of the process afterwards.
        assertThat(work.resolve("owner")).hasContent("1234:2345");
    }

    @Test
    void allAreKeptInTheBundle() throws Exception {
        Options options = Options.newBuilder()
                .setIoUid(1)
                .setNoNewKeyring(true)
                .setCriuImagePath("/images")
                .setCriuWorkPath("/work")
                .build();
        Path bundle = run(options, Path.of("/dev/null")).directory();
        assertThat(Json.readObject(Files.readAllBytes(bundle.resolve("options.json")))
                        .members())
                .containsEntry("io_uid", 1)
                .containsEntry("no_new_keyring", true)
                .containsEntry("criu_image_path", "/images")
                .containsEntry("criu_work_path", "/work")
                .containsEntry("root", work.resolve("engine").toString())
                .containsEntry("binary_name", engine.toString());
        assertThat(bundle.resolve("runtime")).hasContent(engine.toString());
    }
}
