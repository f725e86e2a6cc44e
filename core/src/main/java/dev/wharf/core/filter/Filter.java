package dev.wharf.core.filter;

import java.util.List;

/** A condition on an object's fields. */
@FunctionalInterface
public interface Filter {
    /** Whether the object meets it. */
    boolean matches(Fields object);

    /** A filter that everything meets. */
    Filter ALWAYS = object -> true;

    /**
     * Parses filters in containerd's language; an object meets the result when it meets one of them, and all objects do
     * when there are none.
     *
     * <p>{@code selectors := selector ("," selector)*}, {@code selector := fieldpath [op value]},
     * {@code fieldpath := field ("." field)*}, {@code op := "==" | "!=" | "~="}; a selector without operator asks for
     * presence. {@code INVALID_ARGUMENT} for anything else, naming the place.
     */
    static Filter parse(List<String> filters) {
        if (filters.isEmpty()) {
            return ALWAYS;
        }
        List<Filter> parsed = filters.stream().map(FilterParser::parse).toList();
        return object -> parsed.stream().anyMatch(filter -> filter.matches(object));
    }
}
