package dev.wharf.streams;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;

/** Messages with their type, as containerd writes it: the bare name. */
public final class Envelopes {
    private static final String GOOGLE_PREFIX = "type.googleapis.com/";

    private Envelopes() {}

    /** A message with its type. */
    public static Any of(Message message) {
        return Any.newBuilder()
                .setTypeUrl(message.getDescriptorForType().getFullName())
                .setValue(message.toByteString())
                .build();
    }

    /** Whether it holds a message of this type, whose name peers write with or without protobuf's usual prefix. */
    public static boolean is(Any envelope, Message type) {
        String url = envelope.getTypeUrl();
        String name = url.startsWith(GOOGLE_PREFIX) ? url.substring(GOOGLE_PREFIX.length()) : url;
        return name.equals(type.getDescriptorForType().getFullName());
    }

    /** The message; the stream's own failure when it is another, or broken. */
    static <T extends Message> T open(MessageStream from, Any envelope, T type, Parser<T> parser) {
        if (!is(envelope, type)) {
            throw from.violation("expected " + type.getDescriptorForType().getFullName() + " over a stream, not "
                    + envelope.getTypeUrl());
        }
        try {
            return parser.parseFrom(envelope.getValue());
        } catch (InvalidProtocolBufferException e) {
            throw from.violation("message " + envelope.getTypeUrl() + ": " + e.getMessage());
        }
    }
}
