package dev.wharf.plugins.transfer.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.wharf.core.oci.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A registry that begins empty and keeps what is pushed, each repository its own; it notes the requests that store. */
final class PushedRegistry implements AutoCloseable {
    private static final Pattern PATH = Pattern.compile("/v2/(.+)/(manifests|blobs)/(uploads/)?([^/]*)");
    private static final Pattern MOUNT = Pattern.compile("mount=([^&]+)&from=(.+)");

    final List<String> requests = new CopyOnWriteArrayList<>();
    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final Map<String, String> types = new ConcurrentHashMap<>();
    private final AtomicInteger uploads = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    PushedRegistry() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.createContext("/v2/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    String name(String repository, String tag) {
        return "127.0.0.1:" + server.getAddress().getPort() + "/library/" + repository + ":" + tag;
    }

    int mostAtOnce() {
        return most.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Matcher path = PATH.matcher(exchange.getRequestURI().getPath());
            if (!path.matches()) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] body = exchange.getRequestBody().readAllBytes();
            String repository = path.group(1);
            switch (exchange.getRequestMethod()) {
                case "POST" -> begin(exchange, repository);
                case "PUT" -> put(exchange, repository, path, body);
                case "DELETE" -> exchange.sendResponseHeaders(204, -1);
                default -> get(exchange, repository + " " + path.group(4));
            }
        }
    }

    private void begin(HttpExchange exchange, String repository) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        Matcher mount = MOUNT.matcher(query == null ? "" : query);
        if (mount.matches()) {
            byte[] blob = objects.get(mount.group(2) + " " + mount.group(1));
            if (blob != null) {
                objects.put(repository + " " + mount.group(1), blob);
                requests.add("mount " + repository + " " + mount.group(1));
                exchange.sendResponseHeaders(201, -1);
                return;
            }
        } else {
            most.accumulateAndGet(uploads.incrementAndGet(), Math::max);
        }
        exchange.getResponseHeaders().add("Location", "/v2/" + repository + "/blobs/uploads/session");
        exchange.sendResponseHeaders(202, -1);
    }

    private void put(HttpExchange exchange, String repository, Matcher path, byte[] body) throws IOException {
        String digest = Digest.sha256(body).toString();
        objects.put(repository + " " + digest, body);
        if (path.group(2).equals("manifests")) {
            String type = exchange.getRequestHeaders().getFirst("Content-Type");
            objects.put(repository + " " + path.group(4), body);
            types.put(repository + " " + digest, type);
            types.put(repository + " " + path.group(4), type);
            requests.add("manifest " + repository + " " + path.group(4));
        } else {
            uploads.decrementAndGet();
            requests.add("blob " + repository + " " + digest);
        }
        exchange.sendResponseHeaders(201, -1);
    }

    private void get(HttpExchange exchange, String key) throws IOException {
        byte[] bytes = objects.get(key);
        if (bytes == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        exchange.getResponseHeaders().add("Content-Type", types.getOrDefault(key, "application/octet-stream"));
        exchange.getResponseHeaders()
                .add("Docker-Content-Digest", Digest.sha256(bytes).toString());
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().add("Content-Length", Integer.toString(bytes.length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
