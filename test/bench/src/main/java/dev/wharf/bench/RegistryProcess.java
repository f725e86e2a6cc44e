package dev.wharf.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A real docker-registry on loopback, without encryption. Source of its requests: OCI distribution specification 1.1. */
final class RegistryProcess implements AutoCloseable {
    private static final Duration UPLOAD = Duration.ofMinutes(5);
    private static final int TRIES = 600;
    private static final long PAUSE_MILLIS = 50;
    private static final long STOP_SECONDS = 10;
    private static final int CREATED = 201;
    private static final int ACCEPTED = 202;

    private final Process process;
    private final int port;
    private final HttpClient http = HttpClient.newHttpClient();

    private RegistryProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts one with its data below a directory. */
    static RegistryProcess start(Path directory) {
        try {
            int port = freePort();
            Path config = Files.writeString(
                    directory.resolve("registry.yml"), """
                    version: 0.1
                    log: {level: error, accesslog: {disabled: true}}
                    storage: {filesystem: {rootdirectory: %s}}
                    http: {addr: "127.0.0.1:%d"}
                    """.formatted(directory.resolve("registry"), port));
            Process process = new ProcessBuilder("docker-registry", "serve", config.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("registry.log").toFile())
                    .start();
            RegistryProcess registry = new RegistryProcess(process, port);
            registry.awaitListening();
            return registry;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitListening() {
        for (int look = 0; !listens(); look++) {
            if (look == TRIES || !process.isAlive()) {
                close();
                throw new IllegalStateException("docker-registry did not start");
            }
            Programs.sleep(PAUSE_MILLIS);
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

    /** The full name of a repository's image. */
    String reference(String repository) {
        return "127.0.0.1:" + port + "/" + repository + ":latest";
    }

    /** Puts a blob into a repository. */
    void pushBlob(String repository, String digest, Path file) {
        try {
            HttpResponse<Void> begun = send("POST", base(repository, "blobs/uploads/"), "", BodyPublishers.noBody());
            expect(begun, ACCEPTED);
            String location = begun.headers().firstValue("Location").orElseThrow();
            String separator = location.contains("?") ? "&" : "?";
            URI target = URI.create(base(repository, "")).resolve(location + separator + "digest=" + digest);
            expect(send("PUT", target.toString(), "application/octet-stream", BodyPublishers.ofFile(file)), CREATED);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts a manifest into a repository, tagged {@code latest}. */
    void pushManifest(String repository, String mediaType, byte[] manifest) {
        expect(
                send("PUT", base(repository, "manifests/latest"), mediaType, BodyPublishers.ofByteArray(manifest)),
                CREATED);
    }

    private String base(String repository, String rest) {
        return "http://127.0.0.1:" + port + "/v2/" + repository + "/" + rest;
    }

    private HttpResponse<Void> send(String method, String uri, String mediaType, BodyPublisher body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(uri)).timeout(UPLOAD).method(method, body);
        if (!mediaType.isEmpty()) {
            request.header("Content-Type", mediaType);
        }
        try {
            return http.send(request.build(), BodyHandlers.discarding());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void expect(HttpResponse<Void> response, int status) {
        if (response.statusCode() != status) {
            throw new IllegalStateException(response.request() + " was answered by " + response.statusCode());
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
        process.destroy();
        if (!Programs.ended(process, STOP_SECONDS)) {
            process.destroyForcibly();
        }
    }
}
