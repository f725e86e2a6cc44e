package dev.wharf.services.transfer;

import dev.wharf.api.types.transfer.AuthRequest;
import dev.wharf.api.types.transfer.AuthResponse;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.streaming.Stream;
import dev.wharf.core.transfer.RegistryAccess;
import dev.wharf.core.typeurl.TypedValue;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Asks the client for credentials, one question at a time. */
final class StreamCredentials implements RegistryAccess.CredentialSource {
    /** A person may have to answer. */
    private static final Duration ANSWER = Duration.ofMinutes(2);

    /** Clients know Docker Hub by the host of its API. */
    private static final String HUB = "docker.io";

    private static final String HUB_HOST = "registry-1.docker.io";

    private final Stream stream;
    private final Semaphore turn = new Semaphore(1);

    StreamCredentials(Stream stream) {
        this.stream = stream;
    }

    @Override
    public Optional<RegistryAccess.Secret> of(String host, String reference) {
        try {
            turn.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorKind.CANCELLED.of("ask the client for credentials", e);
        }
        try {
            stream.send(Messages.typed(AuthRequest.newBuilder()
                    .setHost(host.equals(HUB) ? HUB_HOST : host)
                    .setReference(reference)
                    .build()));
            return secret(stream.receive(ANSWER), host);
        } finally {
            turn.release();
        }
    }

    private static Optional<RegistryAccess.Secret> secret(@Nullable TypedValue answer, String host) {
        if (answer == null) {
            return Optional.empty();
        }
        AuthResponse response = Messages.parse(answer, AuthResponse.getDefaultInstance(), AuthResponse.parser());
        return switch (response.getAuthType()) {
            case NONE, UNRECOGNIZED -> Optional.empty();
            case CREDENTIALS -> Optional.of(new RegistryAccess.Secret(response.getUsername(), response.getSecret()));
            case REFRESH ->
                response.getSecret().isEmpty()
                        ? Optional.empty()
                        : Optional.of(new RegistryAccess.Secret("", response.getSecret()));
            case HEADER ->
                throw ErrorKind.NOT_IMPLEMENTED.of(
                        "an authorization header for " + host + "; give user and password, or a token");
        };
    }
}
