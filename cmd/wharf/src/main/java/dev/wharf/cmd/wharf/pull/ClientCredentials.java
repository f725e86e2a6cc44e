package dev.wharf.cmd.wharf.pull;

import dev.wharf.core.transfer.RegistryAccess.CredentialSource;
import dev.wharf.core.transfer.RegistryAccess.Secret;
import dev.wharf.lib.registry.Reference;
import dev.wharf.lib.registry.config.DockerConfig;
import java.util.Map;
import java.util.Optional;

/** Credentials as the one who pulls has them: named on the command line, else where {@code docker login} left them. */
public final class ClientCredentials implements CredentialSource {
    private final Optional<Secret> named;
    private final Map<String, String> environment;

    /**
     * Credentials of somebody.
     *
     * @param named for the registry of the image, if it was named
     * @param environment tells where Docker's configuration is
     */
    public ClientCredentials(Optional<Secret> named, Map<String, String> environment) {
        this.named = named;
        this.environment = Map.copyOf(environment);
    }

    /** A user as people name one: {@code NAME:PASSWORD}. */
    public static Secret secret(String user) {
        int colon = user.indexOf(':');
        return colon < 0 ? new Secret(user, "") : new Secret(user.substring(0, colon), user.substring(colon + 1));
    }

    /** Those named are for the registry of the image alone: its mirrors must not see them. */
    @Override
    public Optional<Secret> of(String host, String reference) {
        return SingleHostSource.translated(() -> {
            if (named.isPresent()) {
                return named.filter(secret ->
                        host.equals(Reference.parseNormalized(reference).host()));
            }
            return new DockerConfig(DockerConfig.usualFile(environment))
                    .forHost(host)
                    .map(found -> new Secret(found.user(), found.secret()));
        });
    }
}
