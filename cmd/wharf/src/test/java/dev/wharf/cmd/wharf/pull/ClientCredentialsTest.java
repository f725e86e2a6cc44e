package dev.wharf.cmd.wharf.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.core.error.WharfException;
import dev.wharf.core.transfer.RegistryAccess.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClientCredentialsTest {
    private static final String IMAGE = "registry.example/app:1";

    @TempDir
    Path directory;

    @Test
    void whoIsNamedIsNamedToTheRegistryOfTheImageAlone() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"auths\":{\"mirror.example\":{\"auth\":\"dTpw\"}}}");
        ClientCredentials named = credentials(Optional.of(ClientCredentials.secret("me:pass:word")));

        assertThat(named.of("registry.example", IMAGE)).contains(new Secret("me", "pass:word"));
        assertThat(named.of("mirror.example", IMAGE)).isEmpty();
    }

    @Test
    void elseDockersLoginIsAskedForTheHost() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"auths\":{\"mirror.example\":{\"auth\":\"dTpw\"}}}");
        ClientCredentials stored = credentials(Optional.empty());

        assertThat(stored.of("mirror.example", IMAGE)).contains(new Secret("u", "p"));
        assertThat(stored.of("registry.example", IMAGE)).isEmpty();
    }

    @Test
    void withoutALoginNobodyAsks() {
        assertThat(credentials(Optional.empty()).of("registry.example", IMAGE)).isEmpty();
    }

    @Test
    void aBrokenConfigurationIsNamed() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{");

        assertThatThrownBy(() -> credentials(Optional.empty()).of("registry.example", IMAGE))
                .isInstanceOf(WharfException.class)
                .hasMessageContaining("config.json");
    }

    private ClientCredentials credentials(Optional<Secret> named) {
        return new ClientCredentials(named, Map.of("DOCKER_CONFIG", directory.toString()));
    }
}
