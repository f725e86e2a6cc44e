package dev.wharf.lib.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** A running docker-registry of Debian. */
final class DockerRegistryProcess implements AutoCloseable {
    private final Process process;
    private final int port;

    /**
     * Starts one and waits until it listens.
     *
     * @param storage name of the directory it keeps content in
     * @param http lines of its configuration below {@code http}, each with a line end
     * @param more further sections of its configuration
     * @param authority PEM file of what it believes in place of the system's
     */
    DockerRegistryProcess(Path dir, String name, String storage, String http, String more, Path authority)
            throws IOException, InterruptedException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path root = Files.createDirectories(dir.resolve(storage));
        Path log = dir.resolve(name + ".log");
        Path config = Files.writeString(dir.resolve(name + ".yml"), """
                version: 0.1
                log: {level: error}
                storage: {filesystem: {rootdirectory: %s}, delete: {enabled: true}}
                %shttp:
                  addr: "127.0.0.1:%d"
                %s""".formatted(root, more, port, http));
        ProcessBuilder builder = new ProcessBuilder("docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("SSL_CERT_FILE", authority.toString());
        process = builder.start();
        await(log);
    }

    private void await(Path log) throws IOException, InterruptedException {
        Instant end = Instant.now().plus(Duration.ofSeconds(30));
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(socket.isConnected()).isTrue();
                return;
            } catch (IOException e) {
                if (!process.isAlive() || Instant.now().isAfter(end)) {
                    process.destroyForcibly();
                    throw new AssertionError("docker-registry: " + Files.readString(log), e);
                }
                Thread.sleep(50);
            }
        }
    }

    String authority() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
}
