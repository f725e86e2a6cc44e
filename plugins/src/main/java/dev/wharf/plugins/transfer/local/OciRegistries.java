package dev.wharf.plugins.transfer.local;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.core.transfer.Registries;
import dev.wharf.core.transfer.RegistryAccess;
import dev.wharf.core.transfer.RegistrySource;
import dev.wharf.core.transfer.TransferEnd;
import dev.wharf.lib.registry.Credentials;
import dev.wharf.lib.registry.Reference;
import dev.wharf.lib.registry.Registry;
import dev.wharf.lib.registry.RegistryException;
import dev.wharf.lib.registry.RegistryHost;
import dev.wharf.lib.registry.RegistryOptions;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Registries by the registry client. */
public final class OciRegistries implements Registries {
    private final RegistryOptions options;

    /**
     * Registries that are told a name of this program.
     *
     * @param userAgent e.g. {@code containerd/2.4.0}
     */
    public OciRegistries(String userAgent) {
        this.options = RegistryOptions.of(userAgent);
    }

    @Override
    public RegistrySource open(TransferEnd.Registry image) {
        return translated(() -> {
            Reference reference = Reference.parse(image.reference());
            RegistryAccess access = image.access();
            RegistryHost plain =
                    RegistryHost.of(reference.host(), access.defaultScheme().equals("http"));
            RegistryHost host = new RegistryHost(plain.name(), plain.base(), headers(access));
            return new Source(reference, new Registry(host, credentials(image), options));
        });
    }

    private static Map<String, List<String>> headers(RegistryAccess access) {
        return access.headers().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, header -> List.of(header.getValue())));
    }

    private static Credentials.Provider credentials(TransferEnd.Registry image) {
        return host -> image.access()
                .credentials()
                .of(host, image.reference())
                .map(secret -> new Credentials(secret.user(), secret.value()));
    }

    /** One image. */
    private record Source(Reference reference, Registry registry) implements RegistrySource {
        @Override
        public Descriptor resolve() {
            return translated(() -> JacksonDocuments.descriptor(
                    registry.resolve(reference.path(), reference.object().orElse("latest"))));
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
            // The registry, not the daemon: not tried again here, as the registry client did so.
            case UNAVAILABLE -> ErrorKind.ABORTED;
            case TIMEOUT -> ErrorKind.DEADLINE_EXCEEDED;
            case INTERRUPTED -> ErrorKind.CANCELLED;
            case MISMATCH -> ErrorKind.DATA_LOSS;
            case UNSUPPORTED -> ErrorKind.NOT_IMPLEMENTED;
        };
    }
}
