package dev.wharf.cmd.shim.bundle;

import dev.wharf.shim.json.Json;
import dev.wharf.shim.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Function;

/**
 * The configuration of a container, {@code config.json}. Source: config.md of the OCI runtime specification.
 *
 * @param json the whole of it, also what is not known here; may be changed
 */
public record ContainerSpec(JsonObject json) {
    /**
     * Reads the configuration.
     *
     * @throws IllegalArgumentException when it is not JSON, saying where
     */
    public static ContainerSpec read(Bundle bundle) {
        try {
            return new ContainerSpec(Json.readObject(Files.readAllBytes(bundle.config())));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + bundle.config(), e);
        }
    }

    /** Replaces the configuration in the bundle. */
    public void write(Bundle bundle) {
        Path temporary = bundle.directory().resolve(".config.json");
        try {
            Files.write(temporary, Json.write(json));
            Files.move(temporary, bundle.config(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + bundle.config(), e);
        }
    }

    /** The version of the specification it follows. */
    public String version() {
        return json.string("ociVersion");
    }

    /** An annotation, "" when it is not there. */
    public String annotation(String name) {
        return json.object("annotations").map(all -> all.string(name)).orElse("");
    }

    /** Whether all processes end with the first one, as it is the first of a pid namespace of its own. */
    public boolean hasOwnPidNamespace() {
        return namespaces().stream()
                .anyMatch(namespace -> namespace.string("type").equals("pid")
                        && namespace.string("path").isEmpty());
    }

    /** The namespaces it is to be in; changes of them go through. */
    public List<JsonObject> namespaces() {
        return linux(linux -> linux.objects("namespaces"), List.of());
    }

    /** The mounts; changes of them go through. */
    public List<JsonObject> mounts() {
        return json.objects("mounts");
    }

    /** Whether it is worth looking for mounts of type {@code uds}: the file has the word. */
    public static boolean mayHaveSocketMounts(Bundle bundle) {
        try {
            return Files.readString(bundle.config()).contains("\"uds\"");
        } catch (IOException e) {
            return false;
        }
    }

    /** Turns mounts of type {@code uds}, a socket of the host, into bind mounts; tells whether there are any. */
    public boolean bindSockets() {
        List<JsonObject> sockets = mounts().stream()
                .filter(mount -> mount.string("type").equals("uds"))
                .toList();
        sockets.forEach(mount -> mount.with("type", "bind").with("options", List.of("bind")));
        return !sockets.isEmpty();
    }

    private <T> T linux(Function<JsonObject, T> question, T otherwise) {
        return json.object("linux").map(question).orElse(otherwise);
    }
}
