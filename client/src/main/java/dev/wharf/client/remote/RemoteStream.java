package dev.wharf.client.remote;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.wharf.api.services.streaming.v1.StreamInit;
import dev.wharf.api.services.streaming.v1.StreamingGrpc;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.streams.Envelopes;
import dev.wharf.streams.MessageStream;
import dev.wharf.wire.AnyMessages;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a daemon's Streaming service, which other calls refer to by its name. One thread may receive, one other
 * may send.
 *
 * <p>The daemon is asked for one message at a time, so the queue holds at most that and the end.
 */
final class RemoteStream implements MessageStream, ClientResponseObserver<Any, Any>, AutoCloseable {
    /** How long the daemon may take to make the stream known. */
    private static final Duration OPENING = Duration.ofSeconds(30);

    private final String name = "wharf-" + UUID.randomUUID();
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private @Nullable ClientCallStreamObserver<Any> call;

    private sealed interface Arrival {
        record Value(Any message) implements Arrival {}

        record End(@Nullable Throwable failure) implements Arrival {}
    }

    private RemoteStream() {}

    /** Opens a stream; returns when the daemon knows it. */
    static RemoteStream open(Channel channel, Context ctx) {
        RemoteStream stream = new RemoteStream();
        Calls.unlimited(StreamingGrpc.newStub(channel), ctx).stream(stream);
        try {
            stream.send(StreamInit.newBuilder().setId(stream.name).build());
            if (stream.receive(OPENING) == null) {
                throw ErrorKind.UNAVAILABLE.of("the daemon ended a stream it was to open");
            }
            return stream;
        } catch (WharfException e) {
            stream.close();
            throw e;
        }
    }

    /** What other calls name it by. */
    String name() {
        return name;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Any> started) {
        call = started;
        started.disableAutoRequestWithInitial(1);
    }

    @Override
    public void onNext(Any message) {
        arrivals.add(new Arrival.Value(message));
    }

    @Override
    public void onError(Throwable failure) {
        arrivals.add(new Arrival.End(failure));
    }

    @Override
    public void onCompleted() {
        arrivals.add(new Arrival.End(null));
    }

    /** Sends a message; {@code CANCELLED} when the stream is over. */
    void send(Message message) {
        send(Envelopes.of(message));
    }

    @Override
    public void send(Any message) {
        try {
            call().onNext(message);
        } catch (IllegalStateException e) {
            throw ErrorKind.CANCELLED.of("send over a stream that has ended", e);
        }
    }

    /** The next message, or null when the daemon sends no more; {@code DEADLINE_EXCEEDED} when none came in time. */
    @Override
    public @Nullable Any receive(Duration most) {
        try {
            Arrival arrival = arrivals.poll(most.toNanos(), TimeUnit.NANOSECONDS);
            return switch (arrival) {
                case null -> throw ErrorKind.DEADLINE_EXCEEDED.of("no message over a stream within " + most);
                case Arrival.Value value -> {
                    call().request(1);
                    yield value.message();
                }
                case Arrival.End end -> {
                    arrivals.add(end);
                    if (end.failure() != null) {
                        throw Calls.failure(end.failure());
                    }
                    yield null;
                }
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorKind.CANCELLED.of("wait for a message", e);
        }
    }

    @Override
    public RuntimeException violation(String what) {
        return ErrorKind.INVALID_ARGUMENT.of(what);
    }

    /** That the daemon reads no more, because the transfer is over: it tells why itself. */
    @Override
    public RuntimeException gone(String what) {
        return ErrorKind.CANCELLED.of(what);
    }

    /** As above, as a message of one type; {@code INVALID_ARGUMENT} when another came. */
    <T extends Message> @Nullable T receive(Duration most, T type, Parser<T> parser) {
        Any message = receive(most);
        if (message == null) {
            return null;
        }
        String wanted = type.getDescriptorForType().getFullName();
        try {
            if (AnyMessages.typeName(message.getTypeUrl()).equals(wanted)) {
                return parser.parseFrom(message.getValue());
            }
        } catch (InvalidProtocolBufferException e) {
            throw ErrorKind.INVALID_ARGUMENT.of("read a " + wanted, e);
        }
        throw ErrorKind.INVALID_ARGUMENT.of("the daemon sent " + message.getTypeUrl() + " where " + wanted + " is due");
    }

    /** Tells the daemon that no more is sent. */
    void finish() {
        try {
            call().onCompleted();
        } catch (IllegalStateException e) {
            // The stream is over already, which is what is wanted.
        }
    }

    /** Ends the stream. */
    @Override
    public void close() {
        call().cancel("closed", null);
    }

    private ClientCallStreamObserver<Any> call() {
        if (call == null) {
            throw new IllegalStateException("the stub did not start the call");
        }
        return call;
    }
}
