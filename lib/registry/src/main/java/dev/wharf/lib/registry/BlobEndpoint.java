package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** {@code /v2/<name>/blobs/<digest>}. Source: OCI distribution specification, "Pulling blobs". */
final class BlobEndpoint {
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\\*)");

    private final RegistryConnection connection;

    BlobEndpoint(RegistryConnection connection) {
        this.connection = connection;
    }

    /**
     * A body that begins where it was asked to.
     *
     * @param body the bytes; may go on behind the end asked for
     * @param ranged whether the server heeded the range
     * @param size of the whole blob, if the server told
     */
    record Opened(InputStream body, boolean ranged, OptionalLong size) {}

    /** What HEAD says of a blob; empty when there is none. */
    Optional<RemoteDescriptor> stat(String repository, String digest, String scope) {
        HttpCall call = connection.call("HEAD", path(repository, digest), scope);
        Answer answer = connection.send(call);
        if (answer.status() == 404) {
            answer.discard();
            return Optional.empty();
        }
        if (answer.status() != OK) {
            throw ResponseFailures.of(answer, call.describe());
        }
        answer.discard();
        long size = answer.headers().number("Content-Length").orElse(-1);
        if (size < 0) {
            return Optional.empty();
        }
        String type = answer.header("Content-Type");
        return Optional.of(new RemoteDescriptor(type.isEmpty() ? "application/octet-stream" : type, digest, size));
    }

    /** Opens a blob from {@code offset} on; where the server ignores the range, the bytes before it are read away. */
    Opened open(String repository, String digest, BlobRange range) {
        HttpCall call = connection.call("GET", path(repository, digest), pullScope(repository));
        return open(call, range);
    }

    /** Opens the bytes at a URL outside of the API, as foreign layers have. */
    Opened openAt(URI url, BlobRange range) {
        return open(new HttpCall("GET", url, "", Map.of()), range);
    }

    private Opened open(HttpCall get, BlobRange range) {
        // Layers are compressed already, and ranges of what is compressed on the way would count other bytes.
        HttpCall call = range.header()
                .map(value -> get.with("Range", value))
                .orElse(get)
                .with("Accept", "*/*")
                .with("Accept-Encoding", "identity");
        return opened(connection.send(call), range, call);
    }

    private static Opened opened(Answer answer, BlobRange range, HttpCall call) {
        if (answer.status() == RANGE_NOT_SATISFIABLE && !range.isWhole()) {
            answer.discard();
            throw new RegistryException(
                    Kind.INVALID, RANGE_NOT_SATISFIABLE, call.describe() + ": nothing at offset " + range.from(), null);
        }
        if (answer.status() != OK && answer.status() != PARTIAL) {
            throw ResponseFailures.of(answer, call.describe());
        }
        return positioned(answer, range, call);
    }

    private static Opened positioned(Answer answer, BlobRange range, HttpCall call) {
        try {
            if (answer.status() == PARTIAL) {
                return ranged(answer, range);
            }
            InputStream body = decoded(answer);
            body.skipNBytes(range.from());
            boolean plain = body == answer.body();
            OptionalLong size = plain ? answer.headers().number("Content-Length") : OptionalLong.empty();
            return new Opened(body, false, size);
        } catch (IOException e) {
            close(answer, e);
            throw new RegistryException(
                    Kind.UNAVAILABLE, call.describe() + " from offset " + range.from() + ": " + e.getMessage(), e);
        }
    }

    private static Opened ranged(Answer answer, BlobRange range) throws IOException {
        Matcher told = CONTENT_RANGE.matcher(answer.header("Content-Range"));
        if (!told.matches() || Long.parseLong(told.group(1)) != range.from()) {
            throw new IOException("range starts elsewhere than asked for");
        }
        if (!encoding(answer).isEmpty()) {
            throw new IOException("range of an encoded body");
        }
        String size = told.group(3);
        return new Opened(
                answer.body(), true, size.equals("*") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(size)));
    }

    /** The bytes without an encoding a proxy put on them unasked. */
    private static InputStream decoded(Answer answer) throws IOException {
        String encoding = encoding(answer);
        return switch (encoding) {
            case "" -> answer.body();
            case "gzip", "x-gzip" -> new GZIPInputStream(answer.body());
            default ->
                throw new IOException(
                        "body is encoded as " + ConnectionFailures.shown(encoding) + ", which was not asked for");
        };
    }

    private static String encoding(Answer answer) {
        String encoding = answer.header("Content-Encoding").strip().toLowerCase(Locale.ROOT);
        return encoding.equals("identity") ? "" : encoding;
    }

    private static void close(Answer answer, IOException cause) {
        try {
            answer.body().close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private static String path(String repository, String digest) {
        return repository + "/blobs/" + digest;
    }

    private static String pullScope(String repository) {
        return "repository:" + repository + ":pull";
    }
}
