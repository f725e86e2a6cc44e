package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Sends requests, again where a failure may pass: broken connections, 408, 429 and 5xx, up to the number of attempts.
 *
 * <p>A wait the server asks for (Retry-After) is kept up to a bound; a longer one ends the request with that answer.
 */
final class HttpTransport {
    private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);
    private static final Duration SHORTEST = Duration.ofMillis(50);
    private static final int DISCARDED = 8 << 10;

    private final HttpClient client;
    private final RegistryOptions options;

    HttpTransport(HttpClient client, RegistryOptions options) {
        this.client = client;
        this.options = options;
    }

    /** A request with deadline and user agent. */
    HttpRequest.Builder request(URI url) {
        try {
            return HttpRequest.newBuilder(url)
                    .timeout(options.requestTimeout())
                    .header("User-Agent", options.userAgent());
        } catch (IllegalArgumentException e) {
            throw new RegistryException(Kind.INVALID, "cannot send a request to " + url + ": " + e.getMessage(), e);
        }
    }

    /** The answer, whatever its status, with the body open. */
    HttpResponse<InputStream> send(HttpRequest request) {
        for (int attempt = 1; ; attempt++) {
            boolean last = attempt >= options.attempts();
            try {
                HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
                Optional<Duration> wait = last ? Optional.empty() : waitFor(response, attempt);
                if (wait.isEmpty()) {
                    return response;
                }
                BoundedBody.start(response.body(), DISCARDED);
                pause(request, wait.get());
            } catch (IOException e) {
                if (last || isTooLate(e)) {
                    throw failure(request, e);
                }
                pause(request, backoff(attempt));
            } catch (InterruptedException e) {
                throw interrupted(request, e);
            }
        }
    }

    /** How long to wait before the next attempt; empty when the answer stands. */
    private Optional<Duration> waitFor(HttpResponse<InputStream> response, int attempt) {
        if (!PASSING.contains(response.statusCode())) {
            return Optional.empty();
        }
        Duration asked = ResponseFailures.retryAfter(response, options.clock()).orElse(backoff(attempt));
        return asked.compareTo(options.longestRetryAfter()) > 0 ? Optional.empty() : Optional.of(asked);
    }

    private static Duration backoff(int attempt) {
        return SHORTEST.multipliedBy(1L << Math.min(attempt - 1, 6));
    }

    /** A server that took the whole time of the request will hardly be faster next time. */
    private static boolean isTooLate(IOException e) {
        return e instanceof HttpTimeoutException;
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

    private RegistryException failure(HttpRequest request, IOException e) {
        if (e instanceof HttpTimeoutException) {
            String message = describe(request) + ": no answer within " + options.requestTimeout();
            return new RegistryException(Kind.TIMEOUT, message, e);
        }
        String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        String advice = e instanceof ConnectException ? "; check the name, the network and whether it runs" : "";
        return new RegistryException(
                Kind.UNAVAILABLE, describe(request) + ": cannot reach the registry: " + reason + advice, e);
    }

    private static String describe(HttpRequest request) {
        return HttpCall.describe(request.method(), request.uri());
    }
}
