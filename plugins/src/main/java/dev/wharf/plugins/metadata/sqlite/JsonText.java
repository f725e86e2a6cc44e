package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.typeurl.TypedValue;
import java.io.StringWriter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Labels, annotations and extensions as JSON text, with sorted keys. */
final class JsonText {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String TYPE = "type";
    private static final String VALUE = "value";

    private JsonText() {}

    /** An object of strings. Empty values are left out, as containerd does: an empty label is no label. */
    static String of(Map<String, String> map) {
        if (map.isEmpty()) {
            return "{}";
        }
        return object(out -> new TreeMap<>(map).forEach((key, value) -> {
            if (!value.isEmpty()) {
                out.writeStringProperty(key, value);
            }
        }));
    }

    /** An object of {@code {"type": …, "value": base64}}. */
    static String ofValues(Map<String, TypedValue> map) {
        if (map.isEmpty()) {
            return "{}";
        }
        return object(out -> new TreeMap<>(map).forEach((key, value) -> {
            out.writeObjectPropertyStart(key);
            out.writeStringProperty(TYPE, value.typeUrl());
            out.writeStringProperty(VALUE, Base64.getEncoder().encodeToString(value.value()));
            out.writeEndObject();
        }));
    }

    /** Reads what {@link #of} wrote; {@code DATA_LOSS} for anything else. */
    static Map<String, String> strings(String json) {
        if (json.equals("{}")) {
            return Map.of();
        }
        Map<String, String> map = new LinkedHashMap<>();
        parse(json, (key, in) -> map.put(key, text(in)));
        return map;
    }

    /** Reads what {@link #ofValues} wrote; {@code DATA_LOSS} for anything else. */
    static Map<String, TypedValue> values(String json) {
        if (json.equals("{}")) {
            return Map.of();
        }
        Map<String, TypedValue> map = new LinkedHashMap<>();
        parse(json, (key, in) -> map.put(key, typed(in)));
        return map;
    }

    private interface Body {
        void write(JsonGenerator out);
    }

    private interface Property {
        void read(String key, JsonParser in);
    }

    private static String object(Body body) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            out.writeStartObject();
            body.write(out);
            out.writeEndObject();
        }
        return text.toString();
    }

    private static void parse(String json, Property property) {
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), json)) {
            in.nextToken();
            properties(in, property);
        } catch (JacksonException | IllegalArgumentException e) {
            throw ErrorKind.DATA_LOSS.of("read labels or extensions \"" + json + "\" from the metadata database", e);
        }
    }

    private static void properties(JsonParser in, Property property) {
        for (String key = in.nextName(); key != null; key = in.nextName()) {
            in.nextToken();
            property.read(key, in);
        }
        if (in.currentToken() != JsonToken.END_OBJECT) {
            throw new IllegalArgumentException("not an object");
        }
    }

    private static String text(JsonParser in) {
        String text = in.getValueAsString();
        if (text == null) {
            throw new IllegalArgumentException("not a string");
        }
        return text;
    }

    private static TypedValue typed(JsonParser in) {
        Map<String, String> parts = new LinkedHashMap<>();
        properties(in, (key, inner) -> parts.put(key, text(inner)));
        return new TypedValue(part(parts.get(TYPE)), Base64.getDecoder().decode(part(parts.get(VALUE))));
    }

    private static String part(@Nullable String value) {
        return value == null ? "" : value;
    }
}
