package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;

/** {@code /v2/<name>/blobs/<digest>}. Source: OCI distribution specification, "Pulling blobs". */
final class BlobEndpoint {
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final RegistryConnection connection;
    private final RegistryOptions options;

    BlobEndpoint(RegistryConnection connection, RegistryOptions options) {
        this.connection = connection;
        this.options = options;
    }

    /** Opens a blob from {@code offset} on; where the server ignores the range, the bytes before it are read away. */
    InputStream open(String repository, String digest, long offset) {
        HttpCall call = connection
                .call("GET", repository + "/blobs/" + digest, "repository:" + repository + ":pull")
                .with("Accept", "*/*");
        if (offset > 0) {
            call = call.with("Range", "bytes=" + offset + "-");
        }
        HttpResponse<InputStream> response = connection.send(call);
        if (response.statusCode() == RANGE_NOT_SATISFIABLE && offset > 0) {
            BoundedBody.start(response.body(), 0);
            throw new RegistryException(
                    Kind.INVALID, RANGE_NOT_SATISFIABLE, call.describe() + ": nothing at offset " + offset, null);
        }
        if (response.statusCode() != OK && response.statusCode() != PARTIAL) {
            throw ResponseFailures.of(response, call.describe());
        }
        return positioned(new IdleGuard(response.body(), options.idleTimeout()), response, offset, call);
    }

    private static InputStream positioned(
            InputStream body, HttpResponse<InputStream> response, long offset, HttpCall call) {
        try {
            if (response.statusCode() == OK) {
                body.skipNBytes(offset);
            } else if (!startsAt(response, offset)) {
                throw new IOException("range starts elsewhere than asked for");
            }
            return body;
        } catch (IOException e) {
            close(body, e);
            throw new RegistryException(
                    Kind.UNAVAILABLE, call.describe() + " from offset " + offset + ": " + e.getMessage(), e);
        }
    }

    private static void close(InputStream body, IOException cause) {
        try {
            body.close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private static boolean startsAt(HttpResponse<InputStream> response, long offset) {
        return response.headers()
                .firstValue("Content-Range")
                .filter(range -> range.startsWith("bytes " + offset + "-"))
                .isPresent();
    }
}
