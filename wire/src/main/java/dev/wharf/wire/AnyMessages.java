package dev.wharf.wire;

import com.google.protobuf.Any;
import com.google.protobuf.UnsafeByteOperations;
import dev.wharf.core.typeurl.TypedValue;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Typed values: type URL and bytes are carried over as they are. */
public final class AnyMessages {
    private static final String GOOGLE_PREFIX = "type.googleapis.com/";

    private AnyMessages() {}

    /** The value as a message, sharing its bytes. */
    public static Any toProto(TypedValue value) {
        return Any.newBuilder()
                .setTypeUrl(value.typeUrl())
                .setValue(UnsafeByteOperations.unsafeWrap(value.value()))
                .build();
    }

    /** The values as messages. */
    public static Map<String, Any> toProto(Map<String, TypedValue> values) {
        Map<String, Any> messages = new HashMap<>();
        values.forEach((key, value) -> messages.put(key, toProto(value)));
        return messages;
    }

    /** The message as a value. */
    public static TypedValue fromProto(Any message) {
        return new TypedValue(message.getTypeUrl(), message.getValue().toByteArray());
    }

    /** The message as a value, or null when {@code present} is false. */
    public static @Nullable TypedValue fromProto(boolean present, Any message) {
        return present ? fromProto(message) : null;
    }

    /** The messages as values. */
    public static Map<String, TypedValue> fromProto(Map<String, Any> messages) {
        Map<String, TypedValue> values = new HashMap<>();
        messages.forEach((key, message) -> values.put(key, fromProto(message)));
        return values;
    }

    /** The name of the message type in a type URL, which peers write with or without protobuf's usual prefix. */
    public static String typeName(String typeUrl) {
        return typeUrl.startsWith(GOOGLE_PREFIX) ? typeUrl.substring(GOOGLE_PREFIX.length()) : typeUrl;
    }
}
