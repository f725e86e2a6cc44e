package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import java.io.ByteArrayInputStream;
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
        Answer response = connection.send(call);
        response.discard();
        if (RETRY_BY_GET.contains(response.status())) {
            return get(repository, reference).descriptor();
        }
        if (response.status() != 200) {
            throw ResponseFailures.of(response, call.describe());
        }
        Optional<RemoteDescriptor> told = told(response, reference);
        return told.isPresent() ? told.get() : get(repository, reference).descriptor();
    }

    private Optional<RemoteDescriptor> told(Answer response, String reference) {
        String mediaType = mediaType(response);
        String digest = response.header("Docker-Content-Digest");
        long size = response.headers().number("Content-Length").orElse(-1);
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
        Answer response = connection.send(call);
        if (response.status() != 200) {
            throw ResponseFailures.of(response, call.describe());
        }
        byte[] document = response.document(options.maxManifestBytes(), call.describe());
        String digest = verified(document, reference, response, call);
        String mediaType = mediaType(response);
        checkSchema(mediaType, reference);
        if (VAGUE.contains(mediaType)) {
            mediaType = Json.text(Json.object(document, call.describe()), "mediaType");
        }
        return new RemoteManifest(new RemoteDescriptor(mediaType, digest, document.length), document);
    }

    private static String verified(byte[] document, String reference, Answer response, HttpCall call) {
        String told = response.header("Docker-Content-Digest");
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

    /** Stores a document; the digest the registry gave it must be its own. */
    void put(String repository, String reference, String mediaType, byte[] document) {
        String digest = RemoteDigest.sha256(document);
        HttpCall call = connection
                .call("PUT", repository + "/manifests/" + reference, UploadEndpoint.scope(repository))
                .with("Content-Type", mediaType)
                .with(new HttpCall.Payload(document.length, () -> new ByteArrayInputStream(document)));
        Answer answer = connection.send(call);
        if (answer.status() / 100 != 2) {
            throw ResponseFailures.of(answer, call.describe());
        }
        answer.discard();
        String told = answer.header("Docker-Content-Digest");
        if (told.startsWith("sha256:") && !told.equals(digest)) {
            throw new RegistryException(
                    Kind.MISMATCH,
                    call.describe() + ": stored as " + ConnectionFailures.shown(told) + " instead of " + digest);
        }
    }

    private HttpCall call(String method, String repository, String reference) {
        return connection
                .call(method, repository + "/manifests/" + reference, "repository:" + repository + ":pull")
                .with("Accept", ACCEPT);
    }

    private static String mediaType(Answer response) {
        String value = response.header("Content-Type");
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
