package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Gets bearer tokens. Sources: Docker registry, "Token Authentication Specification" (GET) and "OAuth2 Token
 * Authentication" (POST).
 *
 * <p>With a secret the OAuth2 form is posted first, and where the server does not know it, the older GET with basic
 * authentication follows; without one an anonymous token is asked for.
 */
final class TokenEndpoint {
    private static final int MAX_ANSWER = 1 << 20;
    private static final long USUAL_LIFE_SECONDS = 60;
    private static final long LONGEST_LIFE_SECONDS = 24 * 60 * 60;

    /** Answers to the OAuth2 form by servers that only know GET. */
    private static final Set<Integer> NO_OAUTH = Set.of(400, 401, 404, 405);

    private final HttpTransport transport;
    private final RegistryHost host;
    private final RegistryOptions options;

    TokenEndpoint(HttpTransport transport, RegistryHost host, RegistryOptions options) {
        this.transport = transport;
        this.host = host;
        this.options = options;
    }

    /** A token and until when it is good. */
    record Token(String value, Instant expires) {
        @Override
        public String toString() {
            return "Token[expires=" + expires + "]";
        }
    }

    /** Gets a token for a challenge; UNAUTHORIZED when the credentials are refused. */
    Token fetch(Challenge challenge, String scope, Optional<Credentials> credentials) {
        URI realm = realm(challenge, credentials.isPresent());
        String service = challenge.parameter("service");
        if (credentials.isEmpty()) {
            return token(transport.send(get(realm, service, scope, credentials)), realm, "anonymously");
        }
        Credentials secret = credentials.get();
        Answer posted = transport.send(post(realm, service, scope, secret));
        if (NO_OAUTH.contains(posted.status()) && !secret.user().isEmpty()) {
            posted.discard();
            posted = transport.send(get(realm, service, scope, credentials));
        }
        return token(posted, realm, "as user \"" + secret.user() + "\"");
    }

    private URI realm(Challenge challenge, boolean secret) {
        URI realm;
        try {
            realm = URI.create(challenge.parameter("realm"));
        } catch (IllegalArgumentException e) {
            throw new RegistryException(Kind.INVALID, host.name() + ": the realm of the token server is not a URL", e);
        }
        boolean https = "https".equalsIgnoreCase(realm.getScheme());
        boolean http = "http".equalsIgnoreCase(realm.getScheme());
        if (realm.getHost() == null || !(https || http)) {
            throw new RegistryException(
                    Kind.INVALID, host.name() + ": the realm of the token server is not a web address");
        }
        if (secret && http && !host.isPlain()) {
            throw new RegistryException(
                    Kind.UNAUTHORIZED,
                    host.name() + " wants its credentials sent unencrypted to " + realm.getHost()
                            + ", which is refused");
        }
        return realm;
    }

    private AuthorizedCall get(URI realm, String service, String scope, Optional<Credentials> credentials) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("service", service);
        String separator = realm.getRawQuery() == null ? "?" : "&";
        String scopes = Arrays.stream(scope.split(" ", -1))
                .map(one -> encode(Map.of("scope", one)))
                .filter(one -> !one.isEmpty())
                .collect(Collectors.joining("&"));
        String asked =
                Stream.of(encode(query), scopes).filter(part -> !part.isEmpty()).collect(Collectors.joining("&"));
        AuthorizedCall request = transport.request(URI.create(realm + separator + asked));
        return credentials
                .map(secret -> request.with("Authorization", Authorizer.basic(secret)))
                .orElse(request);
    }

    private AuthorizedCall post(URI realm, String service, String scope, Credentials secret) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", secret.user().isEmpty() ? "refresh_token" : "password");
        form.put("service", service);
        form.put("client_id", options.clientId());
        form.put("scope", scope);
        if (secret.user().isEmpty()) {
            form.put("refresh_token", secret.secret());
        } else {
            form.put("username", secret.user());
            form.put("password", secret.secret());
        }
        byte[] body = encode(form).getBytes(StandardCharsets.UTF_8);
        return transport
                .request(realm)
                .with("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                .method("POST", new HttpCall.Payload(body.length, () -> new ByteArrayInputStream(body)));
    }

    private static String encode(Map<String, String> values) {
        return values.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private Token token(Answer response, URI realm, String who) {
        String what = host.name() + ": token " + who + " from " + realm.getHost();
        if (response.status() != 200) {
            throw ResponseFailures.of(response, what);
        }
        JsonNode answer = Json.object(response.document(MAX_ANSWER, what), what);
        String value = Json.text(answer, "access_token");
        if (value.isEmpty()) {
            value = Json.text(answer, "token");
        }
        if (value.isEmpty() || value.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new RegistryException(Kind.INVALID, what + ": answer has no token");
        }
        long life = Math.clamp(
                Json.number(answer, "expires_in", USUAL_LIFE_SECONDS), USUAL_LIFE_SECONDS, LONGEST_LIFE_SECONDS);
        return new Token(value, options.clock().instant().plusSeconds(life));
    }
}
