package dev.wharf.lib.registry;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One request to a registry before it is authorized.
 *
 * @param method {@code GET} or {@code HEAD}
 * @param url where to
 * @param scope the rights it needs, as tokens name them
 * @param headers by name
 */
record HttpCall(String method, URI url, String scope, Map<String, List<String>> headers) {
    HttpCall {
        headers = Map.copyOf(headers);
    }

    HttpCall with(String header, String value) {
        Map<String, List<String>> all = new LinkedHashMap<>(headers);
        all.put(header, List.of(value));
        return new HttpCall(method, url, scope, all);
    }

    HttpCall by(String otherMethod) {
        return new HttpCall(otherMethod, url, scope, headers);
    }

    HttpCall to(URI other) {
        return new HttpCall(method, other, scope, headers);
    }

    HttpCall without(Set<String> names) {
        Map<String, List<String>> kept = new LinkedHashMap<>(headers);
        kept.keySet().removeAll(names);
        return new HttpCall(method, url, scope, kept);
    }

    /** What it is for messages; without the query, which can hold a signature. */
    String describe() {
        return describe(method, url);
    }

    static String describe(String method, URI url) {
        return method + " " + url.getScheme() + "://" + url.getAuthority() + url.getPath();
    }
}
