package dev.wharf.plugins.transfer.local;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.core.transfer.Registries;
import dev.wharf.core.transfer.RegistryAccess;
import dev.wharf.core.transfer.RegistrySource;
import dev.wharf.core.transfer.TransferEnd;
import dev.wharf.lib.registry.BlobRequest;
import dev.wharf.lib.registry.Credentials;
import dev.wharf.lib.registry.MirroredRegistry;
import dev.wharf.lib.registry.Reference;
import dev.wharf.lib.registry.RegistryException;
import dev.wharf.lib.registry.RegistryHost;
import dev.wharf.lib.registry.RegistryOptions;
import dev.wharf.lib.registry.config.HostDirectories;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Registries by the registry client, with the mirrors that hosts.toml files name. */
public final class OciRegistries implements Registries {
    private static final Logger LOG = LoggerFactory.getLogger(OciRegistries.class);

    private final RegistryOptions options;
    private final String configPath;

    /**
     * Registries that are told a name of this program.
     *
     * @param userAgent e.g. {@code containerd/2.4.0}
     * @param configPath directories of hosts.toml files, with colons between them, for clients that name none; or empty
     */
    public OciRegistries(String userAgent, String configPath) {
        this.options = RegistryOptions.of(userAgent);
        this.configPath = configPath;
    }

    @Override
    public RegistrySource open(TransferEnd.Registry image) {
        return translated(() -> {
            Reference reference = Reference.parse(image.reference());
            RegistryAccess access = image.access();
            String directories = access.hostDir().isEmpty() ? configPath : access.hostDir();
            HostDirectories configured = new HostDirectories(
                    HostDirectories.split(directories), access.defaultScheme().equals("http"), LOG::warn);
            List<RegistryHost> hosts = configured.of(reference.host()).stream()
                    .map(host -> host.withHeaders(headers(access)))
                    .toList();
            return new Source(reference, new MirroredRegistry(reference.host(), hosts, credentials(image), options));
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
    private record Source(Reference reference, MirroredRegistry registry) implements RegistrySource {
        @Override
        public Descriptor resolve() {
            return translated(() -> JacksonDocuments.descriptor(
                    registry.resolve(reference.path(), reference.object().orElse("latest"))
                            .value()));
        }

        @Override
        public InputStream fetch(Descriptor blob, long offset) {
            String digest = blob.digest().toString();
            boolean document = MediaTypes.isIndex(blob.mediaType()) || MediaTypes.isManifest(blob.mediaType());
            return translated(() -> {
                if (!document) {
                    return registry.blob(new BlobRequest(reference.path(), digest, blob.size()), offset);
                }
                byte[] bytes =
                        registry.manifest(reference.path(), digest).value().bytes();
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
