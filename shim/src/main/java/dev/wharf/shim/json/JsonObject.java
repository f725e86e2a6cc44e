package dev.wharf.shim.json;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object whose members are asked for by name and kind: one that is missing, null or of another kind reads as the
 * empty value of the kind asked for, as encoding/json of Go leaves it.
 *
 * @param members by name, in order; may be changed
 */
public record JsonObject(Map<String, @Nullable Object> members) {
    /** An object without members. */
    public static JsonObject empty() {
        return new JsonObject(new LinkedHashMap<>());
    }

    /** The object over a map that {@link Json} read; changes go through to it. */
    @SuppressWarnings("unchecked")
    static JsonObject of(Map<?, ?> map) {
        return new JsonObject((Map<String, @Nullable Object>) map);
    }

    /** A member that is a string, else "". */
    public String string(String name) {
        return members.get(name) instanceof String text ? text : "";
    }

    /** A member that is a whole number, else 0. */
    public long number(String name) {
        return members.get(name) instanceof Number number ? number.longValue() : 0;
    }

    /** Whether a member is true. */
    public boolean flag(String name) {
        return Boolean.TRUE.equals(members.get(name));
    }

    /** A member that is an object; changes go through. */
    public Optional<JsonObject> object(String name) {
        return members.get(name) instanceof Map<?, ?> map ? Optional.of(of(map)) : Optional.empty();
    }

    /** The objects in a member that is an array; changes of them go through. */
    public List<JsonObject> objects(String name) {
        return list(name).stream()
                .filter(Map.class::isInstance)
                .map(element -> of((Map<?, ?>) element))
                .toList();
    }

    /** The strings in a member that is an array. */
    public List<String> strings(String name) {
        return list(name).stream()
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList();
    }

    /** Sets a member; gives this object back. */
    public JsonObject with(String name, @Nullable Object value) {
        members.put(name, value);
        return this;
    }

    /** Sets a member unless the value is the empty one of its kind, as Go does with omitempty. */
    public JsonObject withUnlessEmpty(String name, Object value) {
        boolean empty = value.equals("")
                || value.equals(false)
                || value.equals(0)
                || value.equals(0L)
                || value instanceof List<?> list && list.isEmpty();
        return empty ? this : with(name, value);
    }

    /** The array that is this member, made and put there when it is none; may be changed. */
    @SuppressWarnings("unchecked")
    public List<@Nullable Object> array(String name) {
        if (members.get(name) instanceof List<?> list) {
            return (List<@Nullable Object>) list;
        }
        List<@Nullable Object> made = new java.util.ArrayList<>();
        members.put(name, made);
        return made;
    }

    private List<?> list(String name) {
        return members.get(name) instanceof List<?> list ? list : List.of();
    }
}
