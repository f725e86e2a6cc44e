package dev.wharf.cmd.shimwasi.stdio;

import dev.wharf.lib.linux.Child;
import dev.wharf.lib.linux.Fcntl;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.Pipe;
import dev.wharf.lib.linux.Poll;
import dev.wharf.lib.linux.Signal;
import dev.wharf.lib.linux.Spawn;
import dev.wharf.shim.ShimException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A logger program: gets output on descriptors 3 and 4, and says on 5 that it is ready. */
final class LoggerProcess implements AutoCloseable {
    private static final Duration READY = Duration.ofSeconds(10);

    /** How long it may take to write what it has read once nothing more comes. */
    private static final Duration END = Duration.ofSeconds(12);

    private static final Duration KILLED = Duration.ofSeconds(5);

    private final Child process;
    private final FifoOutput out;
    private final FifoOutput err;

    private LoggerProcess(Child process, FifoOutput out, FifoOutput err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /**
     * Starts the program a URI names and waits until it is ready.
     *
     * @param uri {@code binary://PATH?argument=value…}, or {@code binary-v2://…}, whose program must write a byte
     */
    static LoggerProcess start(URI uri, String namespace, String id) {
        Pipe out = Pipe.create();
        Pipe err = Pipe.create();
        try (Pipe ready = Pipe.create()) {
            Child process = Spawn.command(command(uri))
                    .environment(Map.of("CONTAINER_ID", id, "CONTAINER_NAMESPACE", namespace))
                    .newSession()
                    .fd(3, out.reader())
                    .fd(4, err.reader())
                    .fd(5, ready.writer())
                    .start();
            out.reader().close();
            err.reader().close();
            ready.writer().close();
            LoggerProcess logger = new LoggerProcess(process, output(out), output(err));
            logger.awaitReady(ready, uri);
            return logger;
        } catch (RuntimeException e) {
            out.close();
            err.close();
            throw e;
        }
    }

    private static FifoOutput output(Pipe pipe) {
        Fcntl.setNonBlocking(pipe.writer(), true);
        return new FifoOutput(pipe.writer());
    }

    private static List<String> command(URI uri) {
        List<String> words = new ArrayList<>(List.of(uri.getPath()));
        String query = uri.getRawQuery();
        for (String pair : query == null ? new String[0] : query.split("&")) {
            for (String word : pair.split("=", 2)) {
                words.add(URLDecoder.decode(word, StandardCharsets.UTF_8));
            }
        }
        return words;
    }

    private void awaitReady(Pipe ready, URI uri) {
        boolean said = Poll.await(ready.reader(), Poll.IN, READY) != 0;
        int bytes = said ? FileIo.read(ready.reader(), new byte[1], 0, 1) : 0;
        if (!said || (bytes == 0 && "binary-v2".equals(uri.getScheme()))) {
            close();
            throw new ShimException(ShimException.Code.UNKNOWN, "the logger program did not get ready: " + uri);
        }
    }

    FifoOutput out() {
        return out;
    }

    FifoOutput err() {
        return err;
    }

    /** Tells it that nothing more comes, waits until it has ended, and ends it where it does not. */
    @Override
    public void close() {
        out.close();
        err.close();
        if (process.waitFor(END).isEmpty()) {
            process.kill(Signal.SIGTERM);
            if (process.waitFor(KILLED).isEmpty()) {
                process.kill(Signal.SIGKILL);
                process.waitFor(KILLED);
            }
        }
        process.close();
    }
}
