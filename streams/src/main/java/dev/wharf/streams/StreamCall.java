package dev.wharf.streams;

import com.google.protobuf.Any;
import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.wharf.api.services.streaming.v1.StreamInit;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A call of Stream as both its ends see it: the transport tells what comes, this side sends and receives.
 *
 * <p>Failures are {@link StatusRuntimeException}s: CANCELLED when the stream is over, DEADLINE_EXCEEDED when the client
 * neither reads nor sends.
 */
public final class StreamCall implements MessageStream, StreamObserver<Any>, AutoCloseable {
    /** How long the client may take no more before the stream counts as broken. */
    private static final Duration SEND = Duration.ofMinutes(10);

    private final Directory directory;
    private final ServerCallStreamObserver<Any> responses;
    private final Duration unclaimed;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Serializes what is written to {@link #responses}, which takes one message at a time and never blocks. */
    private final ReentrantLock writing = new ReentrantLock();

    /** Guarded by lock. */
    private @Nullable Registration registration;

    /** The message that came and nobody took yet. Guarded by lock. */
    private @Nullable Any next;

    /** Whether a message was asked for that has not come. Guarded by lock. */
    private boolean asked = true;

    /** Guarded by lock. */
    private boolean claimed;

    /** Whether the client sends no more. Guarded by lock. */
    private boolean finished;

    /** Whether the call is over. Guarded by lock. */
    private boolean ended;

    /** Where streams are known by their names. */
    public interface Directory {
        /** Makes a stream known; what it throws ends the call. */
        Registration register(String name, StreamCall stream);

        /** The status a client gets of what {@link #register} threw. */
        StatusRuntimeException status(RuntimeException failure);
    }

    /** That a stream is known by its name. */
    @FunctionalInterface
    public interface Registration {
        /** Forgets the stream. */
        void end();
    }

    private StreamCall(Directory directory, ServerCallStreamObserver<Any> responses, Duration unclaimed) {
        this.directory = directory;
        this.responses = responses;
        this.unclaimed = unclaimed;
    }

    /**
     * Takes a call; must be called while the service method runs.
     *
     * @param unclaimed how long the stream may wait for somebody to use it
     */
    public static StreamCall open(Directory directory, ServerCallStreamObserver<Any> responses, Duration unclaimed) {
        StreamCall stream = new StreamCall(directory, responses, unclaimed);
        responses.disableAutoRequest();
        responses.setOnReadyHandler(stream::wake);
        responses.setOnCancelHandler(stream::gone);
        responses.request(1);
        return stream;
    }

    // What the transport tells.

    @Override
    public void onNext(Any message) {
        if (registered()) {
            arrived(message);
        } else {
            begin(message);
        }
    }

    @Override
    public void onError(Throwable failure) {
        gone();
    }

    @Override
    public void onCompleted() {
        lock.lock();
        try {
            finished = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (!registered()) {
            end(invalid("the first message of a stream is its StreamInit, and none came"));
        }
    }

    private boolean registered() {
        lock.lock();
        try {
            return registration != null;
        } finally {
            lock.unlock();
        }
    }

    private void begin(Any first) {
        try {
            Registration made = directory.register(name(first), this);
            lock.lock();
            try {
                registration = made;
                asked = false;
            } finally {
                lock.unlock();
            }
            write(Envelopes.of(Empty.getDefaultInstance()));
            Thread.ofVirtual().name("stream-claim").start(this::closeUnlessClaimed);
        } catch (RuntimeException failure) {
            end(failure instanceof StatusRuntimeException e ? e : directory.status(failure));
        }
    }

    private static String name(Any first) {
        if (!Envelopes.is(first, StreamInit.getDefaultInstance())) {
            throw invalid("the first message of a stream is its StreamInit, not " + first.getTypeUrl());
        }
        try {
            return StreamInit.parseFrom(first.getValue()).getId();
        } catch (InvalidProtocolBufferException e) {
            throw invalid("StreamInit: " + e.getMessage());
        }
    }

    private void arrived(Any message) {
        lock.lock();
        try {
            next = message;
            asked = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void gone() {
        boolean first = forget();
        assert first || isOver();
    }

    private boolean isOver() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    private void closeUnlessClaimed() {
        long left = unclaimed.toNanos();
        lock.lock();
        try {
            while (!claimed && !ended && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (claimed || ended) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        end(expired("nobody used the stream for " + unclaimed));
    }

    // What this side does.

    /** Says that somebody uses the stream now: one that nobody claims is closed after a while. */
    public void claim() {
        lock.lock();
        try {
            claimed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void send(Any message) {
        awaitReader();
        write(message);
    }

    private void awaitReader() {
        long left = SEND.toNanos();
        lock.lock();
        try {
            while (!ended && !responses.isReady()) {
                if (left <= 0) {
                    throw expired("the client has not read its stream for " + SEND);
                }
                left = changed.awaitNanos(left);
            }
            if (ended) {
                throw over();
            }
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            lock.unlock();
        }
    }

    private void write(Any message) {
        writing.lock();
        try {
            responses.onNext(message);
        } catch (IllegalStateException e) {
            throw over();
        } finally {
            writing.unlock();
        }
    }

    @Override
    public @Nullable Any receive(Duration most) {
        ask();
        long left = most.toNanos();
        lock.lock();
        try {
            while (next == null && !finished && !ended) {
                if (left <= 0) {
                    throw expired("the client has sent nothing over its stream for " + most);
                }
                left = changed.awaitNanos(left);
            }
            Any message = next;
            next = null;
            if (message == null && !finished) {
                throw over();
            }
            return message;
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            lock.unlock();
        }
    }

    private void ask() {
        lock.lock();
        try {
            if (asked || next != null || finished || ended) {
                return;
            }
            asked = true;
        } finally {
            lock.unlock();
        }
        responses.request(1);
    }

    @Override
    public RuntimeException violation(String what) {
        return invalid(what);
    }

    @Override
    public RuntimeException gone(String what) {
        return cancelled(what);
    }

    /** Ends the stream, for the client too. Does nothing when it has ended. */
    @Override
    public void close() {
        end(null);
    }

    /** Ends the stream with a failure, so that the client does not take what it got for all of it. */
    public void fail(StatusRuntimeException failure) {
        end(failure);
    }

    private void end(@Nullable StatusRuntimeException failure) {
        if (!forget()) {
            return;
        }
        writing.lock();
        try {
            if (failure == null) {
                responses.onCompleted();
            } else {
                responses.onError(failure);
            }
        } catch (IllegalStateException e) {
            // The client was faster: the call is over.
        } finally {
            writing.unlock();
        }
    }

    /** Ends the stream for this side; answers whether it had not ended before. */
    private boolean forget() {
        Registration made;
        lock.lock();
        try {
            if (ended) {
                return false;
            }
            ended = true;
            made = registration;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (made != null) {
            made.end();
        }
        return true;
    }

    // The endings are those containerd's clients look for.

    private static StatusRuntimeException invalid(String text) {
        return Status.INVALID_ARGUMENT
                .withDescription(text + ": invalid argument")
                .asRuntimeException();
    }

    private static StatusRuntimeException expired(String text) {
        return Status.DEADLINE_EXCEEDED
                .withDescription(text + ": context deadline exceeded")
                .asRuntimeException();
    }

    private static StatusRuntimeException over() {
        return cancelled("the stream has ended");
    }

    private static StatusRuntimeException cancelled(String text) {
        return Status.CANCELLED.withDescription(text + ": context canceled").asRuntimeException();
    }

    private static StatusRuntimeException interrupted() {
        Thread.currentThread().interrupt();
        return cancelled("use a stream");
    }
}
