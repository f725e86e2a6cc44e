package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** {@code /v2/<name>/manifests/<reference>}. Source: OCI distribution specification, "Pulling manifests". */
final class ManifestEndpoint {
    /** What is asked for, in containerd's order. */
    private static final String ACCEPT = String.join(
            ", ",
            "application/vnd.docker.distribution.manifest.v2+json",
            "application/vnd.docker.distribution.manifest.list.v2+json",
            "application/vnd.oci.image.manifest.v1+json",
            "application/vnd.oci.image.index.v1+json",
            "*/*");

    /** Types of schema 1; old registries send plain text for it. */
    private static final Set<String> SCHEMA_1 = Set.of(
            "application/vnd.docker.distribution.manifest.v1+json",
            "application/vnd.docker.distribution.manifest.v1+prettyjws",
            "text/plain");

    /** Types that tell nothing, so that the document itself is asked. */
    private static final Set<String> VAGUE = Set.of("", "application/json", "application/octet-stream");

    /** Answers to HEAD after which GET may do better, or at least says more. */
    private static final Set<Integer> RETRY_BY_GET = Set.of(403, 405, 501);

    private final RegistryConnection connection;
    private final RegistryOptions options;

    ManifestEndpoint(RegistryConnection connection, RegistryOptions options) {
        this.connection = connection;
        this.options = options;
    }

    /** Asks by HEAD what the reference names; by GET where the answer does not say it all. */
    RemoteDescriptor resolve(String repository, String reference) {
        HttpCall call = call("HEAD", repository, reference);
        HttpResponse<InputStream> response = connection.send(call);
        BoundedBody.start(response.body(), 0);
        if (RETRY_BY_GET.contains(response.statusCode())) {
            return get(repository, reference).descriptor();
        }
        if (response.statusCode() != 200) {
            throw ResponseFailures.of(response, call.describe());
        }
        Optional<RemoteDescriptor> told = told(response, reference);
        return told.isPresent() ? told.get() : get(repository, reference).descriptor();
    }

    private Optional<RemoteDescriptor> told(HttpResponse<InputStream> response, String reference) {
        String mediaType = mediaType(response);
        String digest = response.headers().firstValue("Docker-Content-Digest").orElse("");
        long size = response.headers().firstValueAsLong("Content-Length").orElse(-1);
        checkSchema(mediaType, reference);
        if (VAGUE.contains(mediaType) || !RemoteDigest.isDigest(digest) || size <= 0) {
            return Optional.empty();
        }
        if (RemoteDigest.isDigest(reference) && !reference.equals(digest)) {
            return Optional.empty();
        }
        return Optional.of(new RemoteDescriptor(mediaType, digest, size));
    }

    /** Gets the document and verifies its digest. */
    RemoteManifest get(String repository, String reference) {
        HttpCall call = call("GET", repository, reference);
        HttpResponse<InputStream> response = connection.send(call);
        if (response.statusCode() != 200) {
            throw ResponseFailures.of(response, call.describe());
        }
        byte[] document = body(response, call);
        String digest = verified(document, reference, response, call);
        String mediaType = mediaType(response);
        checkSchema(mediaType, reference);
        if (VAGUE.contains(mediaType)) {
            mediaType = Json.text(Json.object(document, call.describe()), "mediaType");
        }
        return new RemoteManifest(new RemoteDescriptor(mediaType, digest, document.length), document);
    }

    private byte[] body(HttpResponse<InputStream> response, HttpCall call) {
        InputStream guarded = new IdleGuard(response.body(), options.idleTimeout());
        try {
            return BoundedBody.read(guarded, options.maxManifestBytes(), call.describe());
        } catch (IOException e) {
            throw new RegistryException(Kind.UNAVAILABLE, call.describe() + ": answer broke off: " + e.getMessage(), e);
        }
    }

    private static String verified(
            byte[] document, String reference, HttpResponse<InputStream> response, HttpCall call) {
        String told = response.headers().firstValue("Docker-Content-Digest").orElse("");
        String expected = RemoteDigest.isDigest(reference) ? reference : told;
        if (!RemoteDigest.isDigest(expected)) {
            return RemoteDigest.sha256(document);
        }
        String actual = RemoteDigest.of(document, expected);
        if (!actual.equals(expected)) {
            throw new RegistryException(
                    Kind.MISMATCH,
                    call.describe() + ": document has digest " + actual + " instead of " + expected
                            + "; the registry or a proxy on the way changed it");
        }
        return actual;
    }

    private HttpCall call(String method, String repository, String reference) {
        return connection
                .call(method, repository + "/manifests/" + reference, "repository:" + repository + ":pull")
                .with("Accept", ACCEPT);
    }

    private static String mediaType(HttpResponse<InputStream> response) {
        String value = response.headers().firstValue("Content-Type").orElse("");
        int parameters = value.indexOf(';');
        return (parameters < 0 ? value : value.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
    }

    private static void checkSchema(String mediaType, String reference) {
        if (SCHEMA_1.contains(mediaType)) {
            throw new RegistryException(
                    Kind.UNSUPPORTED,
                    "manifest " + reference + " is of schema 1 (" + mediaType
                            + "), which is no longer supported; push the image again with a newer client");
        }
    }
}
