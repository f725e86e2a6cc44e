package dev.wharf.plugins.runtime.shim;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * The cgroups of a container that was never finished: an engine killed half way (as a shim does when the daemon it works
 * for goes) has made them, but noted them nowhere. Source: OCI runtime specification, "Control groups"; cgroups(7).
 */
final class EmptyCgroups {
    private static final Logger LOG = LoggerFactory.getLogger(EmptyCgroups.class);
    private static final Path MOUNTS = Path.of("/sys/fs/cgroup");

    private EmptyCgroups() {}

    /**
     * Removes those that the bundle's spec names by path, in every hierarchy; the kernel refuses it for those with
     * processes or cgroups in them.
     */
    static void remove(Bundle bundle) {
        try {
            String path = SpecJson.MAPPER
                    .readTree(bundle.path().resolve("config.json").toFile())
                    .path("linux")
                    .path("cgroupsPath")
                    .asString("");
            // A relative path, or systemd's slice:prefix:name, means what the engine makes of it.
            if (path.startsWith("/")) {
                Path relative = Path.of("/").relativize(Path.of(path).normalize());
                hierarchies().forEach(hierarchy -> remove(hierarchy.resolve(relative)));
            }
        } catch (JacksonException | IllegalArgumentException e) {
            LOG.debug("no cgroups to clean up id={}", bundle.id(), e);
        }
    }

    /** The only one of version 2, or those of version 1. */
    private static List<Path> hierarchies() {
        List<Path> found = new ArrayList<>(List.of(MOUNTS));
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(MOUNTS, Files::isDirectory)) {
            entries.forEach(found::add);
        } catch (IOException e) {
            LOG.warn("cgroups cannot be listed", e);
        }
        return found;
    }

    private static void remove(Path cgroup) {
        if (!Files.isDirectory(cgroup)) {
            return;
        }
        try {
            Files.delete(cgroup);
            LOG.info("removed a cgroup left by an engine path={}", cgroup);
        } catch (IOException e) {
            LOG.debug("cgroup is in use path={}", cgroup, e);
        }
    }
}
