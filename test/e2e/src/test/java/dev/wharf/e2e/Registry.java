package dev.wharf.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A real docker-registry on loopback that holds the busybox image. */
final class Registry implements AutoCloseable {
    /** A line of its access log. */
    private static final Pattern BLOB_SENT = Pattern.compile("\"GET \\S+/blobs/(\\S+) HTTP/1.1\" 200 ");

    /** Of the password {@code secret}, by bcrypt. */
    private static final String SECRET = "$2y$04$jmz0J.479zhbcb1NkNr85ewO19YiaGkdCqwtHrHsU7uJea0QhiWdS";

    private final Path directory;
    private final Process process;
    private final int port;

    /** Who may use it, as NAME:PASSWORD; empty for all. */
    private final String user;

    private Registry(Path directory, Process process, int port, String user) {
        this.directory = directory;
        this.process = process;
        this.port = port;
        this.user = user;
    }

    static Registry start() {
        return start("", "");
    }

    /** One that knows the user {@code wharf} with the password {@code secret}, and nobody else. */
    static Registry secured() {
        return start("wharf:secret", """
                auth:
                  htpasswd:
                    realm: wharf-test
                    path: htpasswd
                """);
    }

    private static Registry start(String user, String auth) {
        try {
            Path directory = Files.createTempDirectory("wharf-test-registry-");
            int port = freePort();
            Files.writeString(directory.resolve("htpasswd"), "wharf:" + SECRET + "\n");
            Path config = Files.writeString(
                    directory.resolve("config.yml"), """
                    version: 0.1
                    storage:
                      filesystem:
                        rootdirectory: %s
                    http:
                      addr: 127.0.0.1:%d
                    """.formatted(directory.resolve("data"), port) + auth);
            Process process = new ProcessBuilder("docker-registry", "serve", config.toString())
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
            Registry registry = new Registry(directory, process, port, user);
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
        List<String> copy = new ArrayList<>(List.of("skopeo", "copy", "--quiet", "--dest-tls-verify=false"));
        if (!user.isEmpty()) {
            copy.addAll(List.of("--dest-creds", user));
        }
        copy.addAll(List.of("oci-archive:" + archive, "docker://" + reference));
        Programs.run(copy).ok();
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
