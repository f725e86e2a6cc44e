package dev.wharf.cmd.wharf.pull;

import dev.wharf.client.image.BlobSource;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.lib.registry.Credentials;
import dev.wharf.lib.registry.Reference;
import dev.wharf.lib.registry.Registry;
import dev.wharf.lib.registry.RegistryException;
import dev.wharf.lib.registry.RegistryHost;
import dev.wharf.lib.registry.RegistryOptions;
import dev.wharf.lib.registry.RemoteDescriptor;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** One repository of a registry as a source of blobs. */
public final class RegistrySource implements BlobSource, AutoCloseable {
    private final Reference reference;
    private final Registry registry;

    private RegistrySource(Reference reference, Registry registry) {
        this.reference = reference;
        this.registry = registry;
    }

    /**
     * The source of an image by its name, short or full; {@code INVALID_ARGUMENT} when it is none.
     *
     * @param user {@code name:password}, or empty for nobody
     * @param plainHttp whether the registry is spoken to without encryption
     * @param userAgent what the registry is told this program is
     */
    public static RegistrySource of(String name, String user, boolean plainHttp, String userAgent) {
        return translated(() -> {
            Reference reference = Reference.parseNormalized(name);
            RegistryHost host = RegistryHost.of(reference.host(), plainHttp);
            return new RegistrySource(
                    reference, new Registry(host, credentials(reference, user), RegistryOptions.of(userAgent)));
        });
    }

    private static Credentials.Provider credentials(Reference reference, String user) {
        if (user.isEmpty()) {
            return Credentials.Provider.NONE;
        }
        int colon = user.indexOf(':');
        Credentials credentials = colon < 0
                ? new Credentials(user, "")
                : new Credentials(user.substring(0, colon), user.substring(colon + 1));
        return host -> host.equals(reference.host()) ? Optional.of(credentials) : Optional.empty();
    }

    @Override
    public String name() {
        return reference.toString();
    }

    @Override
    public Descriptor resolve() {
        return translated(() -> {
            RemoteDescriptor found =
                    registry.resolve(reference.path(), reference.object().orElse("latest"));
            return new Descriptor(found.mediaType(), Digest.parse(found.digest()), found.size(), found.annotations());
        });
    }

    @Override
    public InputStream fetch(Descriptor blob, long offset) {
        String digest = blob.digest().toString();
        boolean document = MediaTypes.isIndex(blob.mediaType()) || MediaTypes.isManifest(blob.mediaType());
        return translated(() -> {
            if (!document) {
                return registry.blob(reference.path(), digest, offset);
            }
            byte[] bytes = registry.manifest(reference.path(), digest).bytes();
            int start = (int) Math.min(offset, bytes.length);
            return new ByteArrayInputStream(bytes, start, bytes.length - start);
        });
    }

    @Override
    public Map<String, String> labels() {
        return Map.of("containerd.io/distribution.source." + reference.host(), reference.path());
    }

    @Override
    public void close() {
        registry.close();
    }

    private static <T> T translated(Supplier<T> call) {
        try {
            return call.get();
        } catch (RegistryException e) {
            throw new WharfException(kind(e.kind()), e.getMessage() == null ? "registry" : e.getMessage(), e);
        }
    }

    private static ErrorKind kind(RegistryException.Kind kind) {
        return switch (kind) {
            case INVALID -> ErrorKind.INVALID_ARGUMENT;
            case NOT_FOUND -> ErrorKind.NOT_FOUND;
            case UNAUTHORIZED -> ErrorKind.UNAUTHENTICATED;
            case FORBIDDEN -> ErrorKind.PERMISSION_DENIED;
            case RATE_LIMITED, TOO_LARGE -> ErrorKind.RESOURCE_EXHAUSTED;
            // The registry, not the daemon: told apart by the text, and not tried again here as lib/registry did so.
            case UNAVAILABLE -> ErrorKind.ABORTED;
            case TIMEOUT -> ErrorKind.DEADLINE_EXCEEDED;
            case INTERRUPTED -> ErrorKind.CANCELLED;
            case MISMATCH -> ErrorKind.DATA_LOSS;
            case UNSUPPORTED -> ErrorKind.NOT_IMPLEMENTED;
        };
    }
}
