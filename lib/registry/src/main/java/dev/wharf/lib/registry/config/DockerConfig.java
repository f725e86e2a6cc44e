package dev.wharf.lib.registry.config;

import dev.wharf.lib.registry.Credentials;
import dev.wharf.lib.registry.RegistryException;
import dev.wharf.lib.registry.RegistryException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Credentials where Docker's login leaves them: {@code config.json} with {@code credHelpers} and {@code credsStore}, which
 * name helper programs, and {@code auths}, which holds them itself. The file is read at each question. Source: Docker, "docker
 * login", "Configure the credential store".
 */
public final class DockerConfig implements Credentials.Provider {
    private static final Duration USUAL_DEADLINE = Duration.ofSeconds(30);
    private static final String HUB = "docker.io";
    private static final String HUB_KEY = "https://index.docker.io/v1/";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final Optional<Path> helpers;
    private final Duration deadline;

    /** The credentials in a file; helpers are searched in the PATH and have 30 s. */
    public DockerConfig(Path file) {
        this(file, Optional.empty(), USUAL_DEADLINE);
    }

    /** As above, with the directory of the helpers, empty for the PATH, and the time one has to answer. */
    public DockerConfig(Path file, Optional<Path> helpers, Duration deadline) {
        this.file = file;
        this.helpers = helpers;
        this.deadline = deadline;
    }

    /** The file Docker uses in an environment: in {@code DOCKER_CONFIG}, else in {@code ~/.docker}. */
    public static Path usualFile(Map<String, String> environment) {
        String directory = environment.getOrDefault("DOCKER_CONFIG", "");
        return directory.isEmpty()
                ? Path.of(environment.getOrDefault("HOME", "/"), ".docker", "config.json")
                : Path.of(directory, "config.json");
    }

    /** {@inheritDoc} Docker Hub is {@code docker.io}. INVALID for a broken file, UNAUTHORIZED for a helper that fails. */
    @Override
    public Optional<Credentials> forHost(String host) {
        JsonNode config = read();
        String key = host.equals(HUB) ? HUB_KEY : host;
        String helper = helper(config, host);
        if (!helper.isEmpty()) {
            return new CredentialHelper(helper, helpers, deadline).get(key);
        }
        String store = text(config, "credsStore");
        if (!store.isEmpty()) {
            Optional<Credentials> stored = new CredentialHelper(store, helpers, deadline).get(key);
            if (stored.isPresent()) {
                return stored;
            }
        }
        return stored(config.get("auths"), host);
    }

    private JsonNode read() {
        try {
            JsonNode config = JSON.readTree(BoundedFile.read(file));
            if (config.isObject()) {
                return config;
            }
        } catch (NoSuchFileException e) {
            return JSON.createObjectNode();
        } catch (IOException e) {
            throw new RegistryException(Kind.INVALID, "cannot read " + file + ": " + e.getMessage(), e);
        } catch (JacksonException e) {
            // Without the cause, which can show a part of a secret.
            throw new RegistryException(Kind.INVALID, file + " is not valid JSON");
        }
        throw new RegistryException(Kind.INVALID, file + " is not a JSON object");
    }

    private static String helper(JsonNode config, String host) {
        JsonNode all = config.get("credHelpers");
        if (all == null || !all.isObject()) {
            return "";
        }
        return all.propertyNames().stream()
                .filter(key -> host.equals(hostOf(key)))
                .map(key -> text(all, key))
                .findFirst()
                .orElse("");
    }

    private Optional<Credentials> stored(@Nullable JsonNode auths, String host) {
        if (auths == null || !auths.isObject()) {
            return Optional.empty();
        }
        return auths.propertyNames().stream()
                .filter(key -> host.equals(hostOf(key)))
                .map(auths::get)
                .flatMap(entry -> credentials(entry).stream())
                .findFirst();
    }

    /** The host in a key, which can be a URL as older clients wrote it. */
    private static String hostOf(String key) {
        int scheme = key.indexOf("://");
        String rest = scheme < 0 ? key : key.substring(scheme + 3);
        int slash = rest.indexOf('/');
        String host = slash < 0 ? rest : rest.substring(0, slash);
        return switch (host) {
            case "index.docker.io", "registry-1.docker.io" -> HUB;
            default -> host;
        };
    }

    private Optional<Credentials> credentials(JsonNode entry) {
        String token = text(entry, "identitytoken");
        if (!token.isEmpty()) {
            return Optional.of(new Credentials("", token));
        }
        String user = text(entry, "username");
        if (!user.isEmpty()) {
            return Optional.of(new Credentials(user, text(entry, "password")));
        }
        String pair = decoded(text(entry, "auth"));
        int colon = pair.indexOf(':');
        return colon <= 0
                ? Optional.empty()
                : Optional.of(new Credentials(pair.substring(0, colon), pair.substring(colon + 1)));
    }

    private String decoded(String text) {
        try {
            return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8).replace("\0", "");
        } catch (IllegalArgumentException e) {
            // Without the cause, which can show a part of the secret.
            throw new RegistryException(Kind.INVALID, file + " has an auth that is not base64");
        }
    }

    private static String text(JsonNode node, String field) {
        JsonNode value = node.get(field);
        return value != null && value.isString() ? value.stringValue() : "";
    }
}
