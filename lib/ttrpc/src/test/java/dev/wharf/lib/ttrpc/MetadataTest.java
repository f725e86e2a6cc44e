package dev.wharf.lib.ttrpc;

import static dev.wharf.lib.ttrpc.EchoServer.blocking;
import static dev.wharf.lib.ttrpc.EchoService.word;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class MetadataTest {
    private static final Metadata.Key<String> NAMESPACE =
            Metadata.Key.of("containerd-namespace-ttrpc", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<byte[]> BINARY = Metadata.Key.of("trace-bin", Metadata.BINARY_BYTE_MARSHALLER);

    /** Keeps what it sees of a call. */
    private static final class Watching implements ServerInterceptor {
        final AtomicReference<Metadata> headers = new AtomicReference<>();
        final AtomicReference<ServerCall<?, ?>> call = new AtomicReference<>();

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> intercepted, Metadata received, ServerCallHandler<Q, A> next) {
            headers.set(received);
            call.set(intercepted);
            return Contexts.interceptCall(Context.current(), intercepted, received, next);
        }
    }

    @Test
    void headersReachInterceptors() throws Exception {
        Watching watching = new Watching();
        try (EchoServer echo = new EchoServer(settings -> settings.intercept(watching));
                TtrpcChannel channel = echo.connect()) {
            Metadata headers = new Metadata();
            headers.put(NAMESPACE, "k8s.io");
            headers.put(NAMESPACE, "second");
            headers.put(BINARY, new byte[] {0, -1, 7});
            blocking(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .say(word("x"));
            Metadata seen = Objects.requireNonNull(watching.headers.get());
            assertThat(seen.getAll(NAMESPACE)).containsExactly("k8s.io", "second");
            assertThat(seen.get(BINARY)).containsExactly(0, -1, 7);
        }
    }

    @Test
    void thePeerIsAnAttributeOfTheCall() throws Exception {
        Watching watching = new Watching();
        try (EchoServer echo = new EchoServer(settings -> settings.intercept(watching));
                TtrpcChannel channel = echo.connect()) {
            blocking(channel).say(word("x"));
            ServerCall<?, ?> call = Objects.requireNonNull(watching.call.get());
            assertThat(call.getAttributes().get(TtrpcServer.PEER_CREDENTIALS).user())
                    .isEqualTo(Files.getOwner(Path.of("/proc/self")));
            assertThat(call.getMethodDescriptor().getFullMethodName()).isEqualTo("wharf.ttrpc.test.Echo/Say");
        }
    }

    @Test
    void anInterceptorMayRefuse() throws Exception {
        ServerInterceptor refusing = new ServerInterceptor() {
            @Override
            public <Q, A> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                call.close(Status.FAILED_PRECONDITION.withDescription("namespace is required"), new Metadata());
                return new ServerCall.Listener<>() {};
            }
        };
        try (EchoServer echo = new EchoServer(settings -> settings.intercept(refusing));
                TtrpcChannel channel = echo.connect()) {
            var failure = EchoServer.failure(() -> blocking(channel).say(word("x")));
            assertThat(failure.getStatus())
                    .extracting(Status::getCode, Status::getDescription)
                    .containsExactly(Status.Code.FAILED_PRECONDITION, "namespace is required");
        }
    }
}
