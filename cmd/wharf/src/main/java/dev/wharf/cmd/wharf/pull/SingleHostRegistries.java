package dev.wharf.cmd.wharf.pull;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.transfer.Registries;
import dev.wharf.core.transfer.RegistrySource;
import dev.wharf.core.transfer.RegistryTarget;
import dev.wharf.core.transfer.TransferEnd;
import dev.wharf.lib.registry.Credentials;
import dev.wharf.lib.registry.Reference;
import dev.wharf.lib.registry.Registry;
import dev.wharf.lib.registry.RegistryHost;
import dev.wharf.lib.registry.RegistryOptions;

/** Registries as this program reaches them itself, for daemons that cannot: by their own hosts only. */
public final class SingleHostRegistries implements Registries {
    private final RegistryOptions options;

    /** Registries that are told {@code userAgent}. */
    public SingleHostRegistries(String userAgent) {
        this.options = RegistryOptions.of(userAgent);
    }

    @Override
    public RegistrySource open(TransferEnd.Registry image) {
        return SingleHostSource.translated(() -> {
            Reference reference = Reference.parseNormalized(image.reference());
            RegistryHost host = RegistryHost.of(
                    reference.host(), image.access().defaultScheme().equals("http"));
            Credentials.Provider credentials = asked -> image.access()
                    .credentials()
                    .of(asked, image.reference())
                    .map(secret -> new Credentials(secret.user(), secret.value()));
            return new SingleHostSource(reference, new Registry(host, credentials, options));
        });
    }

    @Override
    public RegistryTarget openTarget(TransferEnd.Registry image) {
        throw ErrorKind.NOT_IMPLEMENTED.of("push of " + image.reference() + " by a client");
    }
}
