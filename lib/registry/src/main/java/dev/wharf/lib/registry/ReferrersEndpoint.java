package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * {@code /v2/<name>/referrers/<digest>}, and the tag older registries have instead. Source: OCI distribution
 * specification, "Listing Referrers", "Referrers Tag Schema".
 */
final class ReferrersEndpoint {
    private static final int MAX_PAGES = 16;

    private final RegistryConnection connection;
    private final ManifestEndpoint manifests;
    private final RegistryOptions options;

    ReferrersEndpoint(RegistryConnection connection, ManifestEndpoint manifests, RegistryOptions options) {
        this.connection = connection;
        this.manifests = manifests;
        this.options = options;
    }

    /** What refers to a manifest; empty when nothing does. {@code artifactType} empty for all types. */
    List<Referrer> list(String repository, String digest, String artifactType) {
        String filter = artifactType.isEmpty()
                ? ""
                : "?artifactType=" + URLEncoder.encode(artifactType, StandardCharsets.UTF_8);
        HttpCall call = connection
                .call("GET", repository + "/referrers/" + digest + filter, "repository:" + repository + ":pull")
                .with("Accept", "application/vnd.oci.image.index.v1+json");
        List<Referrer> found = new ArrayList<>();
        for (int page = 0; page < MAX_PAGES; page++) {
            Answer answer = connection.send(call);
            if (answer.status() == 404 && page == 0) {
                answer.discard();
                return matching(byTag(repository, digest), artifactType);
            }
            if (answer.status() != 200) {
                throw ResponseFailures.of(answer, call.describe());
            }
            found.addAll(parse(answer.document(options.maxManifestBytes(), call.describe())));
            String next = next(answer.header("Link"));
            if (next.isEmpty()) {
                return matching(found, artifactType);
            }
            call = connection.moved(call, RegistryConnection.target(call, next), answer.status());
        }
        throw new RegistryException(Kind.TOO_LARGE, call.describe() + ": more than " + MAX_PAGES + " pages");
    }

    /** The target of {@code <url>; rel="next"}; empty for another or none. */
    private static String next(String link) {
        int end = link.indexOf('>');
        boolean next = link.startsWith("<") && end > 0 && link.substring(end).contains("next");
        return next ? link.substring(1, end) : "";
    }

    private List<Referrer> byTag(String repository, String digest) {
        try {
            return parse(manifests.get(repository, digest.replace(':', '-')).bytes());
        } catch (RegistryException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return List.of();
            }
            throw e;
        }
    }

    /** A registry may ignore the filter. */
    private static List<Referrer> matching(List<Referrer> all, String artifactType) {
        return all.stream()
                .filter(one -> artifactType.isEmpty() || one.artifactType().equals(artifactType))
                .toList();
    }

    private static List<Referrer> parse(byte[] document) {
        return new ManifestDocument(document, "list of referrers")
                .descriptors("manifests", ReferrersEndpoint::referrer);
    }

    private static Referrer referrer(JsonNode node, RemoteDescriptor descriptor) {
        return new Referrer(descriptor, Json.text(node, "artifactType"));
    }
}
