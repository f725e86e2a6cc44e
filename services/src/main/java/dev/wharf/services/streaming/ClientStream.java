package dev.wharf.services.streaming;

import dev.wharf.core.streaming.Stream;
import dev.wharf.core.streaming.StreamManager;
import dev.wharf.core.typeurl.TypedValue;
import dev.wharf.services.rpc.Calls;
import dev.wharf.services.rpc.Requests;
import dev.wharf.streams.StreamCall;
import dev.wharf.wire.AnyMessages;
import dev.wharf.wire.StatusMapper;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A client's stream as the domain has it.
 *
 * @param call the call behind it
 */
record ClientStream(StreamCall call) implements Stream {
    /** Makes the streams of calls known to the domain. */
    record Directory(StreamManager streams) implements StreamCall.Directory {
        @Override
        public StreamCall.Registration register(String name, StreamCall call) {
            StreamManager.Registration made = streams.register(Requests.context(), name, new ClientStream(call));
            return made::close;
        }

        @Override
        public StatusRuntimeException status(RuntimeException failure) {
            return Calls.status(failure);
        }
    }

    @Override
    public void send(TypedValue value) {
        try {
            call.send(AnyMessages.toProto(value));
        } catch (StatusRuntimeException e) {
            throw StatusMapper.fromStatus(e);
        }
    }

    @Override
    public @Nullable TypedValue receive(Duration most) {
        try {
            var message = call.receive(most);
            return message == null ? null : AnyMessages.fromProto(message);
        } catch (StatusRuntimeException e) {
            throw StatusMapper.fromStatus(e);
        }
    }

    @Override
    public void claim() {
        call.claim();
    }

    @Override
    public void close() {
        call.close();
    }
}
