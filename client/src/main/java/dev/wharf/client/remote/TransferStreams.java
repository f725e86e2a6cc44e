package dev.wharf.client.remote;

import dev.wharf.api.types.transfer.AuthRequest;
import dev.wharf.api.types.transfer.AuthResponse;
import dev.wharf.api.types.transfer.AuthType;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.transfer.Progress;
import dev.wharf.core.transfer.RegistryAccess;
import dev.wharf.streams.WindowedOutput;
import dev.wharf.wire.DescriptorMessages;
import io.grpc.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The streams of one transfer, each served by a thread until the daemon ends it or the transfer is closed. */
final class TransferStreams implements AutoCloseable {
    /** Longer than any transfer: the daemon ends its streams when the transfer is over, or goes. */
    private static final Duration LIFE = Duration.ofDays(7);

    /** How long the last steps of a transfer that is over may take to arrive. */
    private static final Duration LAST_STEPS = Duration.ofSeconds(2);

    private static final int CHUNK = 32 << 10;
    private static final String HUB = "docker.io";
    private static final String HUB_HOST = "registry-1.docker.io";

    private final Channel channel;
    private final Context ctx;
    private final List<RemoteStream> streams = new ArrayList<>();
    private final List<Thread> steps = new ArrayList<>();

    /** Why this side broke off: of more use than what the daemon then says. */
    private final AtomicReference<@Nullable WharfException> failure = new AtomicReference<>();

    TransferStreams(Channel channel, Context ctx) {
        this.channel = channel;
        this.ctx = ctx;
    }

    /** A stream over which the daemon tells its progress. */
    String progress(Progress.Listener listener) {
        RemoteStream stream = open();
        steps.add(serve("progress", stream, () -> {
            var type = dev.wharf.api.types.transfer.Progress.getDefaultInstance();
            for (var step = stream.receive(LIFE, type, type.getParserForType());
                    step != null;
                    step = stream.receive(LIFE, type, type.getParserForType())) {
                listener.on(step(step));
            }
        }));
        return stream.name();
    }

    private static Progress step(dev.wharf.api.types.transfer.Progress step) {
        return new Progress(
                step.getEvent(),
                step.getName(),
                step.getParentsList(),
                step.getProgress(),
                step.getTotal(),
                step.hasDesc() ? DescriptorMessages.fromProto(step.getDesc()) : null);
    }

    /** A stream over which the daemon asks for credentials. */
    String credentials(RegistryAccess.CredentialSource credentials) {
        RemoteStream stream = open();
        Thread unused = serve("credentials", stream, () -> {
            AuthRequest type = AuthRequest.getDefaultInstance();
            for (AuthRequest question = stream.receive(LIFE, type, AuthRequest.parser());
                    question != null;
                    question = stream.receive(LIFE, type, AuthRequest.parser())) {
                stream.send(answer(credentials, question));
            }
        });
        return stream.name();
    }

    private static AuthResponse answer(RegistryAccess.CredentialSource credentials, AuthRequest question) {
        String host = question.getHost().equals(HUB_HOST) ? HUB : question.getHost();
        Optional<RegistryAccess.Secret> secret = credentials.of(host, question.getReference());
        if (secret.isEmpty()) {
            return AuthResponse.newBuilder().setAuthType(AuthType.NONE).build();
        }
        return AuthResponse.newBuilder()
                .setAuthType(secret.get().user().isEmpty() ? AuthType.REFRESH : AuthType.CREDENTIALS)
                .setUsername(secret.get().user())
                .setSecret(secret.get().value())
                .build();
    }

    /** A stream over which the daemon reads bytes, as far as it opens its window. */
    String bytes(InputStream bytes) {
        RemoteStream stream = open();
        Thread unused = serve("archive", stream, () -> {
            copy(bytes, new WindowedOutput(stream, LIFE));
            stream.finish();
        });
        return stream.name();
    }

    private static void copy(InputStream bytes, WindowedOutput to) {
        byte[] buffer = new byte[CHUNK];
        try {
            for (int count; (count = bytes.readNBytes(buffer, 0, buffer.length)) > 0; ) {
                to.write(buffer, 0, count);
            }
        } catch (IOException e) {
            throw ErrorKind.ABORTED.of("read the archive: " + e.getMessage(), e);
        }
    }

    private RemoteStream open() {
        RemoteStream stream = RemoteStream.open(channel, ctx);
        streams.add(stream);
        return stream;
    }

    private Thread serve(String what, RemoteStream stream, Runnable work) {
        return Thread.ofVirtual().name("transfer-" + what).start(() -> {
            try {
                work.run();
            } catch (WharfException e) {
                // That a stream was ended from the other side the transfer tells better itself.
                if (e.kind() != ErrorKind.CANCELLED && e.kind() != ErrorKind.UNAVAILABLE) {
                    failure.compareAndSet(null, e);
                }
                stream.close();
            }
        });
    }

    /** The failure of a transfer: this side's own, if there was one. */
    WharfException failed(WharfException ofTransfer) {
        WharfException own = failure.get();
        if (own == null) {
            return ofTransfer;
        }
        own.addSuppressed(ofTransfer);
        return own;
    }

    /** Waits for the last steps of progress and ends the streams. */
    @Override
    public void close() {
        try {
            for (Thread thread : steps) {
                boolean ended = thread.join(LAST_STEPS);
                assert ended || thread.isAlive();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            streams.forEach(RemoteStream::close);
        }
    }
}
