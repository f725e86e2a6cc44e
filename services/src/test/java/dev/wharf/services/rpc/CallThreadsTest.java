package dev.wharf.services.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.api.services.containers.v1.ContainersGrpc;
import dev.wharf.api.services.containers.v1.ListContainersRequest;
import dev.wharf.api.services.containers.v1.ListContainersResponse;
import dev.wharf.api.services.content.v1.ContentGrpc;
import dev.wharf.api.services.images.v1.ImagesGrpc;
import dev.wharf.api.services.version.v1.VersionGrpc;
import dev.wharf.core.error.ErrorKind;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CallThreadsTest {
    private static final Executor WAITING = work -> {};

    /** What an observer was told, and by which thread. */
    private record Told(Object what, Thread by) {}

    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();

    private final StreamObserver<Object> observer = new StreamObserver<>() {
        @Override
        public void onNext(Object message) {
            told.add(new Told(message, Thread.currentThread()));
        }

        @Override
        public void onError(Throwable failure) {
            told.add(new Told(failure, Thread.currentThread()));
        }

        @Override
        public void onCompleted() {
            told.add(new Told("completed", Thread.currentThread()));
        }
    };

    private Told next() throws InterruptedException {
        Told next = told.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("an answer").isNotNull();
        return next;
    }

    /** A call of which only the method is known. */
    private static final class CallOf<Q, A> extends ServerCall<Q, A> {
        private final MethodDescriptor<Q, A> method;
        private Status closed = Status.OK;

        CallOf(MethodDescriptor<Q, A> method) {
            this.method = method;
        }

        @Override
        public void request(int messages) {}

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void sendMessage(A message) {}

        @Override
        public void close(Status status, Metadata trailers) {
            closed = status;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public MethodDescriptor<Q, A> getMethodDescriptor() {
            return method;
        }
    }

    private static @Nullable Executor executorOf(MethodDescriptor<?, ?> method) {
        return new CallThreads(WAITING).getExecutor(new CallOf<>(method), new Metadata());
    }

    @Test
    void theReaderTakesInCallsOfOneRequestAndOneAnswer() {
        assertThat(executorOf(VersionGrpc.getVersionMethod())).isSameAs(CallThreads.READER);
        assertThat(executorOf(ImagesGrpc.getCreateMethod())).isSameAs(CallThreads.READER);
        assertThat(executorOf(ContainersGrpc.getListStreamMethod())).isSameAs(WAITING);
        assertThat(executorOf(ContentGrpc.getWriteMethod())).isSameAs(WAITING);
    }

    /** What of a whole call of this method has happened when the reader is done with it. */
    private static <Q, A> List<String> readerSees(MethodDescriptor<Q, A> method, List<Runnable> handed) {
        List<String> events = new ArrayList<>();
        ServerCall.Listener<Q> listener = new CallThreads(handed::add)
                .interceptCall(new CallOf<>(method), new Metadata(), (call, headers) -> new ServerCall.Listener<>() {
                    @Override
                    public void onHalfClose() {
                        events.add("handled " + KEY.get());
                    }
                });
        Context.current().withValue(KEY, "value").run(listener::onHalfClose);
        return events;
    }

    private static final Context.Key<String> KEY = Context.keyWithDefault("key", "none");

    @Test
    void onlyMethodsThatNeverWaitAreHandledByTheReader() {
        List<Runnable> handed = new ArrayList<>();
        assertThat(readerSees(VersionGrpc.getVersionMethod(), handed)).containsExactly("handled value");
        assertThat(readerSees(ContainersGrpc.getGetMethod(), handed)).containsExactly("handled value");
        assertThat(readerSees(ImagesGrpc.getGetMethod(), handed)).containsExactly("handled value");
        assertThat(handed).isEmpty();
    }

    @Test
    void allOthersAreHandedOnInTheSameContext() {
        List<Runnable> handed = new ArrayList<>();
        List<String> events = readerSees(ContainersGrpc.getListMethod(), handed);
        assertThat(events).isEmpty();

        handed.forEach(Runnable::run);

        assertThat(events).containsExactly("handled value");
    }

    @Test
    void aFailureThatNoServiceAnsweredEndsTheCall() {
        CallOf<ListContainersRequest, ListContainersResponse> waiting = new CallOf<>(ContainersGrpc.getListMethod());
        ServerCall.Listener<ListContainersRequest> listener = new CallThreads(CallThreads.READER)
                .interceptCall(waiting, new Metadata(), (ignored, headers) -> new ServerCall.Listener<>() {
                    @Override
                    public void onHalfClose() {
                        throw ErrorKind.NOT_FOUND.of("not there");
                    }
                });

        listener.onHalfClose();

        assertThat(waiting.closed.getCode()).isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    void whatIsKnownIsAnsweredByTheCaller() throws Exception {
        Calls.answerAtOnce(observer, () -> Optional.of("known"), () -> "work");

        assertThat(next()).isEqualTo(new Told("known", Thread.currentThread()));
        assertThat(next().what()).isEqualTo("completed");
    }

    @Test
    void whatIsNotKnownIsAnsweredByAThreadOfItsOwnInTheSameContext() throws Exception {
        Context.Key<String> key = Context.key("key");

        Context.current()
                .withValue(key, "value")
                .run(() -> Calls.answerAtOnce(observer, Optional::empty, () -> "work " + key.get()));

        Told answer = next();
        assertThat(answer.what()).isEqualTo("work value");
        assertThat(answer.by().isVirtual()).isTrue();
        assertThat(next().what()).isEqualTo("completed");
    }

    @Test
    void failuresBecomeStatusesEitherWay() throws Exception {
        Calls.answerAtOnce(
                observer,
                () -> {
                    throw new IllegalStateException("known");
                },
                () -> "work");
        Calls.answerAtOnce(observer, Optional::empty, () -> {
            throw new IllegalStateException("work");
        });

        assertThat(next().what()).isInstanceOf(StatusRuntimeException.class);
        assertThat(next().what()).isInstanceOf(StatusRuntimeException.class);
    }
}
