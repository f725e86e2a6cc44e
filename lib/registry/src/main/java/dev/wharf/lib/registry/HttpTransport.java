package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import dev.wharf.lib.registry.proxy.ProxyAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests, again where a failure may pass: broken connections, 408, 429 and 5xx, up to the number of attempts.
 *
 * <p>A wait the server asks for (Retry-After) is kept up to a bound; a longer one ends the request with that answer.
 */
final class HttpTransport {
    private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);
    private static final int PROXY_LOGIN = 407;
    private static final Duration SHORTEST = Duration.ofMillis(50);

    private final HttpClient client;
    private final RegistryOptions options;

    HttpTransport(HttpClient client, RegistryOptions options) {
        this.client = client;
        this.options = options;
    }

    /** A request with deadline and user agent. */
    HttpRequest.Builder request(URI url) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(url)
                    .timeout(options.deadlines().answer())
                    .header("User-Agent", options.userAgent());
            // The JDK keeps it from the registry. An authenticator would want to answer registries as well.
            options.proxies()
                    .of(url)
                    .flatMap(ProxyAddress::authorization)
                    .ifPresent(value -> request.header("Proxy-Authorization", value));
            return request;
        } catch (IllegalArgumentException e) {
            throw new RegistryException(
                    Kind.INVALID, "cannot send a request to " + HttpCall.describe("", url) + ": not a web address", e);
        }
    }

    /** The answer, whatever its status, with the body open. */
    Answer send(HttpRequest request) {
        for (int attempt = 1; ; attempt++) {
            boolean last = attempt >= options.retries().attempts();
            try {
                Answer answer = exchange(request);
                if (answer.status() == PROXY_LOGIN) {
                    throw loginWanted(request, answer);
                }
                Optional<Duration> wait = last ? Optional.empty() : waitFor(answer, attempt);
                if (wait.isEmpty()) {
                    return answer;
                }
                answer.discard();
                pause(request, wait.get());
            } catch (IOException e) {
                if (last || isLasting(e)) {
                    throw failure(request, e);
                }
                pause(request, backoff(attempt));
            } catch (InterruptedException e) {
                throw interrupted(request, e);
            }
        }
    }

    /** One attempt. */
    Answer exchange(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        return new Answer(
                response.statusCode(),
                response.headers(),
                new GuardedBody(bodyOf(response), options.deadlines()),
                options.deadlines().answer());
    }

    /** A proxy that refuses a tunnel leaves an answer without any body, which the JDK's types do not tell. */
    private static InputStream bodyOf(HttpResponse<? extends @Nullable InputStream> response) {
        InputStream body = response.body();
        return body == null ? InputStream.nullInputStream() : body;
    }

    /** How long to wait before the next attempt; empty when the answer stands. */
    private Optional<Duration> waitFor(Answer answer, int attempt) {
        if (!PASSING.contains(answer.status())) {
            return Optional.empty();
        }
        Duration asked = ResponseFailures.retryAfter(answer, options.clock()).orElse(backoff(attempt));
        return asked.compareTo(options.retries().longestRetryAfter()) > 0 ? Optional.empty() : Optional.of(asked);
    }

    static Duration backoff(int attempt) {
        return SHORTEST.multipliedBy(1L << Math.min(attempt - 1, 6));
    }

    /** A server that took the whole time of the request will hardly be faster next time, and TLS will fail again. */
    private static boolean isLasting(IOException e) {
        return e instanceof HttpTimeoutException || ConnectionFailures.isTls(e);
    }

    private void pause(HttpRequest request, Duration time) {
        try {
            options.pause().of(time);
        } catch (InterruptedException e) {
            throw interrupted(request, e);
        }
    }

    private static RegistryException interrupted(HttpRequest request, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new RegistryException(Kind.INTERRUPTED, describe(request) + ": interrupted", e);
    }

    private RegistryException loginWanted(HttpRequest request, Answer answer) {
        answer.discard();
        return new RegistryException(
                Kind.UNAVAILABLE,
                describedWithProxy(request)
                        + ": status 407; the proxy wants a user and a password, give them in HTTP_PROXY"
                        + " or HTTPS_PROXY");
    }

    private String describedWithProxy(HttpRequest request) {
        return describe(request)
                + options.proxies()
                        .of(request.uri())
                        .map(proxy -> " (through the proxy " + proxy + ")")
                        .orElse("");
    }

    private RegistryException failure(HttpRequest request, IOException e) {
        String what = describedWithProxy(request);
        if (e instanceof HttpTimeoutException) {
            String waited = request.timeout().map(Duration::toString).orElse("");
            String message = what + ": no answer within " + waited + "; check the network, or try again later";
            return new RegistryException(Kind.TIMEOUT, message, e);
        }
        return new RegistryException(Kind.UNAVAILABLE, what + ": " + ConnectionFailures.explain(e), e);
    }

    private static String describe(HttpRequest request) {
        return HttpCall.describe(request.method(), request.uri());
    }
}
