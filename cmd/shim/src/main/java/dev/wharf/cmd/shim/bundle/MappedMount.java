package dev.wharf.cmd.shim.bundle;

import dev.wharf.api.types.Mount;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.MountAttributes;
import dev.wharf.lib.linux.MountTree;
import dev.wharf.lib.linux.Mounts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A mount through which files have other owners. Of an overlay the lower directories are mapped, by one mapped copy of
 * the directory they have in common; anything else is mapped itself. What is mounted below is mapped too. The copy has a
 * place in the bundle, so that it goes with the container when this process dies over it. Source: mount_setattr(2).
 */
final class MappedMount {
    private static final String LOWER = "lowerdir=";

    private MappedMount() {}

    static void mount(Mount mount, Path target, Bundle bundle) {
        List<String> options = OwnerMapping.otherOptions(mount.getOptionsList());
        try (Fd namespace = OwnerMapping.of(mount.getOptionsList()).namespace()) {
            if (mount.getType().equals("overlay")) {
                overlay(mount.getSource(), target, options, namespace, bundle.makeMountPlace());
            } else {
                Mounts.mount(mount.getType(), mount.getSource(), target, options);
                replace(target, namespace);
            }
        }
    }

    /** Puts a mapped copy where the mount was: both at once there would hide what is mounted below the lower one. */
    private static void replace(Path target, Fd namespace) {
        try (MountTree tree = MountTree.copyOf(target, true)) {
            tree.mapOwners(namespace, true);
            Mounts.unmount(target, Mounts.MNT_DETACH | Mounts.UMOUNT_NOFOLLOW);
            tree.attach(target);
        }
    }

    private static void overlay(String source, Path target, List<String> options, Fd namespace, Path copy) {
        List<Path> layers = layers(options);
        Path common = commonDirectory(layers);
        try (MountTree tree = MountTree.copyOf(common, true)) {
            tree.mapOwners(namespace, true);
            tree.setAttributes(MountAttributes.RDONLY, 0, true);
            tree.attach(copy);
            try {
                Mounts.mount("overlay", source, target, through(options, layers, common, copy));
            } finally {
                Mounts.unmount(copy, Mounts.MNT_DETACH);
            }
        }
    }

    private static List<Path> layers(List<String> options) {
        return options.stream()
                .filter(option -> option.startsWith(LOWER))
                .flatMap(
                        option -> Arrays.stream(option.substring(LOWER.length()).split(":", -1)))
                .map(Path::of)
                .toList();
    }

    private static List<String> through(List<String> options, List<Path> layers, Path common, Path copy) {
        List<String> changed = new ArrayList<>(
                options.stream().filter(option -> !option.startsWith(LOWER)).toList());
        changed.add(LOWER
                + layers.stream()
                        .map(layer -> copy.resolve(common.relativize(layer)).toString())
                        .collect(Collectors.joining(":")));
        return changed;
    }

    private static Path commonDirectory(List<Path> layers) {
        Path common = layers.stream()
                .map(MappedMount::parent)
                .reduce(MappedMount::common)
                .orElseThrow(() -> new IllegalArgumentException("an overlay without lowerdir cannot map owners"));
        if (common.getNameCount() == 0) {
            throw new IllegalArgumentException("the lower directories have only / in common: " + layers);
        }
        return common;
    }

    private static Path parent(Path layer) {
        Path parent = layer.getParent();
        return parent == null ? layer : parent;
    }

    private static Path common(Path a, Path b) {
        Path common = a;
        while (!b.startsWith(common)) {
            common = parent(common);
        }
        return common;
    }
}
