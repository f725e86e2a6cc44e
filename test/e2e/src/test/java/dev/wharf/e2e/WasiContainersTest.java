package dev.wharf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** WASI modules through stock {@code ctr}, below wharfd, in one process beside containers of runc. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WasiContainersTest {
    private static final String RUNTIME = "io.containerd.wharfwasi.v1";

    /** A module that writes {@code trained} and a line feed: fd_write of eight bytes at 16, named by the words at 8. */
    static final String WRITES = "0061736d01000000010c0260047f7f7f7f017f60000002230116776173695f736e617073686f745f"
            + "70726576696577310866645f77726974650000030201010503010001071302066d656d6f72790200"
            + "065f737461727400010a0f010d00410141004101410810001a0b0b1b020041000b08100000000800"
            + "00000041100b08747261696e65640a";

    /** A module that never ends: {@code (loop (br 0))}. */
    private static final String LOOPS =
            "0061736d01000000010401600000030201000503010001071302066d656d6f72790200065f737461"
                    + "727400000a0901070003400c000b0b";

    @TempDir
    static Path directory;

    private Daemon daemon;

    @BeforeAll
    void start() throws IOException {
        Path config = directory.resolve("config.toml");
        Files.writeString(config, """
                version = 3
                [plugins.'io.containerd.shim.v1.manager']
                env = ['WHARF_SHIM_LINGER=0']
                """);
        daemon = Daemon.launch("--config", config.toString());
        daemon.ctr("images", "import", BusyboxImage.archive(directory).toString())
                .ok();
        Files.write(directory.resolve("writes.wasm"), HexFormat.of().parseHex(WRITES));
        Files.write(directory.resolve("loops.wasm"), HexFormat.of().parseHex(LOOPS));
    }

    @AfterAll
    void stop() {
        daemon.close();
    }

    private String mount() {
        return "type=bind,src=" + directory + ",dst=/m,options=rbind:ro";
    }

    private void background(String id) {
        daemon.ctr("run", "-d", "--runtime", RUNTIME, "--mount", mount(), BusyboxImage.NAME, id, "/m/loops.wasm")
                .ok();
    }

    @Test
    void aModuleRunsToItsEnd() {
        assertThat(daemon.ctr(
                                "run",
                                "--rm",
                                "--runtime",
                                RUNTIME,
                                "--mount",
                                mount(),
                                BusyboxImage.NAME,
                                "one",
                                "/m/writes.wasm")
                        .ok()
                        .out())
                .isEqualTo("trained\n");
    }

    @Test
    void modulesShareAProcessAndCanBeLookedAtAndKilled() {
        background("first");
        background("second");
        assertThat(daemon.ctr("tasks", "ls").ok().out())
                .containsPattern("first\\s+[0-9]+\\s+RUNNING")
                .containsPattern("second\\s+[0-9]+\\s+RUNNING");
        assertThat(daemon.processesBelow().stream().filter(line -> line.contains("wharfwasi-v1.jar")))
                .hasSize(1);
        assertThat(daemon.ctr("tasks", "metrics", "first").ok().out()).contains("memory.usage_limit");
        assertThat(daemon.ctr("tasks", "exec", "--exec-id", "e", "first", "true")
                        .fails()
                        .err())
                .contains("exec is not possible");
        for (String id : new String[] {"first", "second"}) {
            daemon.ctr("tasks", "rm", "--force", id).ok();
            daemon.ctr("containers", "rm", id).ok();
        }
    }
}
