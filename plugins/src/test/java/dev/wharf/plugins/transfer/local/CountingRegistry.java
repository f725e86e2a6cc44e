package dev.wharf.plugins.transfer.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.core.transfer.archive.TarWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** A registry with what a test puts in; it counts how often each document and blob is sent. */
final class CountingRegistry implements AutoCloseable {
    final Map<String, AtomicInteger> sent = new ConcurrentHashMap<>();
    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final Map<String, String> types = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    /** Blobs are not sent before this, if there is one. */
    volatile @Nullable CountDownLatch held;

    CountingRegistry() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.createContext("/v2/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    String name(String tag) {
        return "127.0.0.1:" + server.getAddress().getPort() + "/library/test:" + tag;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String object = path.substring(path.lastIndexOf('/') + 1);
            byte[] bytes = objects.get(object);
            if (bytes == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            exchange.getResponseHeaders().add("Content-Type", types.getOrDefault(object, "application/octet-stream"));
            exchange.getResponseHeaders()
                    .add("Docker-Content-Digest", Digest.sha256(bytes).toString());
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().add("Content-Length", Integer.toString(bytes.length));
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            sent.computeIfAbsent(object, unknown -> new AtomicInteger()).incrementAndGet();
            awaitRelease(path);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private void awaitRelease(String path) {
        CountDownLatch latch = held;
        if (latch != null && path.contains("/blobs/")) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Puts bytes in and answers their descriptor as JSON. */
    String put(String type, byte[] bytes) {
        String digest = Digest.sha256(bytes).toString();
        objects.put(digest, bytes);
        types.put(digest, type);
        return "{\"mediaType\":\"" + type + "\",\"digest\":\"" + digest + "\",\"size\":" + bytes.length + "}";
    }

    /** Sends other bytes than those of the digest from now on. */
    void spoil(String digest) {
        byte[] bytes = objects.getOrDefault(digest, new byte[1]).clone();
        bytes[bytes.length / 2] ^= 1;
        objects.put(digest, bytes);
    }

    void tag(String tag, String type, String document) {
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        put(type, bytes);
        objects.put(tag, bytes);
        types.put(tag, type);
    }

    /** Puts an image with these layers in and answers its manifest. */
    String image(String architecture, List<byte[]> archives) throws IOException {
        List<String> layers = new ArrayList<>();
        List<String> diffIds = new ArrayList<>();
        for (byte[] archive : archives) {
            diffIds.add("\"" + Digest.sha256(archive) + "\"");
            layers.add(put(MediaTypes.OCI_LAYER_GZIP, gzip(archive)));
        }
        String config = "{\"os\":\"linux\",\"architecture\":\"" + architecture
                + "\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[" + String.join(",", diffIds) + "]}}";
        return "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"config\":"
                + put(MediaTypes.OCI_CONFIG, config.getBytes(StandardCharsets.UTF_8)) + ",\"layers\":["
                + String.join(",", layers) + "]}";
    }

    static byte[] archive(String file, String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(out);
        tar.directory("etc/");
        tar.file("etc/" + file, 0644, text.getBytes(StandardCharsets.UTF_8));
        tar.end();
        return out.toByteArray();
    }

    /** A layer that does not describe the directory its file is in. */
    static byte[] archiveWithoutDirectory(String file) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(out);
        tar.file("etc/" + file, 0644, new byte[] {1});
        tar.end();
        return out.toByteArray();
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
