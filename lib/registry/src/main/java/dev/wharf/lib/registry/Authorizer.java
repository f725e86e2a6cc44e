package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import dev.wharf.lib.registry.TokenEndpoint.Token;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The Authorization header for requests to one host: basic, or bearer with a token for each scope, kept until it
 * expires.
 *
 * <p>Two threads that miss the same token both fetch one; no lock is held meanwhile.
 */
final class Authorizer {
    private static final int MAX_TOKENS = 256;

    /** A token about to expire is not used: it has to last for the request. */
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private final RegistryHost host;
    private final Credentials.Provider credentials;
    private final TokenEndpoint tokens;
    private final RegistryOptions options;

    /** Guards {@link #cached} and {@link #known}. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<String, Token> cached = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Token> eldest) {
            return size() > MAX_TOKENS;
        }
    };

    /** The last challenge of the host, by which later requests are authorized at once. */
    private @Nullable Challenge known;

    Authorizer(RegistryHost host, Credentials.Provider credentials, TokenEndpoint tokens, RegistryOptions options) {
        this.host = host;
        this.credentials = credentials;
        this.tokens = tokens;
        this.options = options;
    }

    /** The header for a request, as far as the host is known to want one. */
    Optional<String> header(String scope) {
        Challenge challenge;
        lock.lock();
        try {
            challenge = known;
        } finally {
            lock.unlock();
        }
        return challenge == null ? Optional.empty() : Optional.of(headerFor(challenge, scope));
    }

    /**
     * Takes up the challenges of a 401 answer to {@code what} and makes the header to try again with; UNAUTHORIZED when
     * there is nothing to answer them with.
     */
    String answer(HttpHeaders headers, String scope, String what) {
        List<Challenge> challenges = Challenge.parse(headers.allValues("WWW-Authenticate"));
        Challenge challenge = challenges.stream()
                .filter(c ->
                        c.scheme().equals("bearer") && !c.parameter("realm").isEmpty())
                .findFirst()
                .or(() -> challenges.stream()
                        .filter(c -> c.scheme().equals("basic"))
                        .findFirst())
                .orElseThrow(() -> new RegistryException(
                        Kind.UNAUTHORIZED, 401, what + ": status 401 without a challenge this client knows", null));
        lock.lock();
        try {
            known = challenge;
            cached.remove(scope);
        } finally {
            lock.unlock();
        }
        return headerFor(challenge, scope);
    }

    private String headerFor(Challenge challenge, String scope) {
        if (challenge.scheme().equals("basic")) {
            return basic(credentials
                    .of(host.name())
                    .orElseThrow(() -> new RegistryException(
                            Kind.UNAUTHORIZED, 401, host.name() + " needs a user and a password; log in first", null)));
        }
        return "Bearer " + token(challenge, scope).value();
    }

    private Token token(Challenge challenge, String scope) {
        lock.lock();
        try {
            Token token = cached.get(scope);
            if (token != null
                    && token.expires().isAfter(options.clock().instant().plus(MARGIN))) {
                return token;
            }
        } finally {
            lock.unlock();
        }
        Token fetched = tokens.fetch(challenge, scope, credentials.of(host.name()));
        lock.lock();
        try {
            cached.put(scope, fetched);
        } finally {
            lock.unlock();
        }
        return fetched;
    }

    static String basic(Credentials secret) {
        byte[] pair = (secret.user() + ":" + secret.secret()).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }
}
