package dev.wharf.wire;

import com.google.protobuf.Any;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.events.Envelope;
import dev.wharf.core.events.Event;

/** Events as messages in {@link Any}, and back. */
public final class EventCodec {
    private EventCodec() {}

    /** The event as a message with a bare type URL. */
    public static Any encode(Event event) {
        return EventEncoder.encode(event);
    }

    /** The message as an event: of a type that is not known, or bytes that are not it, a {@link Event.Foreign}. */
    public static Event decode(Any message) {
        return EventDecoder.decode(message);
    }

    /** The envelope as a message. */
    public static dev.wharf.api.types.Envelope encode(Envelope envelope) {
        return dev.wharf.api.types.Envelope.newBuilder()
                .setTimestamp(Times.toProto(envelope.timestamp()))
                .setNamespace(envelope.namespace())
                .setTopic(envelope.topic())
                .setEvent(encode(envelope.event()))
                .build();
    }

    /** The message as an envelope; {@code INVALID_ARGUMENT} when it has no time. */
    public static Envelope decode(dev.wharf.api.types.Envelope message) {
        if (!message.hasTimestamp()) {
            throw ErrorKind.INVALID_ARGUMENT.of("timestamp must be set on forwarded event");
        }
        return new Envelope(
                Times.fromProto(message.getTimestamp()),
                message.getNamespace(),
                message.getTopic(),
                decode(message.getEvent()));
    }
}
