package dev.wharf.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A registry of one image that answers well or, for as long as it is told to, badly. Source: OCI distribution 1.1. */
final class FaultyRegistry implements AutoCloseable {
    private static final String PATH = "/v2/some/image/";
    private static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Seen> requests = new CopyOnWriteArrayList<>();
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile byte[] manifest = new byte[0];
    private volatile Fault fault = Fault.NONE;

    /**
     * A request as it came.
     *
     * @param range the header of that name, or nothing
     */
    record Seen(String method, String path, String range) {
        boolean isBlob() {
            return path.contains("/blobs/");
        }
    }

    /** What goes wrong with a request. */
    @FunctionalInterface
    interface Fault {
        Fault NONE = (registry, exchange, blob) -> false;

        /**
         * Answers, badly.
         *
         * @param blob what was asked for, if it is a blob that is there
         * @return whether it did, and not left that to the good registry
         */
        boolean answers(FaultyRegistry registry, HttpExchange exchange, Optional<byte[]> blob) throws IOException;
    }

    private FaultyRegistry(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Starts one without encryption. */
    static FaultyRegistry start() {
        try {
            return new FaultyRegistry(HttpServer.create(loopback(), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts one with a certificate. */
    static FaultyRegistry encrypted(Authority authority) {
        try {
            HttpsServer made = HttpsServer.create(loopback(), 0);
            made.setHttpsConfigurator(new HttpsConfigurator(authority.server()));
            return new FaultyRegistry(made);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** Serves an image of these layers. */
    FaultyRegistry with(ImageArchive image) {
        manifest = image.manifest();
        image.blobs().forEach(blobs::put);
        return this;
    }

    /** What goes wrong from here on. */
    void fails(Fault how) {
        fault = how;
    }

    /** Nothing goes wrong from here on; what was asked before is forgotten. */
    void heals() {
        fault = Fault.NONE;
        requests.clear();
    }

    /** Host and port, as in image names. */
    String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** The name of its image. */
    String image() {
        return host() + "/some/image:latest";
    }

    /** What was asked for. */
    List<Seen> requests() {
        return List.copyOf(requests);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String range = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range"))
                    .orElse("");
            requests.add(new Seen(exchange.getRequestMethod(), path, range));
            Optional<byte[]> blob = path.startsWith(PATH + "blobs/")
                    ? Optional.ofNullable(blobs.get(path.substring((PATH + "blobs/").length())))
                    : Optional.empty();
            if (!fault.answers(this, exchange, blob)) {
                answer(exchange, path, blob, range);
            }
        }
    }

    private void answer(HttpExchange exchange, String path, Optional<byte[]> blob, String range) throws IOException {
        if (path.startsWith(PATH + "manifests/")) {
            exchange.getResponseHeaders().set("Content-Type", MANIFEST_TYPE);
            exchange.getResponseHeaders().set("Docker-Content-Digest", ImageArchive.digestOf(manifest));
            send(exchange, 200, manifest);
        } else if (blob.isEmpty()) {
            send(exchange, 404, new byte[0]);
        } else if (range.isEmpty()) {
            send(exchange, 200, blob.get());
        } else {
            int from = from(range);
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes %d-%d/%d".formatted(from, blob.get().length - 1, blob.get().length));
            send(exchange, 206, Arrays.copyOfRange(blob.get(), from, blob.get().length));
        }
    }

    private static int from(String range) {
        return Integer.parseInt(range.substring("bytes=".length(), range.indexOf('-')));
    }

    /** Answers a status with a body, or to HEAD with the length of one. */
    static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
        }
        exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
        if (!head && body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    /** Answers every request with a status. */
    static Fault status(int status, String... header) {
        return (registry, exchange, blob) -> {
            for (int i = 0; i < header.length; i += 2) {
                exchange.getResponseHeaders().set(header[i], header[i + 1]);
            }
            send(
                    exchange,
                    status,
                    "{\"errors\":[{\"code\":\"X\",\"message\":\"as told\"}]}".getBytes(StandardCharsets.UTF_8));
            return true;
        };
    }

    /** Never begins to answer. */
    static Fault silence() {
        return (registry, exchange, blob) -> {
            registry.awaitClose();
            return true;
        };
    }

    /** Sends blobs that have the right size and other bytes. */
    static Fault otherBytes() {
        return (registry, exchange, blob) -> {
            if (blob.isPresent()) {
                byte[] other = blob.get().clone();
                other[other.length / 2] ^= 1;
                send(exchange, 200, other);
            }
            return blob.isPresent();
        };
    }

    /** Sends the first half of each blob and hangs up, and at once where the rest is asked for. */
    static Fault halves() {
        return (registry, exchange, blob) -> {
            if (blob.isPresent() && !exchange.getRequestHeaders().containsKey("Range")) {
                sendSome(exchange, blob.get());
            }
            return blob.isPresent();
        };
    }

    /** Sends the first half of each blob and then nothing. */
    static Fault stalling() {
        return (registry, exchange, blob) -> {
            if (blob.isPresent() && !exchange.getRequestHeaders().containsKey("Range")) {
                sendSome(exchange, blob.get());
            }
            if (blob.isPresent()) {
                registry.awaitClose();
            }
            return blob.isPresent();
        };
    }

    private static void sendSome(HttpExchange exchange, byte[] blob) throws IOException {
        exchange.sendResponseHeaders(200, blob.length);
        exchange.getResponseBody().write(blob, 0, blob.length / 2);
        exchange.getResponseBody().flush();
    }

    /** Sends blobs a few bytes at a time, without ever pausing for long. */
    static Fault trickling() {
        return (registry, exchange, blob) -> {
            if (blob.isPresent()) {
                exchange.sendResponseHeaders(200, blob.get().length);
                for (int i = 0; i < blob.get().length && !registry.closes(100); i++) {
                    exchange.getResponseBody().write(blob.get(), i, 1);
                    exchange.getResponseBody().flush();
                }
            }
            return blob.isPresent();
        };
    }

    /** Sends every request for a blob to the same place again. */
    static Fault circle() {
        return (registry, exchange, blob) -> {
            if (blob.isPresent()) {
                exchange.getResponseHeaders().set("Location", "http://" + registry.host() + exchange.getRequestURI());
                send(exchange, 307, new byte[0]);
            }
            return blob.isPresent();
        };
    }

    private void awaitClose() {
        boolean _ = closes(TimeUnit.MINUTES.toMillis(2));
    }

    private boolean closes(long millis) {
        try {
            return closing.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
