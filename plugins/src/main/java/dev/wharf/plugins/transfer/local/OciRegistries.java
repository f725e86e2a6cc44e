package dev.wharf.plugins.transfer.local;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.transfer.Registries;
import dev.wharf.core.transfer.RegistryAccess;
import dev.wharf.core.transfer.RegistrySource;
import dev.wharf.core.transfer.RegistryTarget;
import dev.wharf.core.transfer.TransferEnd;
import dev.wharf.lib.registry.Credentials;
import dev.wharf.lib.registry.MirroredRegistry;
import dev.wharf.lib.registry.Reference;
import dev.wharf.lib.registry.RegistryException;
import dev.wharf.lib.registry.RegistryHost;
import dev.wharf.lib.registry.RegistryOptions;
import dev.wharf.lib.registry.config.HostDirectories;
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
     * Registries that are talked to in one way.
     *
     * @param options e.g. how long they are waited for
     * @param configPath directories of hosts.toml files, with colons between them, for clients that name none; or empty
     */
    public OciRegistries(RegistryOptions options, String configPath) {
        this.options = options;
        this.configPath = configPath;
    }

    @Override
    public RegistrySource open(TransferEnd.Registry image) {
        return translated(() -> {
            Reference reference = Reference.parse(image.reference());
            return new OciSource(reference, registry(image, reference));
        });
    }

    @Override
    public RegistryTarget openTarget(TransferEnd.Registry image) {
        return translated(() -> {
            Reference reference = Reference.parse(image.reference());
            MirroredRegistry registry = registry(image, reference);
            return new OciTarget(reference, registry, registry.pushTarget());
        });
    }

    private MirroredRegistry registry(TransferEnd.Registry image, Reference reference) {
        RegistryAccess access = image.access();
        String directories = access.hostDir().isEmpty() ? configPath : access.hostDir();
        HostDirectories configured = new HostDirectories(
                HostDirectories.split(directories), access.defaultScheme().equals("http"), LOG::warn);
        List<RegistryHost> hosts = configured.of(reference.host()).stream()
                .map(host -> host.withHeaders(headers(access)))
                .toList();
        return new MirroredRegistry(reference.host(), hosts, credentials(image), options);
    }

    /** The label of blobs that lists the repositories of a registry they can be had from. */
    static String sourceLabel(Reference reference) {
        return "containerd.io/distribution.source." + reference.host();
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

    /** Calls, with failures of the registry client as those of the core. */
    static <T> T translated(Supplier<T> call) {
        try {
            return call.get();
        } catch (RegistryException e) {
            String message = e.getMessage() == null ? "registry" : e.getMessage();
            throw new WharfException(ErrorKind.ofCode(e.kind().code()), message, e);
        }
    }
}
