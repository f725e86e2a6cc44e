package dev.wharf.plugins.snapshots.overlay;

import dev.wharf.core.mount.Mount;
import dev.wharf.core.snapshots.Kind;
import dev.wharf.core.snapshots.SnapshotIndex.Snapshot;
import dev.wharf.plugins.snapshots.SnapshotDirectories;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The mounts by which a snapshot is reached. */
final class OverlayMounts {
    private final SnapshotDirectories directories;
    private final OverlayFeatures features;
    private final List<String> options;

    OverlayMounts(SnapshotDirectories directories, OverlayFeatures features, List<String> configured) {
        this.directories = directories;
        this.features = features;
        this.options = options(configured, features);
    }

    /** The options for every overlay: those configured, and what this kernel needs and they leave open. */
    private static List<String> options(List<String> configured, OverlayFeatures features) {
        List<String> options = new ArrayList<>(configured);
        if (features.userXattr() && !has(configured, "userxattr")) {
            options.add("userxattr");
        }
        // The kernel takes the last value: index=off after a configured index=on would undo it.
        if (features.index() && !has(configured, "index")) {
            options.add("index=off");
        }
        return List.copyOf(options);
    }

    private static boolean has(List<String> options, String key) {
        return options.stream().anyMatch(option -> option.equals(key) || option.startsWith(key + "="));
    }

    /** A bind mount where one directory says it all, else an overlay. */
    List<Mount> of(Snapshot snapshot) {
        List<Long> parents = snapshot.parents();
        boolean active = snapshot.kind() == Kind.ACTIVE;
        if (parents.isEmpty()) {
            return List.of(bind(snapshot, fs(snapshot.id()), active ? "rw" : "ro"));
        }
        if (!active && parents.size() == 1) {
            return List.of(bind(snapshot, fs(parents.getFirst()), "ro"));
        }
        return List.of(overlay(snapshot, active));
    }

    private Mount bind(Snapshot snapshot, Path source, String access) {
        List<String> all = mappings(snapshot);
        all.add(access);
        all.add("rbind");
        return Mount.of("bind", source.toString(), all);
    }

    private Mount overlay(Snapshot snapshot, boolean active) {
        List<String> all = mappings(snapshot);
        if (active) {
            all.add("workdir=" + OverlayLayout.work(directories.of(snapshot.id())));
            all.add("upperdir=" + fs(snapshot.id()));
        }
        all.add(snapshot.parents().stream()
                .map(id -> fs(id).toString())
                .collect(Collectors.joining(":", "lowerdir=", "")));
        all.addAll(options);
        return Mount.of("overlay", "overlay", all);
    }

    private List<String> mappings(Snapshot snapshot) {
        List<String> mappings = new ArrayList<>();
        if (features.remapIds()) {
            addMapping(snapshot, OverlayLayout.UID_MAPPING, "uidmap=", mappings);
            addMapping(snapshot, OverlayLayout.GID_MAPPING, "gidmap=", mappings);
        }
        return mappings;
    }

    private static void addMapping(Snapshot snapshot, String label, String option, List<String> mappings) {
        String value = snapshot.labels().getOrDefault(label, "");
        if (!value.isEmpty()) {
            mappings.add(option + value);
        }
    }

    private Path fs(long id) {
        return OverlayLayout.fs(directories.of(id));
    }
}
