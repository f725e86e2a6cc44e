package dev.wharf.cmd.shim.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.cmd.shim.loop.EventLoop;
import dev.wharf.cmd.shim.loop.ProcessWatcher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines that misbehave, as scripts. */
class EngineTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final EventLoop loop = new EventLoop();
    private final EngineRunner runner = new EngineRunner(new ProcessWatcher(loop, Clock.systemUTC()));

    @TempDir
    private Path directory;

    @AfterEach
    void end() {
        loop.close();
    }

    private Engine engine(String script) throws Exception {
        Path binary = directory.resolve("engine");
        Files.writeString(binary, "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rwxr-xr-x"));
        EngineOptions options = new EngineOptions(binary.toString(), directory.resolve("root"), false, false, false);
        return new Engine(runner, new EngineKinds(runner), options, directory.resolve("log.json"), "c");
    }

    @Test
    void lastErrorOfTheLogIsWhatWentWrong() throws Exception {
        Files.writeString(directory.resolve("log.json"), "{\"level\":\"error\",\"msg\":\"of yesterday\"}\n");
        Engine engine = engine("""
                echo '{"level":"warning","msg":"never mind"}' >> $4
                echo '{"level":"error","msg":"first"}' >> $4
                echo 'noise' >> $4
                echo '{"level":"error","msg":" the reason "}' >> $4
                exit 3
                """);
        assertThatThrownBy(() -> engine.start(LONG)).hasMessage("the reason");
    }

    @Test
    void errorsOfYoukiAreUnderstood() throws Exception {
        Engine engine = engine("""
                cat >> $4 <<'END'
                {"level":"ERROR","message":"first","target":"libcontainer"}
                {"level":"ERROR","message":"failed to create container: no room\\n\\nStack backtrace:\\n   0: <unknown>","target":"youki"}
                {"level":"DEBUG","message":"never mind"}
                END
                exit 1
                """);
        assertThatThrownBy(() -> engine.start(LONG)).hasMessage("failed to create container: no room");
    }

    @Test
    void withoutALogItIsWhatTheEnginePrinted() throws Exception {
        Engine engine = engine("touch $4; echo this is why >&2; exit 5");
        assertThatThrownBy(() -> engine.start(LONG))
                .hasMessage("engine did not terminate successfully: exit status 5: this is why");
    }

    @Test
    void hangingEngineIsKilledWithWhatItStarted() throws Exception {
        Engine engine = engine("touch $4; sleep 1000 & echo $! > " + directory + "/pid; wait");
        assertThatThrownBy(() -> engine.start(Duration.ofMillis(500))).hasMessageContaining("was killed");
        int child = Integer.parseInt(Files.readString(directory.resolve("pid")).strip());
        while (Files.exists(Path.of("/proc/" + child)) && !isZombie(child)) {
            Thread.sleep(5);
        }
    }

    private static boolean isZombie(int pid) throws Exception {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
    }

    @Test
    void endlessOutputIsBounded() throws Exception {
        Engine engine = engine("touch $4; yes no | head -c 100000000; exit 1");
        assertThatThrownBy(() -> engine.start(LONG))
                .satisfies(e -> assertThat(String.valueOf(e.getMessage())).hasSizeLessThan(100_000));
    }

    @Test
    void crashIsToldByItsSignal() throws Exception {
        Engine engine = engine("touch $4; kill -SEGV $$");
        assertThatThrownBy(() -> engine.start(LONG))
                .hasMessage("engine did not terminate successfully: exit status 139 (SIGSEGV)");
    }

    @Test
    void kindOfAnEngineThatVanishedIsRemembered() throws Exception {
        Engine engine = engine("echo runc version 1.0");
        assertThat(engine.sharesKernel()).isTrue();
        Files.delete(directory.resolve("engine"));
        assertThat(engine.sharesKernel()).isTrue();
    }

    @Test
    void pidsAreRead() throws Exception {
        assertThat(engine("echo '[1,22,333]'").processes(LONG)).containsExactly(1, 22, 333);
        assertThat(engine("echo null").processes(LONG)).isEmpty();
    }

    @Test
    void kindsAreToldApart() {
        EngineKind crun = EngineKind.ofVersionText("crun version 1.8.1\ncommit: f8\nspec: 1.0.0\n+SYSTEMD");
        SpecVersion wanted = SpecVersion.parse("1.3.0").orElseThrow();
        assertThat(crun.adapted(wanted)).map(SpecVersion::text).contains("1.0.0");
        assertThat(crun.adapted(SpecVersion.parse("1.0.2-dev").orElseThrow())).isEmpty();
        EngineKind runc = EngineKind.ofVersionText("runc version 1.1.5\nspec: 1.0.2-dev\n");
        assertThat(runc.adapted(wanted)).isEmpty();
        assertThat(runc.sharesKernel()).isTrue();
        assertThat(EngineKind.ofVersionText("runsc version release-20221219.0\nspec: 1.0.2\n")
                        .sharesKernel())
                .isFalse();
    }
}
