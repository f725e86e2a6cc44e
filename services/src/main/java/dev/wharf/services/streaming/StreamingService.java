package dev.wharf.services.streaming;

import com.google.protobuf.Any;
import dev.wharf.api.services.streaming.v1.StreamingGrpc;
import dev.wharf.core.streaming.StreamManager;
import dev.wharf.streams.StreamCall;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;

/** Opens streams. */
public final class StreamingService extends StreamingGrpc.StreamingImplBase {
    private final StreamCall.Directory directory;
    private final Duration unclaimed;

    /**
     * A service that registers streams.
     *
     * @param unclaimed how long a stream may wait for somebody to use it
     */
    public StreamingService(StreamManager streams, Duration unclaimed) {
        this.directory = new ClientStream.Directory(streams);
        this.unclaimed = unclaimed;
    }

    @Override
    public StreamObserver<Any> stream(StreamObserver<Any> responses) {
        return StreamCall.open(directory, (ServerCallStreamObserver<Any>) responses, unclaimed);
    }
}
