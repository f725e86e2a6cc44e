package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.Set;

/**
 * Sends calls to one host: authorized there and nowhere else, redirects followed within a bound.
 *
 * <p>A redirect to another origin, as registries send for blobs in object stores, goes without Authorization and without
 * the host's own headers; from an encrypted host only to an encrypted one.
 */
final class RegistryConnection {
    private static final int MAX_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int DISCARDED = 8 << 10;

    private final RegistryHost host;
    private final HttpTransport transport;
    private final Authorizer authorizer;

    RegistryConnection(RegistryHost host, HttpTransport transport, Authorizer authorizer) {
        this.host = host;
        this.transport = transport;
        this.authorizer = authorizer;
    }

    /** A call to a path below the API's base. */
    HttpCall call(String method, String path, String scope) {
        return new HttpCall(method, host.resolve(path), scope, host.headers());
    }

    /** The answer, whatever its status but 401 and redirects, with the body open. */
    HttpResponse<InputStream> send(HttpCall first) {
        HttpCall call = first;
        for (int redirects = 0; ; redirects++) {
            HttpResponse<InputStream> response = authorized(call);
            if (!REDIRECTS.contains(response.statusCode())) {
                return response;
            }
            BoundedBody.start(response.body(), DISCARDED);
            if (redirects == MAX_REDIRECTS) {
                throw new RegistryException(
                        Kind.INVALID,
                        response.statusCode(),
                        first.describe() + ": more than " + MAX_REDIRECTS + " redirects, the last to " + call.url(),
                        null);
            }
            call = redirected(call, response);
        }
    }

    private HttpResponse<InputStream> authorized(HttpCall call) {
        if (!host.isOriginOf(call.url())) {
            return transport.send(build(call, Optional.empty()));
        }
        HttpResponse<InputStream> response = transport.send(build(call, authorizer.header(call.scope())));
        if (response.statusCode() != 401) {
            return response;
        }
        BoundedBody.start(response.body(), DISCARDED);
        String answer = authorizer.answer(response.headers(), call.scope(), call.describe());
        HttpResponse<InputStream> again = transport.send(build(call, Optional.of(answer)));
        if (again.statusCode() == 401) {
            throw ResponseFailures.of(again, call.describe());
        }
        return again;
    }

    private HttpRequest build(HttpCall call, Optional<String> authorization) {
        HttpRequest.Builder request = transport.request(call.url());
        call.headers().forEach((name, values) -> values.forEach(value -> request.header(name, value)));
        authorization.ifPresent(value -> request.setHeader("Authorization", value));
        return request.method(call.method(), HttpRequest.BodyPublishers.noBody())
                .build();
    }

    private HttpCall redirected(HttpCall call, HttpResponse<InputStream> response) {
        URI target = target(call, response);
        boolean https = "https".equalsIgnoreCase(target.getScheme());
        boolean http = "http".equalsIgnoreCase(target.getScheme());
        if (target.getHost() == null || !(https || (http && host.isPlain()))) {
            throw new RegistryException(
                    Kind.INVALID,
                    response.statusCode(),
                    call.describe() + ": redirect to " + target.getScheme() + "://" + target.getAuthority()
                            + " refused, as it is not encrypted",
                    null);
        }
        return host.isOriginOf(target)
                ? call.to(target)
                : call.to(target).without(host.headers().keySet());
    }

    private static URI target(HttpCall call, HttpResponse<InputStream> response) {
        String location = response.headers().firstValue("Location").orElse("");
        try {
            return call.url().resolve(location);
        } catch (IllegalArgumentException e) {
            throw new RegistryException(
                    Kind.INVALID, response.statusCode(), call.describe() + ": redirect to no valid URL", e);
        }
    }
}
