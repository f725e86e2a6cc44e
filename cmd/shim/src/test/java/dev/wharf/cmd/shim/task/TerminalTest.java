package dev.wharf.cmd.shim.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.api.runtime.task.v3.CloseIORequest;
import dev.wharf.api.runtime.task.v3.ResizePtyRequest;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Fifo;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.OpenFlags;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes with a terminal, by the real runc. */
class TerminalTest {
    @TempDir
    private Path work;

    private Shim shim;
    private Path stdin;

    @BeforeEach
    void startShim() throws Exception {
        shim = Shim.start(work);
        stdin = work.resolve("in");
        Fifo.create(stdin, 0700);
    }

    @AfterEach
    void clear() throws Exception {
        shim.clear();
    }

    private void run(Path stdout, String... arguments) throws Exception {
        TestBundle bundle = TestBundle.create(work.resolve("bundle"), arguments)
                .filled()
                .with(spec -> spec.object("process").orElseThrow().with("terminal", true));
        shim.tasks()
                .create(
                        Shim.CALL,
                        shim.request("c", bundle)
                                .setTerminal(true)
                                .setStdin(stdin.toString())
                                .setStdout(stdout.toString())
                                .build());
        shim.start("c");
    }

    private void type(String text) {
        try (Fd writer = Fd.open(stdin, OpenFlags.O_WRONLY)) {
            FileIo.writeFully(writer, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void whatIsTypedReachesTheProgramAndItsOutputEndsWithIt() throws Exception {
        Shim.Output out = shim.output("out");
        run(out.path(), "sh", "-c", "read line; echo \"got $line\"; exit 3");
        type("hello\n");
        assertThat(shim.wait("c")).isEqualTo(3);
        assertThat(out.text()).contains("got hello\r\n");
        shim.delete("c");
    }

    @Test
    void sizeIsSet() throws Exception {
        Shim.Output out = shim.output("out");
        run(out.path(), "sh", "-c", "read line; stty size");
        shim.tasks()
                .resizePty(
                        Shim.CALL,
                        ResizePtyRequest.newBuilder()
                                .setId("c")
                                .setWidth(123)
                                .setHeight(45)
                                .build());
        type("\n");
        assertThat(shim.wait("c")).isZero();
        assertThat(out.text()).contains("45 123");
    }

    @Test
    void endOfInputIsTypedAsSuch() throws Exception {
        Shim.Output out = shim.output("out");
        run(out.path(), "cat");
        type("line\n");
        shim.tasks()
                .closeIo(
                        Shim.CALL,
                        CloseIORequest.newBuilder().setId("c").setStdin(true).build());
        assertThat(shim.wait("c")).isZero();
        assertThat(out.text()).contains("line\r\n");
    }

    @Test
    void allOutputArrivesThoughTheReaderIsSlow() throws Exception {
        Path fifo = work.resolve("out");
        Fifo.create(fifo, 0700);
        try (Fd reader = Fd.open(fifo, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK)) {
            run(fifo, "sh", "-c", "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done");
            StringBuilder text = new StringBuilder();
            byte[] chunk = new byte[1 << 14];
            while (!text.toString().contains("line 19999\r\n")) {
                int count = FileIo.tryRead(reader, chunk, 0, chunk.length).orElse(-1);
                if (count < 0) {
                    Thread.sleep(1);
                } else {
                    text.append(new String(chunk, 0, count, StandardCharsets.UTF_8));
                }
            }
            assertThat(text.toString().lines()).hasSize(20000);
        }
        assertThat(shim.wait("c")).isZero();
    }

    @Test
    void readerThatStoppedBlocksOnlyItsOwnContainer() throws Exception {
        Path fifo = work.resolve("out");
        Fifo.create(fifo, 0700);
        run(fifo, "sh", "-c", "while true; do echo 0123456789; done");
        Shim.Output out = shim.output("other");
        TestBundle other =
                TestBundle.create(work.resolve("second"), "echo", "fine").filled();
        shim.tasks()
                .create(
                        Shim.CALL,
                        shim.request("d", other)
                                .setStdout(out.path().toString())
                                .build());
        shim.start("d");
        assertThat(shim.wait("d")).isZero();
        assertThat(out.text()).isEqualTo("fine\n");
        shim.kill("c", 9);
        assertThat(shim.wait("c")).isEqualTo(137);
    }

    @Test
    void execWithTerminalHasOneOfItsOwn() throws Exception {
        Shim.Output out = shim.output("out");
        run(out.path(), "sleep", "1000");
        Shim.Output second = shim.output("second");
        shim.tasks()
                .exec(
                        Shim.CALL,
                        Shim.execRequest("c", "e", "sh", "-c", "echo $(readlink /proc/self/fd/2); exit 5")
                                .setTerminal(true)
                                .setStdout(second.path().toString())
                                .build());
        shim.startExec("c", "e");
        assertThat(shim.wait("c", "e")).isEqualTo(5);
        assertThat(second.text()).startsWith("/dev/pts/");
        shim.deleteExec("c", "e");
    }

    @Test
    void outputGoesToALogFileAsWell() throws Exception {
        Path log = work.resolve("logs/out.log");
        TestBundle bundle = TestBundle.create(work.resolve("bundle"), "sh", "-c", "echo out; echo err >&2")
                .filled();
        String uri = "file://" + log;
        shim.tasks()
                .create(
                        Shim.CALL,
                        shim.request("c", bundle).setStdout(uri).setStderr(uri).build());
        shim.start("c");
        assertThat(shim.wait("c")).isZero();
        assertThat(Files.readString(log)).isEqualTo("out\nerr\n");
    }
}
