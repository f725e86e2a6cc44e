package dev.wharf.cmd.shim.stdio;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a stream goes, as a client writes it: a path, or a URI.
 *
 * @param scheme {@code fifo} for a path
 * @param path the path in it, decoded
 * @param arguments keys and values of the query, in order
 */
record StreamUri(String scheme, String path, List<String> arguments) {
    static final String FIFO = "fifo";

    StreamUri {
        arguments = List.copyOf(arguments);
    }

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException when it is neither a path nor a URI
     */
    static StreamUri parse(String text) {
        if (text.isEmpty() || text.startsWith("/")) {
            return new StreamUri(FIFO, text, List.of());
        }
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme() == null ? FIFO : uri.getScheme();
            return new StreamUri(scheme, orEmpty(uri.getPath()), query(uri.getRawQuery()));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("unable to parse stdout uri: " + e.getMessage(), e);
        }
    }

    /** The path of a stream that is a fifo or file by path or {@code fifo://}; empty for none. */
    static Optional<Path> path(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(parse(text).path));
    }

    /** The path of a stream that is a fifo or a file by its path alone; empty for others and for none. */
    static Optional<Path> fifo(String text) {
        return parse(text).scheme.equals(FIFO) ? path(text) : Optional.empty();
    }

    private static List<String> query(@Nullable String query) {
        List<String> arguments = new ArrayList<>();
        for (String pair : orEmpty(query).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (!pair.isEmpty()) {
                arguments.add(decode(equals < 0 ? pair : pair.substring(0, equals)));
                arguments.add(equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return arguments;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
