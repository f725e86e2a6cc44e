package dev.wharf.lib.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server on this machine that answers as a test says and remembers what it was asked. */
final class FaultServer implements AutoCloseable {
    private final HttpServer server;
    private final String scheme;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Seen> requests = Collections.synchronizedList(new ArrayList<>());

    /** A request as it arrived. */
    record Seen(String method, String target, Map<String, List<String>> headers, byte[] body) {
        String header(String name) {
            List<String> values = headers.get(name);
            return values == null ? "" : values.getFirst();
        }

        String path() {
            return URI.create(target).getPath();
        }
    }

    /** Answers one request. */
    interface Handler {
        void handle(HttpExchange exchange, Seen seen) throws IOException;
    }

    FaultServer(Handler handler) throws IOException {
        this(HttpServer.create(loopback(), 0), "http", handler);
    }

    private FaultServer(HttpServer server, String scheme, Handler handler) {
        this.server = server;
        this.scheme = scheme;
        server.setExecutor(executor);
        server.createContext("/", exchange -> {
            Seen seen = new Seen(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    Map.copyOf(exchange.getRequestHeaders()),
                    exchange.getRequestBody().readAllBytes());
            requests.add(seen);
            handler.handle(exchange, seen);
            exchange.close();
        });
        server.start();
    }

    static FaultServer encrypted(HttpsConfigurator configurator, Handler handler) throws IOException {
        HttpsServer made = HttpsServer.create(loopback(), 0);
        made.setHttpsConfigurator(configurator);
        return new FaultServer(made, "https", handler);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean none = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
        if (none && body.length > 0) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
        }
        exchange.sendResponseHeaders(status, none ? -1 : body.length);
        if (!none) {
            exchange.getResponseBody().write(body);
        }
    }

    static void answer(HttpExchange exchange, int status, String body) throws IOException {
        answer(exchange, status, body.getBytes(StandardCharsets.UTF_8));
    }

    /** Answers a request for a blob as a good registry does, ranges included. */
    static void blob(HttpExchange exchange, byte[] blob) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range == null) {
            answer(exchange, 200, blob);
            return;
        }
        String[] ends = range.substring("bytes=".length()).split("-", -1);
        int from = Integer.parseInt(ends[0]);
        int to = ends[1].isEmpty() ? blob.length - 1 : Math.min(blob.length - 1, Integer.parseInt(ends[1]));
        exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + to + "/" + blob.length);
        answer(exchange, 206, java.util.Arrays.copyOfRange(blob, from, to + 1));
    }

    List<Seen> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    String authority() {
        return "127.0.0.1:" + port();
    }

    URI base() {
        return URI.create(scheme + "://" + authority() + "/v2/");
    }

    /** This server as a host of a registry. */
    RegistryHost as(String registry) {
        return new RegistryHost(registry, base(), Map.of());
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
