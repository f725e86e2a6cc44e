package dev.wharf.shim.json;

import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reading and writing JSON. An object is a {@link Map} that keeps the order, an array a {@link List}, and the rest are
 * strings, numbers, booleans and {@code null}. Both are freshly made by reading and may be changed.
 */
public final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /**
     * Reads a text that holds one object.
     *
     * @throws IllegalArgumentException when it does not, saying where it goes wrong
     */
    public static JsonObject readObject(byte[] text) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            if (read(parser) instanceof Map<?, ?> map) {
                return JsonObject.of(map);
            }
            throw new IllegalArgumentException("not a JSON object");
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
        }
    }

    /** Reads a text that holds one array; null counts as an empty one. */
    public static List<?> readArray(byte[] text) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            return switch (read(parser)) {
                case null -> List.of();
                case List<?> list -> list;
                default -> throw new IllegalArgumentException("not a JSON array");
            };
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
        }
    }

    /** Writes a tree of maps, lists, strings, numbers, booleans and nulls. */
    public static byte[] write(@Nullable Object tree) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            write(generator, tree);
        } catch (JacksonException e) {
            throw new UncheckedIOException("cannot write JSON", new java.io.IOException(e));
        }
        return out.toByteArray();
    }

    /** The same as a string. */
    public static String toString(@Nullable Object tree) {
        return new String(write(tree), StandardCharsets.UTF_8);
    }

    private static @Nullable Object read(JsonParser parser) {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> readMembers(parser);
            case START_ARRAY -> readElements(parser);
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case null, default -> throw new IllegalArgumentException("JSON ends too early");
        };
    }

    private static Map<String, @Nullable Object> readMembers(JsonParser parser) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            members.put(name, read(parser));
        }
        return members;
    }

    private static List<@Nullable Object> readElements(JsonParser parser) {
        List<@Nullable Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(read(parser));
        }
        return elements;
    }

    private static void write(JsonGenerator generator, @Nullable Object value) {
        switch (value) {
            case null -> generator.writeNull();
            case JsonObject object -> write(generator, object.members());
            case Map<?, ?> map -> writeMembers(generator, map);
            case Iterable<?> list -> {
                generator.writeStartArray();
                list.forEach(element -> write(generator, element));
                generator.writeEndArray();
            }
            case String text -> generator.writeString(text);
            case Boolean flag -> generator.writeBoolean(flag);
            case Number number -> generator.writeNumber(number.toString());
            default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
        }
    }

    private static void writeMembers(JsonGenerator generator, Map<?, ?> map) {
        generator.writeStartObject();
        map.forEach((name, value) -> {
            generator.writeName((String) name);
            write(generator, value);
        });
        generator.writeEndObject();
    }
}
