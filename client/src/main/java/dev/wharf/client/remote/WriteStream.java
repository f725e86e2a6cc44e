package dev.wharf.client.remote;

import dev.wharf.api.services.content.v1.ContentGrpc;
import dev.wharf.api.services.content.v1.WriteContentRequest;
import dev.wharf.api.services.content.v1.WriteContentResponse;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One stream of write requests, used as calls: a request, then its answer. For one thread.
 *
 * <p>At most one request is under way, so the queue of answers holds at most that one answer and the end.
 */
final class WriteStream implements ClientResponseObserver<WriteContentRequest, WriteContentResponse> {
    /** How long one request may take; the commit of a big blob makes it durable and may hash it again. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** How long closing waits for the daemon to give the ingest back. */
    private static final Duration CLOSING = Duration.ofSeconds(10);

    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private @Nullable ClientCallStreamObserver<WriteContentRequest> requests;
    private boolean ended;

    private sealed interface Answer {
        record Message(WriteContentResponse message) implements Answer {}

        record End(@Nullable Throwable failure) implements Answer {}
    }

    private WriteStream() {}

    static WriteStream open(Channel channel, Context ctx) {
        WriteStream stream = new WriteStream();
        Calls.unlimited(ContentGrpc.newStub(channel), ctx).write(stream);
        return stream;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<WriteContentRequest> call) {
        requests = call;
    }

    @Override
    public void onNext(WriteContentResponse message) {
        answers.add(new Answer.Message(message));
    }

    @Override
    public void onError(Throwable failure) {
        answers.add(new Answer.End(failure));
    }

    @Override
    public void onCompleted() {
        answers.add(new Answer.End(null));
    }

    WriteContentResponse exchange(WriteContentRequest request) {
        if (ended) {
            throw ErrorKind.FAILED_PRECONDITION.of("write after the end of the stream");
        }
        try {
            call().onNext(request);
        } catch (IllegalStateException e) {
            // The call is over already; why, is in the queue.
        }
        return switch (take(PATIENCE)) {
            case Answer.Message answer -> answer.message();
            case Answer.End end -> throw failure(end);
        };
    }

    /** Ends the stream and waits until the daemon has let go of the ingest. */
    void close() {
        if (ended) {
            return;
        }
        try {
            call().onCompleted();
        } catch (IllegalStateException e) {
            // The call is over already, which is what is wanted.
        }
        try {
            while (!ended && take(CLOSING) instanceof Answer.Message) {}
        } catch (WharfException e) {
            ended = true;
        }
    }

    private WharfException failure(Answer.End end) {
        ended = true;
        Throwable failure = end.failure();
        return failure == null ? ErrorKind.UNAVAILABLE.of("daemon ended the stream of writes") : Calls.failure(failure);
    }

    private Answer take(Duration patience) {
        try {
            Answer answer = answers.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
            if (answer == null) {
                call().cancel("no answer in time", null);
                throw ErrorKind.DEADLINE_EXCEEDED.of("no answer to a write within " + patience);
            }
            ended = ended || answer instanceof Answer.End;
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            call().cancel("interrupted", e);
            throw ErrorKind.CANCELLED.of("write", e);
        }
    }

    private ClientCallStreamObserver<WriteContentRequest> call() {
        if (requests == null) {
            throw new IllegalStateException("the stub did not start the call");
        }
        return requests;
    }
}
