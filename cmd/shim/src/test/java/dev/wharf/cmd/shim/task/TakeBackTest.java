package dev.wharf.cmd.shim.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Fifo;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.linux.Prctl;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A serving process that is killed, and the one after it. */
class TakeBackTest {
    @TempDir
    private Path work;

    /** What a killed process leaves goes to init, which reaps it. */
    @BeforeEach
    void inheritNothing() {
        Prctl.setChildSubreaper(false);
    }

    private String bundle(boolean terminal, String... arguments) throws Exception {
        Path directory = work.resolve("bundle");
        TestBundle bundle = TestBundle.create(directory, arguments);
        if (!Files.exists(directory.resolve("rootfs"))) {
            bundle.filled();
        }
        return bundle.with(spec -> spec.object("process").orElseThrow().with("terminal", terminal))
                .directory()
                .toString();
    }

    private void type(Path fifo, String text) {
        try (Fd writer = Fd.open(fifo, OpenFlags.O_WRONLY)) {
            FileIo.writeFully(writer, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void runningContainerIsServedOn() throws Exception {
        Shim.Output out = shimOutput("out");
        Shim.Output second = shimOutput("second");
        ShimProcess first = ShimProcess.start(work);
        first.call(
                "create",
                "c",
                bundle(false, "sh", "-c", "trap 'echo end; exit 9' TERM; echo begin; while true; do sleep 0.1; done"),
                "",
                out.path().toString(),
                "");
        first.call("start", "c");
        first.call("exec", "c", "e", second.path().toString(), "sh", "-c", "sleep 3; echo exec; exit 6");
        first.call("start", "c", "e");
        first.kill();
        try (ShimProcess next = ShimProcess.start(work)) {
            assertThat(next.call("state", "c")).isEqualTo("RUNNING");
            assertThat(next.call("state", "c", "e")).isEqualTo("RUNNING");
            assertThat(next.call("wait", "c", "e")).isEqualTo("6");
            assertThat(second.text()).isEqualTo("exec\n");
            assertThat(next.call("delete", "c", "e")).isEqualTo("6");
            assertThat(next.call("exec", "c", "f", "", "true")).isEqualTo("ok");
            assertThat(next.call("start", "c", "f")).doesNotStartWith("error");
            assertThat(next.call("wait", "c", "f")).isEqualTo("0");
            assertThat(next.call("kill", "c")).isEqualTo("ok");
            assertThat(next.call("wait", "c")).isEqualTo("137");
            assertThat(next.call("exits")).isEqualTo("e=6 f=0 c=137");
            assertThat(next.call("delete", "c")).isEqualTo("137");
            assertThat(out.text()).isEqualTo("begin\n");
        }
        assertThat(work.resolve("state/holder")).doesNotExist();
    }

    @Test
    void keeperEndsWithAKilledShimThatHasNoContainer() throws Exception {
        ShimProcess shim = ShimProcess.start(work);
        shim.call("create", "c", bundle(false, "sh", "-c", "exit 4"), "", "", "");
        shim.call("start", "c");
        shim.call("wait", "c");
        String keeper = Files.readString(work.resolve("state/holder")).split(" ", 2)[0];
        assertThat(shim.call("delete", "c")).isEqualTo("4");
        shim.kill();
        Shim.eventually(() -> !Files.exists(Path.of("/proc", keeper)));
        try (ShimProcess next = ShimProcess.start(work)) {
            next.call("create", "d", bundle(false, "sh", "-c", "exit 5"), "", "", "");
            next.call("start", "d");
            assertThat(next.call("wait", "d")).isEqualTo("5");
            assertThat(next.call("delete", "d")).isEqualTo("5");
        }
        assertThat(work.resolve("state/holder")).doesNotExist();
    }

    private Shim.Output shimOutput(String name) throws Exception {
        return Shim.Output.start(work.resolve(name));
    }

    @Test
    void endInTheGapIsToldWithItsCode() throws Exception {
        Path stdin = work.resolve("in");
        Fifo.create(stdin, 0700);
        ShimProcess first = ShimProcess.start(work);
        first.call("create", "c", bundle(false, "sh", "-c", "read line; exit 23"), stdin.toString(), "", "");
        String pid = first.call("start", "c");
        first.kill();
        type(stdin, "go\n");
        Shim.eventually(() -> !Files.exists(Path.of("/proc/" + pid)));
        try (ShimProcess next = ShimProcess.start(work)) {
            assertThat(next.call("wait", "c")).isEqualTo("23");
            assertThat(next.call("exits")).isEqualTo("c=23");
            assertThat(next.call("delete", "c")).isEqualTo("23");
        }
    }

    @Test
    void takenEndIsNotToldAgain() throws Exception {
        ShimProcess first = ShimProcess.start(work);
        first.call("create", "c", bundle(false, "sh", "-c", "exit 4"), "", "", "");
        first.call("start", "c");
        assertThat(first.call("wait", "c")).isEqualTo("4");
        Shim.eventually(
                () -> Files.readString(work.resolve("bundle/wharf-shim.json")).contains("reported"));
        first.kill();
        try (ShimProcess next = ShimProcess.start(work)) {
            assertThat(next.call("state", "c")).isEqualTo("STOPPED");
            assertThat(next.call("wait", "c")).isEqualTo("4");
            assertThat(next.call("exits")).isEmpty();
            assertThat(next.call("delete", "c")).isEqualTo("4");
        }
    }

    @Test
    void terminalGoesOn() throws Exception {
        Path stdin = work.resolve("in");
        Fifo.create(stdin, 0700);
        Shim.Output out = shimOutput("out");
        ShimProcess first = ShimProcess.start(work);
        first.call(
                "create",
                "c",
                bundle(true, "sh", "-c", "read a; echo first $a; read b; echo second $b; stty size; exit 8"),
                stdin.toString(),
                out.path().toString(),
                "terminal");
        first.call("start", "c");
        type(stdin, "one\n");
        first.kill();
        try (ShimProcess next = ShimProcess.start(work)) {
            assertThat(next.call("resize", "c")).isEqualTo("ok");
            type(stdin, "two\n");
            assertThat(next.call("wait", "c")).isEqualTo("8");
            assertThat(out.text())
                    .contains("first one\r\n")
                    .contains("second two\r\n")
                    .contains("33 99");
            assertThat(next.call("delete", "c")).isEqualTo("8");
        }
    }

    @Test
    void terminalComesThroughTheDeathOfItsShimWhileTheEngineMakesIt() throws Exception {
        Path slow =
                Files.writeString(work.resolve("slow"), """
                #!/bin/sh
                [ ! -e "$0.made" ] || exec %1$s "$@"
                %1$s "$@"
                status=$?
                case " $* " in *" exec "*) : > "$0.made"; sleep 1 ;; esac
                exit $status
                """.formatted(Shim.ENGINE.isEmpty() ? "runc" : Shim.ENGINE));
        assertThat(slow.toFile().setExecutable(true)).isTrue();
        Shim.Output out = shimOutput("out");
        ShimProcess first = ShimProcess.start(work, slow.toString());
        first.call("create", "c", bundle(false, "sleep", "1000"), "", "", "");
        first.call("start", "c");
        String script = "trap 'echo hung up; exit 1' HUP; sleep 3; stty size; echo here; exit 5";
        first.call("terminal", "c", "t", out.path().toString(), "sh", "-c", script);
        first.send("start", "c", "t");
        Shim.eventually(() -> Files.exists(work.resolve("slow.made")));
        first.kill();
        try (ShimProcess next = ShimProcess.start(work, slow.toString())) {
            assertThat(next.call("state", "c", "t")).isEqualTo("RUNNING");
            assertThat(next.call("wait", "c", "t")).isEqualTo("5");
            assertThat(out.text()).contains("here\r\n").doesNotContain("hung up");
            assertThat(next.call("delete", "c", "t")).isEqualTo("5");
            next.call("kill", "c");
            next.call("wait", "c");
            next.call("delete", "c");
        }
        assertThat(consoleSockets()).isEmpty();
    }

    /** Of all shims: none may be left. */
    private static List<String> consoleSockets() throws Exception {
        try (Stream<String> sockets = Files.lines(Path.of("/proc/net/unix"))) {
            return sockets.filter(line -> line.endsWith("/pty.sock")).toList();
        }
    }

    @Test
    void standardInputStaysOpenThroughTheGap() throws Exception {
        Path stdin = work.resolve("in");
        Fifo.create(stdin, 0700);
        Shim.Output out = shimOutput("out");
        ShimProcess first = ShimProcess.start(work);
        first.call(
                "create",
                "c",
                bundle(false, "cat"),
                stdin.toString(),
                out.path().toString(),
                "");
        first.call("start", "c");
        type(stdin, "one ");
        first.kill();
        type(stdin, "two ");
        try (ShimProcess next = ShimProcess.start(work)) {
            type(stdin, "three");
            assertThat(next.call("state", "c")).isEqualTo("RUNNING");
            assertThat(next.call("closeio", "c")).isEqualTo("ok");
            assertThat(next.call("wait", "c")).isEqualTo("0");
            assertThat(out.text()).isEqualTo("one two three");
            next.call("delete", "c");
        }
    }

    @Test
    void killedTwiceInARowKeepsItsContainers() throws Exception {
        ShimProcess first = ShimProcess.start(work);
        first.call("create", "c", bundle(false, "sleep", "1000"), "", "", "");
        first.call("start", "c");
        first.kill();
        ShimProcess second = ShimProcess.start(work);
        assertThat(second.call("state", "c")).isEqualTo("RUNNING");
        second.kill();
        try (ShimProcess third = ShimProcess.start(work)) {
            assertThat(third.call("state", "c")).isEqualTo("RUNNING");
            third.call("kill", "c");
            assertThat(third.call("wait", "c")).isEqualTo("137");
            third.call("delete", "c");
        }
    }

    @Test
    void halfMadeContainerIsRemoved() throws Exception {
        ShimProcess first = ShimProcess.start(work);
        Path stuck = work.resolve("bundle/rootfs");
        String bundle = bundle(false, "sleep", "1000");
        Thread killer = Thread.ofPlatform().start(() -> {
            try {
                Shim.eventually(() -> Files.exists(work.resolve("bundle/wharf-shim.json")));
                first.kill();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        try {
            first.call("create", "c", bundle, "", "", "");
        } catch (java.io.IOException e) {
            assertThat(e).isNotNull();
        }
        killer.join();
        try (ShimProcess next = ShimProcess.start(work)) {
            assertThat(next.call("state", "c")).startsWith("error: container not created");
        }
        assertThat(work.resolve("engine/shim-test/c")).doesNotExist();
        assertThat(stuck).exists();
    }
}
