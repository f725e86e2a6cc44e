package dev.wharf.lib.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A proxy that reaches one server whatever host is asked for: by CONNECT, or for plain requests by their URL. */
final class ForwardProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final int target;
    private final String wantedLogin;
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

    /** {@code login} is the value of Proxy-Authorization it wants to see, or empty. */
    ForwardProxy(int target, String login) throws IOException {
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.target = target;
        this.wantedLogin = login;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** The first lines of the requests. */
    List<String> seen() {
        synchronized (seen) {
            return List.copyOf(seen);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            return;
        }
    }

    private void serve(Socket client) {
        try (client) {
            String head = head(client.getInputStream());
            while (!head.isEmpty()) {
                seen.add(head.lines().findFirst().orElse(""));
                if (!wantedLogin.isEmpty() && !head.contains("Proxy-Authorization: " + wantedLogin)) {
                    write(
                            client,
                            "HTTP/1.1 407 Wanted\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n\r\n");
                    head = head(client.getInputStream());
                    continue;
                }
                try (Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
                    relay(client, server, head);
                }
                return;
            }
        } catch (IOException e) {
            return;
        }
    }

    private static void relay(Socket client, Socket server, String head) throws IOException {
        if (head.startsWith("CONNECT ")) {
            write(client, "HTTP/1.1 200 Connected\r\n\r\n");
        } else {
            String url = head.split(" ", -1)[1];
            URI parsed = URI.create(url);
            write(server, head.replace(url, parsed.getRawPath()).replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
        }
        Thread up = Thread.ofVirtual().start(() -> {
            try {
                client.getInputStream().transferTo(server.getOutputStream());
                server.shutdownOutput();
            } catch (IOException e) {
                return;
            }
        });
        server.getInputStream().transferTo(client.getOutputStream());
        client.close();
        try {
            up.join();
        } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    private static void write(Socket to, String text) throws IOException {
        OutputStream out = to.getOutputStream();
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
