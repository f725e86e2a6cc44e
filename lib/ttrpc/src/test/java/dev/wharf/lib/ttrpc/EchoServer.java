package dev.wharf.lib.ttrpc;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wharf.lib.ttrpc.test.EchoGrpc;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A server with the echo service on a socket of its own. */
final class EchoServer implements AutoCloseable {
    final EchoService service = new EchoService();
    final Path directory;
    final Path socket;
    final TtrpcServer server;

    EchoServer() throws IOException {
        this(UnaryOperator.identity());
    }

    EchoServer(UnaryOperator<TtrpcServer.Builder> settings) throws IOException {
        directory = Files.createTempDirectory("ttrpc");
        socket = directory.resolve("echo.sock");
        server = settings.apply(TtrpcServer.builder().add(service)).build();
        server.listen(socket, PosixFilePermissions.fromString("rw-rw----"));
    }

    TtrpcChannel connect() throws IOException {
        return TtrpcChannel.connect(socket, Duration.ofSeconds(10));
    }

    SocketChannel connectRaw() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    static EchoGrpc.EchoBlockingStub blocking(TtrpcChannel channel) {
        return EchoGrpc.newBlockingStub(channel);
    }

    static StatusRuntimeException failure(ThrowingCallable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call);
    }

    @Override
    public void close() throws IOException {
        service.release.countDown();
        server.close();
        Files.deleteIfExists(socket);
        Files.deleteIfExists(directory);
    }
}
