package dev.wharf.plugins.snapshots;

import dev.wharf.core.mount.Mount;
import dev.wharf.lib.linux.Mounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the tests of snapshotters do with the machine: mount, unmount, list directories. */
public final class RealMounts {
    private RealMounts() {}

    public static void mount(List<Mount> mounts, Path target) {
        mounts.forEach(mount -> Mounts.mount(mount.type(), mount.source(), target, mount.options()));
    }

    public static void unmount(Path target) {
        Mounts.unmountAll(target, 0);
    }

    /** The names below {@code snapshots} of a snapshotter's root. */
    public static Set<String> names(Path root) {
        try (Stream<Path> paths = Files.list(root.resolve("snapshots"))) {
            return paths.map(path -> path.getFileName().toString()).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
