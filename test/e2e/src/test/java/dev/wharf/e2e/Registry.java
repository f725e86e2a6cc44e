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
import org.jspecify.annotations.Nullable;

/** A real docker-registry on loopback that holds the busybox image. */
final class Registry implements AutoCloseable {
    /** A line of its access log. */
    private static final Pattern BLOB_SENT = Pattern.compile("\"GET \\S+/blobs/(\\S+) HTTP/1.1\" 200 ");

    static final String USER = "me";
    static final String PASSWORD = "s3cret";

    /** What htpasswd -B makes of the password. */
    private static final String HASH = "$2b$04$gOBZAZSRKE.8qJsDi7w6MePofdE3yVm2bVJ2NqMJ9s46n/xpesaaK";

    private final Path directory;
    private final Process process;
    private final int port;
    private final List<String> pushOptions;

    private Registry(Path directory, Process process, int port, List<String> pushOptions) {
        this.directory = directory;
        this.process = process;
        this.port = port;
        this.pushOptions = pushOptions;
    }

    /** Starts one without encryption that lets everybody in. */
    static Registry start() {
        return start(newDirectory(), "", "", List.of(), null);
    }

    /** Starts one with a certificate. */
    static Registry encrypted(Authority authority) {
        return start(newDirectory(), tls(authority), "", List.of(), null);
    }

    /** Starts one without encryption that lets in one user by htpasswd. */
    static Registry secured() {
        return secured("");
    }

    /** Starts one with a certificate that lets in one user by htpasswd. */
    static Registry secured(Authority authority) {
        return secured(tls(authority));
    }

    private static Registry secured(String tls) {
        Path directory = newDirectory();
        try {
            Path users = Files.writeString(directory.resolve("users"), USER + ":" + HASH + "\n");
            String login = "auth: {htpasswd: {realm: wharf, path: %s}}\n".formatted(users);
            return start(directory, tls, login, List.of("--dest-creds", USER + ":" + PASSWORD), null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts one, without encryption, that fetches what it is asked for from another. */
    static Registry mirrorOf(Registry upstream, Authority authority) {
        String proxy = "proxy: {remoteurl: \"https://%s\"}\n".formatted(upstream.host());
        return start(newDirectory(), "", proxy, List.of(), authority);
    }

    private static String tls(Authority authority) {
        return "  tls: {certificate: %s, key: %s}\n".formatted(authority.certificate(), authority.key());
    }

    private static Path newDirectory() {
        try {
            return Files.createTempDirectory("wharf-test-registry-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Registry start(
            Path directory, String http, String more, List<String> pushOptions, @Nullable Authority trusted) {
        try {
            int port = freePort();
            Path config = Files.writeString(
                    directory.resolve("config.yml"), """
                    version: 0.1
                    storage:
                      filesystem:
                        rootdirectory: %s
                    %shttp:
                      addr: 127.0.0.1:%d
                    %s""".formatted(directory.resolve("data"), more, port, http));
            ProcessBuilder builder = new ProcessBuilder("docker-registry", "serve", config.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile());
            if (trusted != null) {
                builder.environment().put("SSL_CERT_FILE", trusted.authority().toString());
            }
            Registry registry = new Registry(directory, builder.start(), port, pushOptions);
            Programs.await("docker-registry to listen", registry::listens);
            return registry;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Host and port, as in image names. */
    String host() {
        return "127.0.0.1:" + port;
    }

    /** Puts the busybox image into it and answers its reference. */
    String pushBusybox() {
        return push(BusyboxImage.archive(directory), "library/busybox:latest");
    }

    /** Puts the image of an archive into it below a name and answers its reference. */
    String push(Path archive, String name) {
        String reference = host() + "/" + name;
        List<String> command = new ArrayList<>(List.of("skopeo", "copy", "--quiet", "--dest-tls-verify=false"));
        command.addAll(pushOptions);
        command.addAll(List.of("oci-archive:" + archive, "docker://" + reference));
        Programs.run(command).ok();
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
