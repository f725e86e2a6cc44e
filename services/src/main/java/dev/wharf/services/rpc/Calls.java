package dev.wharf.services.rpc;

import com.google.protobuf.Empty;
import dev.wharf.wire.StatusMapper;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ways a service method answers; whatever the work throws becomes the call's status. */
public final class Calls {
    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

    /** Work without a result. */
    @FunctionalInterface
    public interface Work {
        /** Does it. */
        void run() throws Exception;
    }

    /**
     * Work that answers with any number of messages.
     *
     * @param <T> the message
     */
    @FunctionalInterface
    public interface StreamWork<T> {
        /** Does it. */
        void run(MessageStream<T> stream) throws Exception;
    }

    private Calls() {}

    /** Answers with what {@code work} gives. */
    public static <T> void answer(StreamObserver<T> response, Callable<T> work) {
        T message;
        try {
            message = work.call();
        } catch (Throwable failure) {
            response.onError(status(failure));
            return;
        }
        response.onNext(message);
        response.onCompleted();
    }

    /**
     * Answers with what {@code known} gives, if it gives something, else with what {@code work} gives, on a thread of
     * its own. For methods handled on the transport's thread, see {@link CallThreads}: {@code known} must not wait.
     */
    public static <T> void answerAtOnce(StreamObserver<T> response, Callable<Optional<T>> known, Callable<T> work) {
        Optional<T> message;
        try {
            message = known.call();
        } catch (Throwable failure) {
            response.onError(status(failure));
            return;
        }
        if (message.isPresent()) {
            response.onNext(message.get());
            response.onCompleted();
        } else {
            Thread.ofVirtual().name("call").start(Context.current().wrap(() -> answer(response, work)));
        }
    }

    /** Answers with an empty message once {@code work} is done. */
    public static void acknowledge(StreamObserver<Empty> response, Work work) {
        answer(response, () -> {
            work.run();
            return Empty.getDefaultInstance();
        });
    }

    /**
     * Answers with the messages {@code work} sends, on a thread of its own: the calling one must stay free, because the
     * transport tells it when the reader is ready and when the client goes.
     */
    public static <T> void stream(StreamObserver<T> response, StreamWork<T> work) {
        MessageStream<T> stream = new MessageStream<>((ServerCallStreamObserver<T>) response);
        Thread.ofVirtual().name("stream").start(Context.current().wrap(() -> run(stream, work)));
    }

    private static <T> void run(MessageStream<T> stream, StreamWork<T> work) {
        try {
            work.run(stream);
            stream.complete();
        } catch (Throwable failure) {
            if (stream.isCancelled()) {
                LOG.debug("stream ended by its client", failure);
            } else {
                stream.fail(status(failure));
            }
        }
    }

    /** The status of a failure, which is logged here if nobody throws such on purpose. */
    public static StatusRuntimeException status(Throwable failure) {
        if (StatusMapper.isUnexpected(failure)) {
            LOG.error("request failed unexpectedly", failure);
        }
        return StatusMapper.toStatus(failure);
    }
}
