package dev.wharf.plugins.runtime.shim;

import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/** Reads runtime specs. Made when the first is read: hundreds of classes that a daemon without containers needs not. */
final class SpecJson {
    /** Without a table of the names that came up, which would grow by what clients write. */
    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    .build())
            .build();

    private SpecJson() {}
}
