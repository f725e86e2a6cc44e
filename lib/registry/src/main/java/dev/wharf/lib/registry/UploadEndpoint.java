package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * {@code /v2/<name>/blobs/uploads/}. Source: OCI distribution specification, "Pushing blobs", "POST then PUT", "Mounting a
 * blob from another repository".
 */
final class UploadEndpoint {
    private static final int CREATED = 201;
    private static final int ACCEPTED = 202;

    /** A session that is gone is begun anew once. */
    private static final int SESSIONS = 2;

    private static final Set<Integer> SESSION_GONE = Set.of(404, 416);

    private final RegistryConnection connection;

    UploadEndpoint(RegistryConnection connection) {
        this.connection = connection;
    }

    static String scope(String repository) {
        return "repository:" + repository + ":pull,push";
    }

    /** Asks the registry to take the blob from another repository it has; false when it does not, or may not. */
    boolean mount(String repository, String digest, String from) {
        String query = "?mount=" + digest + "&from=" + from;
        String scope = scope(repository) + " repository:" + from + ":pull";
        HttpCall call = connection.call("POST", repository + "/blobs/uploads/" + query, scope);
        Answer answer = connection.send(empty(call));
        answer.discard();
        if (answer.status() == ACCEPTED) {
            cancel(call, answer);
        }
        return answer.status() == CREATED;
    }

    /** Frees the session the registry opened instead of mounting; its answer does not matter. */
    private void cancel(HttpCall call, Answer answer) {
        String location = answer.header("Location");
        if (location.isEmpty()) {
            return;
        }
        try {
            HttpCall delete = new HttpCall("DELETE", call.url(), call.scope(), call.headers());
            connection
                    .send(connection.moved(delete, RegistryConnection.target(call, location), answer.status()))
                    .discard();
        } catch (RegistryException e) {
            if (e.kind() == Kind.INTERRUPTED) {
                throw e;
            }
        }
    }

    /** Sends the blob in one piece. */
    void upload(String repository, RemoteDescriptor blob, BlobContent content) {
        for (int session = 1; ; session++) {
            HttpCall put = begun(repository, blob, content);
            Answer answer = connection.send(put);
            if (answer.status() == CREATED || answer.status() == 204) {
                answer.discard();
                return;
            }
            if (session == SESSIONS || !SESSION_GONE.contains(answer.status())) {
                throw ResponseFailures.of(answer, put.describe());
            }
            answer.discard();
        }
    }

    private HttpCall begun(String repository, RemoteDescriptor blob, BlobContent content) {
        HttpCall post = connection.call("POST", repository + "/blobs/uploads/", scope(repository));
        Answer answer = connection.send(empty(post));
        if (answer.status() != ACCEPTED) {
            throw ResponseFailures.of(answer, post.describe());
        }
        answer.discard();
        URI location = RegistryConnection.target(post, answer.header("Location"));
        String query = location.getRawQuery() == null ? "?" : "&";
        HttpCall put = new HttpCall("PUT", post.url(), post.scope(), post.headers())
                .with("Content-Type", "application/octet-stream")
                .with(new HttpCall.Payload(blob.size(), content));
        return connection.moved(put, URI.create(location + query + "digest=" + blob.digest()), answer.status());
    }

    private static HttpCall empty(HttpCall call) {
        return call.with(new HttpCall.Payload(0, InputStream::nullInputStream));
    }

    /** The first of several repositories the blob could be taken from, if any. */
    Optional<String> mountFirst(String repository, String digest, Iterable<String> candidates) {
        for (String candidate : candidates) {
            if (mount(repository, digest, candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }
}
