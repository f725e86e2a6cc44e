package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import dev.wharf.lib.registry.TokenEndpoint.Token;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private static final int MAX_SCOPES = 16;

    /** A token about to expire is not used: it has to last for the request. */
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private final RegistryHost host;
    private final Credentials.Provider credentials;
    private final TokenEndpoint tokens;
    private final RegistryOptions options;

    /** Guards {@link #cached}, {@link #known} and {@link #secret}. */
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

    /** What the provider said, so that it is asked once and not for each request; null before. */
    private @Nullable Optional<Credentials> secret;

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
        return challenge == null
                ? Optional.empty()
                : Optional.of(headerFor(challenge, scope, scope, host.base().toString()));
    }

    /**
     * Takes up the challenges of a 401 answer to {@code what} and makes the header to try again with; UNAUTHORIZED when
     * there is nothing to answer them with.
     */
    String answer(Headers headers, String scope, String what) {
        List<Challenge> challenges = Challenge.parse(headers.all("WWW-Authenticate"));
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
            if (known != null) {
                secret = null;
            }
            known = challenge;
            cached.remove(scope);
        } finally {
            lock.unlock();
        }
        return headerFor(challenge, scope, wanted(challenge, scope), what);
    }

    /** The rights a request needs by what we know and by what the registry just said. */
    private static String wanted(Challenge challenge, String scope) {
        Set<String> all = new LinkedHashSet<>(List.of(scope.split(" ", -1)));
        all.addAll(List.of(challenge.parameter("scope").split(" ", -1)));
        all.remove("");
        return all.size() > MAX_SCOPES ? scope : String.join(" ", all);
    }

    private Optional<Credentials> credentials() {
        lock.lock();
        try {
            if (secret != null) {
                return secret;
            }
        } finally {
            lock.unlock();
        }
        Optional<Credentials> asked = credentials.forHost(host.credentialHost());
        lock.lock();
        try {
            secret = asked;
        } finally {
            lock.unlock();
        }
        return asked;
    }

    private String headerFor(Challenge challenge, String key, String scope, String what) {
        if (challenge.scheme().equals("basic")) {
            return basic(credentials()
                    .orElseThrow(() -> new RegistryException(
                            Kind.UNAUTHORIZED,
                            401,
                            what + ": status 401; " + host.credentialHost()
                                    + " needs a user and a password; log in first",
                            null)));
        }
        return "Bearer " + token(challenge, key, scope).value();
    }

    private Token token(Challenge challenge, String key, String scope) {
        lock.lock();
        try {
            Token token = cached.get(key);
            if (token != null
                    && token.expires().isAfter(options.clock().instant().plus(MARGIN))) {
                return token;
            }
        } finally {
            lock.unlock();
        }
        Token fetched = tokens.fetch(challenge, scope, credentials());
        lock.lock();
        try {
            cached.put(key, fetched);
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
