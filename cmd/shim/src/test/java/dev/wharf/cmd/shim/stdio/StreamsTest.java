package dev.wharf.cmd.shim.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.cmd.shim.bundle.Stdio;
import dev.wharf.cmd.shim.loop.EventLoop;
import dev.wharf.cmd.shim.loop.ProcessWatcher;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Fifo;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.OpenFlags;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams of a process whose shim dies before it has started the process: those of one that is given up. */
class StreamsTest {
    private static final Streams.Owner OWNER = new Streams.Owner("test", "c", 0, 0);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final EventLoop loop = new EventLoop();
    private final Streams streams = new Streams(loop, new ProcessWatcher(loop, Clock.systemUTC()));

    @TempDir
    private Path directory;

    @AfterEach
    void end() {
        loop.close();
    }

    @Test
    void readerSeesNoEndBeforeTheProcessIsStarted() throws Exception {
        assertThat(whatIsReadThroughADeath(false)).isEqualTo("of the one started later");
    }

    @Test
    void readerOfATerminalSeesNoEndBeforeTheProcessIsStarted() throws Exception {
        assertThat(whatIsReadThroughADeath(true)).isEqualTo("of the one started later");
    }

    private String whatIsReadThroughADeath(boolean terminal) throws Exception {
        Path fifo = directory.resolve("out");
        Fifo.create(fifo, 0700);
        FutureTask<byte[]> read = new FutureTask<>((Callable<byte[]>) () -> Files.readAllBytes(fifo));
        Thread reader = Thread.ofPlatform().daemon().start(read);
        streams.open(new Stdio("", fifo.toString(), "", terminal), OWNER, LIMIT).close();
        // A reader that had seen an end would be gone, and would leave what comes now to nobody.
        reader.join(Duration.ofMillis(300));
        try (Fd writer = Fd.open(fifo, OpenFlags.O_RDWR)) {
            FileIo.writeFully(writer, "of the one started later".getBytes(StandardCharsets.UTF_8));
            reader.join(Duration.ofMillis(300));
        }
        return new String(read.get(LIMIT.toSeconds(), TimeUnit.SECONDS), StandardCharsets.UTF_8);
    }
}
