package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One request as it goes to a server.
 *
 * @param method of HTTP
 * @param url where to
 * @param fields of the header, in their order
 * @param payload what is sent along, or null
 * @param timeout until the header of the answer has come
 */
record AuthorizedCall(
        String method, URI url, List<Field> fields, HttpCall.@Nullable Payload payload, Duration timeout) {
    /** What the HTTP client sets itself. */
    private static final Set<String> RESERVED =
            Set.of("connection", "content-length", "expect", "host", "transfer-encoding", "upgrade");

    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]*");

    AuthorizedCall {
        fields = List.copyOf(fields);
    }

    /**
     * A field of the header.
     *
     * @param name as RFC 9110 allows it
     * @param value likewise
     */
    record Field(String name, String value) {}

    /** With one more field; INVALID when it cannot be sent. What the HTTP client sets itself is left out. */
    AuthorizedCall with(String name, String value) {
        if (RESERVED.stream().anyMatch(name::equalsIgnoreCase)) {
            return this;
        }
        if (!NAME.matcher(name).matches() || !VALUE.matcher(value).matches()) {
            // Without the value, which can be a secret.
            throw new RegistryException(Kind.INVALID, "header \"" + name + "\" or its value cannot be sent");
        }
        List<Field> all = new ArrayList<>(fields);
        all.add(new Field(name, value));
        return new AuthorizedCall(method, url, all, payload, timeout);
    }

    /** With a field in place of all of its name. */
    AuthorizedCall withOnly(String name, String value) {
        List<Field> others = fields.stream()
                .filter(field -> !field.name().equalsIgnoreCase(name))
                .toList();
        return new AuthorizedCall(method, url, others, payload, timeout).with(name, value);
    }

    AuthorizedCall method(String other, HttpCall.@Nullable Payload content) {
        return new AuthorizedCall(other, url, fields, content, timeout);
    }

    AuthorizedCall timeout(Duration other) {
        return new AuthorizedCall(method, url, fields, payload, other);
    }

    /** What it is for messages. */
    String describe() {
        return HttpCall.describe(method, url);
    }
}
