package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Sends calls to one host: authorized there and nowhere else, redirects followed within a bound.
 *
 * <p>A redirect to another origin, as registries send for blobs in object stores, goes without Authorization and without
 * the host's own headers; from an encrypted host only to an encrypted one. A mirror is told whose content is wanted.
 */
final class RegistryConnection {
    private static final int MAX_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    /** After these a method other than GET and HEAD is kept. Source: RFC 9110, "Redirection 3xx". */
    private static final Set<Integer> KEEPING_METHOD = Set.of(307, 308);

    /** A server without TLS may wait for the end of a line that never comes. */
    private static final Duration PROBE = Duration.ofSeconds(3);

    private final RegistryHost configured;
    private final HttpTransport transport;
    private final Credentials.Provider credentials;
    private final RegistryOptions options;

    /** Guards {@link #route}; two threads that miss it both find it out, and the first one's stands. */
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable Route route;

    /** The host as it is really spoken to, with what it knows of our rights. */
    private record Route(RegistryHost host, Authorizer authorizer) {}

    RegistryConnection(
            RegistryHost host, HttpTransport transport, Credentials.Provider credentials, RegistryOptions options) {
        this.configured = host;
        this.transport = transport;
        this.credentials = credentials;
        this.options = options;
    }

    private Route route() {
        lock.lock();
        try {
            if (route != null) {
                return route;
            }
        } finally {
            lock.unlock();
        }
        RegistryHost host = configured.isAmbiguous() && speaksTls() ? configured.encrypted() : configured;
        TokenEndpoint tokens = new TokenEndpoint(transport, host, options);
        Route found = new Route(host, new Authorizer(host, credentials, tokens, options));
        lock.lock();
        try {
            route = route == null ? found : route;
            return route;
        } finally {
            lock.unlock();
        }
    }

    /** Asks by HTTPS once; any failure means it speaks HTTP. */
    private boolean speaksTls() {
        URI url = configured.encrypted().base();
        try {
            transport.exchange(transport.request(url).timeout(PROBE)).discard();
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryException(Kind.INTERRUPTED, HttpCall.describe("GET", url) + ": interrupted", e);
        }
    }

    /** A call to a path below the API's base. */
    HttpCall call(String method, String path, String scope) {
        RegistryHost host = route().host;
        URI url = host.resolve(path);
        if (host.isMirror()) {
            String namespace = "ns=" + URLEncoder.encode(host.name(), StandardCharsets.UTF_8);
            url = URI.create(url + (url.getRawQuery() == null ? "?" : "&") + namespace);
        }
        return new HttpCall(method, url, scope, host.headers());
    }

    /** The answer, whatever its status but 401 and redirects, with the body open. */
    Answer send(HttpCall first) {
        HttpCall call = first;
        for (int redirects = 0; ; redirects++) {
            Answer answer = authorized(call);
            if (!isRedirect(call, answer)) {
                return answer;
            }
            answer.discard();
            if (redirects == MAX_REDIRECTS) {
                throw new RegistryException(
                        Kind.INVALID,
                        answer.status(),
                        first.describe() + ": more than " + MAX_REDIRECTS + " redirects, the last to " + call.describe()
                                + "; the registry or a proxy before it sends requests in a circle",
                        null);
            }
            call = redirected(call, answer);
        }
    }

    private static boolean isRedirect(HttpCall call, Answer answer) {
        return call.payload() == null && !call.method().equals("POST")
                ? REDIRECTS.contains(answer.status())
                : KEEPING_METHOD.contains(answer.status());
    }

    private Answer authorized(HttpCall call) {
        Route to = route();
        if (!to.host.isOriginOf(call.url())) {
            return transport.send(build(call, Optional.empty()));
        }
        Answer answer = transport.send(build(call, to.authorizer.header(call.scope())));
        if (answer.status() != 401) {
            return answer;
        }
        answer.discard();
        String header = to.authorizer.answer(answer.headers(), call.scope(), call.describe());
        Answer again = transport.send(build(call, Optional.of(header)));
        if (again.status() == 401) {
            throw ResponseFailures.of(again, call.describe());
        }
        return again;
    }

    private AuthorizedCall build(HttpCall call, Optional<String> authorization) {
        AuthorizedCall request = transport.request(call.url());
        for (var field : call.headers().entrySet()) {
            for (String value : field.getValue()) {
                request = field.getKey().equalsIgnoreCase("User-Agent")
                        ? request.withOnly(field.getKey(), value)
                        : request.with(field.getKey(), value);
            }
        }
        if (authorization.isPresent()) {
            request = request.withOnly("Authorization", authorization.get());
        }
        HttpCall.Payload payload = call.payload();
        if (payload != null) {
            RegistryOptions.Deadlines deadlines = options.deadlines();
            request = request.timeout(deadlines.answer().plus(payload.longest(deadlines.bytesPerSecond())));
        }
        return request.method(call.method(), payload);
    }

    private HttpCall redirected(HttpCall call, Answer answer) {
        return moved(call, target(call, answer.header("Location")), answer.status());
    }

    /** The call sent elsewhere, as the registry said; without the host's own headers when that is another origin. */
    HttpCall moved(HttpCall call, URI target, int status) {
        RegistryHost host = route().host;
        boolean https = "https".equalsIgnoreCase(target.getScheme());
        boolean http = "http".equalsIgnoreCase(target.getScheme());
        if (target.getHost() == null || !(https || (http && host.isPlain()))) {
            throw new RegistryException(
                    Kind.INVALID,
                    status,
                    call.describe() + ": being sent to "
                            + HttpCall.describe("", target).strip() + " is refused, as it is not encrypted",
                    null);
        }
        return host.isOriginOf(target)
                ? call.to(target)
                : call.to(target).without(host.headers().keySet());
    }

    /** Where a Location header points. */
    static URI target(HttpCall call, String location) {
        try {
            return call.url().resolve(location);
        } catch (IllegalArgumentException e) {
            throw new RegistryException(Kind.INVALID, call.describe() + ": sent on to no valid URL");
        }
    }
}
