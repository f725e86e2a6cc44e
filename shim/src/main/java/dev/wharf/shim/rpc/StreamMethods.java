package dev.wharf.shim.rpc;

import com.google.protobuf.Any;
import dev.wharf.api.services.streaming.v1.StreamingGrpc;
import dev.wharf.streams.StreamCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;

/** The streaming service: clients open streams, which other calls refer to. */
final class StreamMethods implements ServerCallHandler<Any, Any> {
    /** How long a stream may wait for a call that uses it. */
    private static final Duration UNCLAIMED = Duration.ofMinutes(1);

    private final OpenStreams streams;
    private final String unnamed;

    private StreamMethods(OpenStreams streams, String unnamed) {
        this.streams = streams;
        this.unnamed = unnamed;
    }

    /** @param unnamed the namespace of callers that name none; empty where their streams are those of all */
    static ServerServiceDefinition of(OpenStreams streams, String unnamed) {
        return ServerServiceDefinition.builder(StreamingGrpc.SERVICE_NAME)
                .addMethod(StreamingGrpc.getStreamMethod(), new StreamMethods(streams, unnamed))
                .build();
    }

    @Override
    public ServerCall.Listener<Any> startCall(ServerCall<Any, Any> call, Metadata headers) {
        String namespace = UnaryHandler.namespace(headers, unnamed);
        return ServerCalls.asyncBidiStreamingCall((StreamObserver<Any> responses) ->
                        StreamCall.open(streams.in(namespace), (ServerCallStreamObserver<Any>) responses, UNCLAIMED))
                .startCall(call, headers);
    }
}
