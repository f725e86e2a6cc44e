package dev.wharf.client.peer;

import dev.wharf.testkit.dirs.TempDirs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A Go containerd of its own: root, state and sockets in a temporary directory, without CRI. Closing leaves nothing. */
public final class GoContainerd implements AutoCloseable {
    private static final String CONFIG = """
            version = 2
            root = "%1$s/root"
            state = "%1$s/state"
            disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
            [grpc]
            address = "%1$s/c.sock"
            [ttrpc]
            address = "%1$s/c.sock.ttrpc"
            """;

    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final TempDirs dirs;
    private final Process process;

    private GoContainerd(TempDirs dirs, Process process) {
        this.dirs = dirs;
        this.process = process;
    }

    /** Starts one and waits until it listens. */
    public static GoContainerd start() {
        TempDirs dirs = TempDirs.create();
        try {
            Path config = dirs.root().resolve("config.toml");
            Files.writeString(config, CONFIG.formatted(dirs.root()));
            Process process = new ProcessBuilder("containerd", "--config", config.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(dirs.root().resolve("log").toFile())
                    .start();
            GoContainerd started = new GoContainerd(dirs, process);
            started.awaitSocket();
            return started;
        } catch (IOException e) {
            dirs.close();
            throw new UncheckedIOException(e);
        }
    }

    /** Path of its gRPC socket. */
    public Path address() {
        return dirs.root().resolve("c.sock");
    }

    /** A directory for the tests' own files, deleted with everything else. */
    public Path directory(String name) {
        return dirs.directory(name);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        dirs.close();
    }

    /** The gRPC socket is made last, once all plugins run. */
    private void awaitSocket() {
        long until = System.nanoTime() + START_NANOS;
        try {
            while (!Files.exists(address())) {
                if (System.nanoTime() > until || !process.isAlive()) {
                    String log = Files.readString(dirs.root().resolve("log"));
                    close();
                    throw new IllegalStateException("containerd did not start:\n" + log);
                }
                Thread.sleep(50);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
