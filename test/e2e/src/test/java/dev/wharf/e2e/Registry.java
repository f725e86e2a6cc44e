package dev.wharf.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** A real docker-registry on loopback that holds the busybox image. */
final class Registry implements AutoCloseable {
    /** A line of its access log. */
    private static final Pattern BLOB_SENT = Pattern.compile("\"GET \\S+/blobs/(\\S+) HTTP/1.1\" 200 ");

    private final Path directory;
    private final Process process;
    private final int port;

    private Registry(Path directory, Process process, int port) {
        this.directory = directory;
        this.process = process;
        this.port = port;
    }

    static Registry start() {
        try {
            Path directory = Files.createTempDirectory("wharf-test-registry-");
            int port = freePort();
            Path config =
                    Files.writeString(directory.resolve("config.yml"), """
                    version: 0.1
                    storage:
                      filesystem:
                        rootdirectory: %s
                    http:
                      addr: 127.0.0.1:%d
                    """.formatted(directory.resolve("data"), port));
            Process process = new ProcessBuilder("docker-registry", "serve", config.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
            Registry registry = new Registry(directory, process, port);
            Programs.await("docker-registry to listen", registry::listens);
            return registry;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts the busybox image into it and answers its reference. */
    String pushBusybox() {
        return push(BusyboxImage.archive(directory), "library/busybox:latest");
    }

    /** Puts the image of an archive into it below a name and answers its reference. */
    String push(Path archive, String name) {
        String reference = "127.0.0.1:" + port + "/" + name;
        Programs.run(
                        "skopeo",
                        "copy",
                        "--quiet",
                        "--dest-tls-verify=false",
                        "oci-archive:" + archive,
                        "docker://" + reference)
                .ok();
        return reference;
    }

    /** The digests of the blobs that were sent whole, one for each time. */
    List<String> blobsSent() {
        try {
            return BLOB_SENT
                    .matcher(Files.readString(directory.resolve("log")))
                    .results()
                    .map(found -> found.group(1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
        Programs.run("rm", "-rf", directory.toString());
    }
}
