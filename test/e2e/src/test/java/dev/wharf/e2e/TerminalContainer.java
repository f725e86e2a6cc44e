package dev.wharf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.client.WharfClient;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.WharfException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A container with a terminal that answers what is typed with the size it has; this is its client. */
final class TerminalContainer implements AutoCloseable {
    /** Its exit code. */
    static final int CODE = 9;

    private final Daemon daemon;
    private final String id;
    private final OutputStream input;
    private final InputStream output;
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
    private int words;

    private TerminalContainer(Daemon daemon, String id, OutputStream input, InputStream output) {
        this.daemon = daemon;
        this.id = id;
        this.input = input;
        this.output = output;
        Thread.ofPlatform().daemon().name("terminal-" + id).start(this::watch);
    }

    static TerminalContainer start(Daemon daemon, String id) {
        try {
            Path fifos = Files.createDirectory(daemon.directory().resolve("fifos-" + id));
            String answer =
                    "while read line; do [ $line != end ] || exit " + CODE + "; echo got $line $(stty size); done";
            Programs.run(Programs.inTerminal(daemon.ctrCommand(
                            daemon.namespace(),
                            "run",
                            "-d",
                            "-t",
                            "--fifo-dir",
                            fifos.toString(),
                            BusyboxImage.NAME,
                            id,
                            "sh",
                            "-c",
                            answer)))
                    .ok();
            return new TerminalContainer(
                    daemon,
                    id,
                    Files.newOutputStream(Fifos.find(fifos, "stdin")),
                    Files.newInputStream(Fifos.find(fifos, "stdout")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void watch() {
        try {
            byte[] chunk = new byte[4096];
            for (int count = output.read(chunk); count >= 0; count = output.read(chunk)) {
                seen.write(chunk, 0, count);
            }
        } catch (IOException e) {
            seen.writeBytes((" " + e).getBytes(StandardCharsets.UTF_8));
        }
    }

    private String seen() {
        return seen.toString(StandardCharsets.UTF_8);
    }

    private void type(String line) {
        try {
            input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Types: it is echoed and answered, after a resize with the new size. */
    void works() {
        String word = "word" + words++;
        type(word);
        Programs.await(
                "the terminal to echo and answer: " + seen(),
                () -> seen().contains(word + "\r\n") && seen().contains("got " + word));
        int columns = 80 + words;
        Programs.await("the terminal to be resized", () -> resized(30, columns));
        type("size" + word);
        Programs.await(
                "the new size to be seen: " + seen(), () -> seen().contains("got size" + word + " 30 " + columns));
    }

    private boolean resized(int rows, int columns) {
        try (WharfClient client = WharfClient.connect(Path.of(daemon.address()), grpc -> {
            throw new AssertionError("the daemon serves clients by ttRPC");
        })) {
            Context context = Context.of(daemon.namespace());
            client.tasks().get(context, id).resizePty(context, "", columns, rows);
            return true;
        } catch (WharfException e) {
            // A shim that is being started again refuses calls.
            return false;
        }
    }

    /** Ends it by what it reads, and removes it. */
    void endsRight() {
        type("end");
        Programs.await(
                "the terminal's program to end",
                () -> daemon.ctr("tasks", "ls").ok().lines().stream()
                        .anyMatch(line -> line.matches(id + "\\s+\\d+\\s+STOPPED\\s*")));
        assertThat(daemon.ctr("tasks", "rm", id).ok().err()).contains("exit code " + CODE);
        daemon.ctr("containers", "rm", id).ok();
    }

    @Override
    public void close() {
        try {
            input.close();
            output.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
