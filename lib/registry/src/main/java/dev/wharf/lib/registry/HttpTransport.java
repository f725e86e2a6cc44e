package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import dev.wharf.lib.registry.proxy.ProxyAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;

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
    AuthorizedCall request(URI url) {
        boolean web = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (!web || url.getHost() == null) {
            throw new RegistryException(
                    Kind.INVALID, "cannot send a request to " + HttpCall.describe("", url) + ": not a web address");
        }
        AuthorizedCall request = new AuthorizedCall(
                        "GET", url, List.of(), null, options.deadlines().answer())
                .with("User-Agent", options.userAgent());
        // A proxy of encrypted requests asks itself, so that the registry behind it does not see this.
        return "http".equalsIgnoreCase(url.getScheme())
                ? options.proxies()
                        .of(url)
                        .flatMap(ProxyAddress::authorization)
                        .map(value -> request.with("Proxy-Authorization", value))
                        .orElse(request)
                : request;
    }

    /** The answer, whatever its status, with the body open. */
    Answer send(AuthorizedCall request) {
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
    Answer exchange(AuthorizedCall call) throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        HttpUriRequestBase request = new HttpUriRequestBase(call.method(), call.url());
        call.fields().forEach(field -> request.addHeader(field.name(), field.value()));
        try (Deadline deadline = Deadline.in(call.timeout(), request::cancel);
                InputStream payload = payload(call, request)) {
            assert payload != null;
            return answer(request, execute(request, deadline));
        }
    }

    private static InputStream payload(AuthorizedCall call, HttpUriRequestBase request) throws IOException {
        HttpCall.Payload payload = call.payload();
        if (payload == null) {
            return InputStream.nullInputStream();
        }
        if (payload.size() == 0) {
            request.setEntity(new ByteArrayEntity(new byte[0], null));
            return InputStream.nullInputStream();
        }
        InputStream content = payload.content().open();
        request.setEntity(new InputStreamEntity(content, payload.size(), null));
        return content;
    }

    private ClassicHttpResponse execute(HttpUriRequestBase request, Deadline deadline)
            throws IOException, InterruptedException {
        try {
            return client.executeOpen(RoutingSupport.determineHost(request), request, null);
        } catch (HttpException e) {
            throw new IOException(e.getMessage(), e);
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (deadline.isOver() || e instanceof SocketTimeoutException) {
                throw new TimedOut("no answer", e);
            }
            throw e;
        }
    }

    private Answer answer(HttpUriRequestBase request, ClassicHttpResponse response) throws IOException {
        Map<String, List<String>> headers = new HashMap<>();
        for (Header header : response.getHeaders()) {
            headers.computeIfAbsent(header.getName(), name -> new ArrayList<>()).add(header.getValue());
        }
        return new Answer(
                response.getCode(),
                new Headers(headers),
                new GuardedBody(ResponseBody.of(request, response), options.deadlines()),
                options.deadlines().answer());
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
        return e instanceof TimedOut || ConnectionFailures.isTls(e);
    }

    private void pause(AuthorizedCall request, Duration time) {
        try {
            options.pause().of(time);
        } catch (InterruptedException e) {
            throw interrupted(request, e);
        }
    }

    private static RegistryException interrupted(AuthorizedCall request, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new RegistryException(Kind.INTERRUPTED, request.describe() + ": interrupted", e);
    }

    private RegistryException loginWanted(AuthorizedCall request, Answer answer) {
        answer.discard();
        return new RegistryException(
                Kind.UNAVAILABLE,
                describedWithProxy(request)
                        + ": status 407; the proxy wants a user and a password, give them in HTTP_PROXY"
                        + " or HTTPS_PROXY");
    }

    private String describedWithProxy(AuthorizedCall request) {
        return request.describe()
                + options.proxies()
                        .of(request.url())
                        .map(proxy -> " (through the proxy " + proxy + ")")
                        .orElse("");
    }

    private RegistryException failure(AuthorizedCall request, IOException e) {
        String what = describedWithProxy(request);
        if (e instanceof TimedOut) {
            String waited = request.timeout().toString();
            String message = what + ": no answer within " + waited + "; check the network, or try again later";
            return new RegistryException(Kind.TIMEOUT, message, e);
        }
        String reason = "https".equalsIgnoreCase(request.url().getScheme())
                ? ConnectionFailures.explainEncrypted(e)
                : ConnectionFailures.explain(e);
        return new RegistryException(Kind.UNAVAILABLE, what + ": " + reason, e);
    }
}
