package dev.wharf.client.json;

import dev.wharf.core.error.ErrorKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reading and writing JSON trees. Absent and null members read as empty values. */
public final class Json {
    /** Without a table of the names that came up, which would grow by what strangers write. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    .build())
            .build();

    private Json() {}

    /** The tree of a document; {@code INVALID_ARGUMENT}, naming {@code what}, when it is not JSON. */
    public static JsonNode parse(byte[] document, String what) {
        try {
            return MAPPER.readTree(document);
        } catch (JacksonException e) {
            throw ErrorKind.INVALID_ARGUMENT.of("parse " + what + ": " + e.getOriginalMessage());
        }
    }

    /** A document of a tree, in UTF-8 without white space. */
    public static byte[] bytes(JsonNode tree) {
        return MAPPER.writeValueAsBytes(tree);
    }

    /** A new empty object. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** The tree of a plain value: map, list, text, number, truth value. */
    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** A member as text; empty when it is no text. */
    public static String text(JsonNode node, String member) {
        return node.path(member).stringValue("");
    }

    /** A member as a list of texts; what is no text in it is left out. */
    public static List<String> texts(JsonNode node, String member) {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : node.path(member)) {
            if (item.isString()) {
                texts.add(item.stringValue());
            }
        }
        return List.copyOf(texts);
    }

    /** A member as a map of texts, in its order; what is no text in it is left out. */
    public static Map<String, String> map(JsonNode node, String member) {
        Map<String, String> map = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.path(member).properties()) {
            if (entry.getValue().isString()) {
                map.put(entry.getKey(), entry.getValue().stringValue());
            }
        }
        return map;
    }
}
