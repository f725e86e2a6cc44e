package dev.wharf.lib.registry;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request to a registry before it is authorized.
 *
 * @param method of HTTP
 * @param url where to
 * @param scope the rights it needs, as tokens name them, separated by spaces
 * @param headers by name
 * @param payload what is sent along, or null
 */
record HttpCall(
        String method,
        URI url,
        String scope,
        Map<String, List<String>> headers,
        @Nullable Payload payload) {
    HttpCall {
        headers = Map.copyOf(headers);
    }

    HttpCall(String method, URI url, String scope, Map<String, List<String>> headers) {
        this(method, url, scope, headers, null);
    }

    /**
     * Bytes sent along; opened once for each attempt.
     *
     * @param size in bytes
     * @param content where they come from
     */
    record Payload(long size, BlobContent content) {
        /** How long sending may take when it is as slow as allowed, before the answer is waited for. */
        Duration longest(long bytesPerSecond) {
            return Duration.ofSeconds(size / Math.max(bytesPerSecond, 1024));
        }
    }

    HttpCall with(String header, String value) {
        Map<String, List<String>> all = new LinkedHashMap<>(headers);
        all.put(header, List.of(value));
        return new HttpCall(method, url, scope, all, payload);
    }

    HttpCall with(Payload other) {
        return new HttpCall(method, url, scope, headers, other);
    }

    HttpCall to(URI other) {
        return new HttpCall(method, other, scope, headers, payload);
    }

    HttpCall without(Set<String> names) {
        Map<String, List<String>> kept = new LinkedHashMap<>(headers);
        kept.keySet().removeAll(names);
        return new HttpCall(method, url, scope, kept, payload);
    }

    /** What it is for messages; without the query, which can hold a signature. */
    String describe() {
        return describe(method, url);
    }

    static String describe(String method, URI url) {
        String host = url.getHost() == null ? url.getAuthority() : url.getHost();
        String port = url.getPort() < 0 || url.getHost() == null ? "" : ":" + url.getPort();
        return ConnectionFailures.shown(method + " " + url.getScheme() + "://" + host + port + url.getPath());
    }
}
