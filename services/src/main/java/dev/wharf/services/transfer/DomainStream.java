package dev.wharf.services.transfer;

import com.google.protobuf.Any;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.streaming.Stream;
import dev.wharf.core.typeurl.TypedValue;
import dev.wharf.streams.MessageStream;
import dev.wharf.wire.AnyMessages;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A stream of the domain, for bytes to go over.
 *
 * @param stream the stream itself
 */
record DomainStream(Stream stream) implements MessageStream {
    @Override
    public void send(Any message) {
        stream.send(AnyMessages.fromProto(message));
    }

    @Override
    public @Nullable Any receive(Duration most) {
        TypedValue value = stream.receive(most);
        return value == null ? null : AnyMessages.toProto(value);
    }

    @Override
    public RuntimeException violation(String what) {
        return ErrorKind.INVALID_ARGUMENT.of(what);
    }

    @Override
    public RuntimeException gone(String what) {
        return ErrorKind.CANCELLED.of(what);
    }
}
