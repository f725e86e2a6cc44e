package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads JSON from registries as trees; its size is bounded by who received it, its depth here. */
final class Json {
    private static final int MAX_DEPTH = 64;

    /** Without a table of the names that came up, which would grow by what strangers write. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .build();

    private Json() {}

    /** The object in the document; {@code what} names it in errors. */
    static JsonNode object(byte[] document, String what) {
        JsonNode node;
        try {
            node = MAPPER.readTree(document);
        } catch (JacksonException e) {
            throw new RegistryException(Kind.INVALID, what + " is not valid JSON: " + e.getOriginalMessage(), e);
        }
        if (node == null || !node.isObject()) {
            throw new RegistryException(Kind.INVALID, what + " is not a JSON object");
        }
        return node;
    }

    /** The text of a field; empty when it is missing or no text. */
    static String text(JsonNode node, String field) {
        JsonNode value = node.get(field);
        return value != null && value.isString() ? value.stringValue() : "";
    }

    /** The whole number of a field, or {@code otherwise} when it is missing or no whole number of 64 bits. */
    static long number(JsonNode node, String field, long otherwise) {
        JsonNode value = node.get(field);
        return value != null && value.isIntegralNumber() && value.canConvertToLong() ? value.longValue() : otherwise;
    }
}
