package dev.wharf.plugins.runtime.shim;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.wharf.api.runtime.bootstrap.v1.BootstrapResult;
import dev.wharf.core.error.ErrorKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where a shim listens and what it speaks there.
 *
 * @param version of the task service, 2 or 3
 * @param address {@code unix://<path>}; others exist but cannot be connected to yet
 * @param protocol {@code ttrpc} or {@code grpc}
 */
public record ShimEndpoint(int version, String address, String protocol) {
    static final int OLDEST = 2;
    static final int NEWEST = 3;

    private static final String UNIX = "unix://";
    private static final int MAX_QUOTED = 256;
    private static final JsonMapper JSON = new JsonMapper();

    public ShimEndpoint {
        if (version < OLDEST || version > NEWEST) {
            throw ErrorKind.NOT_IMPLEMENTED.of("unsupported shim version (" + version + ")");
        }
        if (address.isBlank()) {
            throw ErrorKind.UNKNOWN.of("the shim named no address");
        }
    }

    /**
     * Reads what a shim printed when it was started: a BootstrapResult since 2.x, JSON in 1.7, the bare address before.
     *
     * <p>The three cannot be mixed up: the first field of a BootstrapResult starts with a control character, which
     * neither of the texts has. Lines before a bare address (warnings) are passed over.
     */
    static ShimEndpoint parse(byte[] answer) {
        if (!isText(answer)) {
            return parseMessage(answer);
        }
        String text = new String(answer, StandardCharsets.UTF_8).strip();
        if (text.startsWith("{")) {
            return parseJson(text);
        }
        return text.lines()
                .map(String::strip)
                .filter(line -> line.contains("://") && !line.contains(" "))
                .reduce((first, last) -> last)
                .map(address -> new ShimEndpoint(OLDEST, address, "ttrpc"))
                .orElseThrow(() -> ErrorKind.UNKNOWN.of("the shim printed no address but " + quote(text)));
    }

    private static boolean isText(byte[] answer) {
        for (byte b : answer) {
            if (b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t') {
                return false;
            }
        }
        return true;
    }

    private static ShimEndpoint parseMessage(byte[] answer) {
        try {
            BootstrapResult result = BootstrapResult.parseFrom(answer);
            return new ShimEndpoint(result.getVersion(), result.getAddress(), result.getProtocol());
        } catch (InvalidProtocolBufferException e) {
            String text = new String(answer, StandardCharsets.ISO_8859_1);
            throw ErrorKind.UNKNOWN.of(
                    "the shim printed neither an address nor a bootstrap result but " + quote(text), e);
        }
    }

    /** Reads {@code bootstrap.json}, or what a shim of 1.7 prints. */
    static ShimEndpoint parseJson(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            return new ShimEndpoint(
                    node.path("version").asInt(0),
                    node.path("address").asString(""),
                    node.path("protocol").asString(""));
        } catch (JacksonException e) {
            throw ErrorKind.UNKNOWN.of("not the JSON of a shim's address: " + quote(text), e);
        }
    }

    /** The content of {@code bootstrap.json}. */
    String toJson() {
        return JSON.writeValueAsString(JSON.createObjectNode()
                .put("version", version)
                .put("address", address)
                .put("protocol", protocol));
    }

    /** The path of its socket, if it is one in the file system. */
    Optional<Path> socket() {
        return address.startsWith(UNIX + "/")
                ? Optional.of(Path.of(address.substring(UNIX.length())))
                : Optional.empty();
    }

    /** The path to connect to; {@code NOT_IMPLEMENTED} for what cannot be connected to. */
    Path connectable() {
        if (!protocol.equals("ttrpc")) {
            throw ErrorKind.NOT_IMPLEMENTED.of(
                    "shim at " + address + " speaks \"" + protocol + "\", of which only ttrpc is supported");
        }
        return socket().orElseThrow(() -> ErrorKind.NOT_IMPLEMENTED.of(
                "shim address " + address + ": only unix sockets in the file system are supported"));
    }

    static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().limit(MAX_QUOTED).forEach(c -> quoted.append(c < ' ' || c == 127 ? '?' : (char) c));
        return quoted.append(text.length() > MAX_QUOTED ? "\"…" : "\"").toString();
    }
}
