package dev.wharf.services.transfer;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.typeurl.TypedValue;
import dev.wharf.wire.AnyMessages;

/** Messages in typed values. */
final class Messages {
    private Messages() {}

    static TypedValue typed(Message message) {
        return new TypedValue(message.getDescriptorForType().getFullName(), message.toByteArray());
    }

    static boolean is(TypedValue value, Message type) {
        return AnyMessages.typeName(value.typeUrl())
                .equals(type.getDescriptorForType().getFullName());
    }

    /** The message; {@code INVALID_ARGUMENT} when the value is another, or broken. */
    static <T extends Message> T parse(TypedValue value, T type, Parser<T> parser) {
        if (!is(value, type)) {
            throw ErrorKind.INVALID_ARGUMENT.of(
                    "expected " + type.getDescriptorForType().getFullName() + " over a stream, not " + value.typeUrl());
        }
        try {
            return parser.parseFrom(value.value());
        } catch (InvalidProtocolBufferException e) {
            throw ErrorKind.INVALID_ARGUMENT.of("message " + value.typeUrl(), e);
        }
    }
}
