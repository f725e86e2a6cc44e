package dev.wharf.cmd.shimwasi.root;

import dev.wharf.api.types.Mount;
import dev.wharf.cmd.shimwasi.spec.ContainerSpec;
import dev.wharf.cmd.shimwasi.spec.SpecMount;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileType;
import dev.wharf.lib.linux.FilesAt;
import dev.wharf.lib.linux.MountAttributes;
import dev.wharf.lib.linux.MountTree;
import dev.wharf.lib.linux.Mounts;
import dev.wharf.lib.linux.Namespaces;
import dev.wharf.lib.linux.OpenAt2;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.linux.Processes;
import dev.wharf.lib.linux.Stat;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes the files of a container all that the calling thread can reach: its root becomes the container's root file
 * system with the mounts in it, in a mount namespace that ends with the thread. Device nodes cannot be opened there.
 *
 * <p>For a platform thread inside new namespaces, which afterwards must neither load classes of a jar that was never
 * opened nor do what {@link Namespaces} warns of.
 */
public final class RootFiles {
    private static final long SAFE = MountAttributes.NODEV | MountAttributes.NOSUID;

    private final ContainerSpec spec;
    private final List<Mount> rootfs;

    /** @param rootfs what the daemon wants to be mounted as the root file system; none where it is there already */
    public RootFiles(ContainerSpec spec, List<Mount> rootfs) {
        this.spec = spec;
        this.rootfs = rootfs;
    }

    /** Makes the mounts and moves the calling thread among them. */
    public void enter() {
        Mounts.mount("", "none", Path.of("/"), List.of("rprivate"));
        for (Mount mount : rootfs) {
            Mounts.mount(mount.getType(), mount.getSource(), spec.root(), mount.getOptionsList());
        }
        try (MountTree tree = MountTree.copyOf(spec.root(), true)) {
            tree.setAttributes(SAFE, 0, true);
            tree.attach(spec.root());
        }
        try (Fd root = Fd.directory(spec.root())) {
            spec.mounts().stream().filter(SpecMount::isForModules).forEach(mount -> mount(root, mount));
        }
        if (spec.readonly()) {
            try (MountTree tree = MountTree.at(spec.root())) {
                tree.setAttributes(MountAttributes.RDONLY, 0, false);
            }
        }
        Namespaces.pivotRoot(spec.root());
        Processes.reachFilesAs(spec.user(), spec.group());
    }

    private void mount(Fd root, SpecMount mount) {
        boolean file = mount.isBind() && Stat.of(Path.of(mount.source())).type() != FileType.DIRECTORY;
        try (Fd target = target(root, mount.destination(), file)) {
            Path place = target.procPath();
            if (mount.isBind()) {
                bind(mount, target);
            } else {
                Mounts.mount(mount.type(), mount.source(), place, mount.options());
            }
        }
    }

    private static void bind(SpecMount mount, Fd target) {
        try (MountTree tree =
                MountTree.copyOf(Path.of(mount.source()), mount.options().contains("rbind"))) {
            long readonly = mount.options().contains("ro") ? MountAttributes.RDONLY : 0;
            tree.setAttributes(SAFE | readonly, 0, true);
            tree.attach(target);
        }
    }

    /** The place of a mount, made where it is missing, found without leaving the root file system. */
    private static Fd target(Fd root, String destination, boolean file) {
        String path = destination.replaceAll("/+", "/").replaceAll("^/|/$", "");
        int slash = 0;
        while (slash >= 0) {
            slash = path.indexOf('/', slash + 1);
            make(root, slash < 0 ? path : path.substring(0, slash), slash < 0 && file);
        }
        return OpenAt2.open(root, path.isEmpty() ? "." : path, OpenFlags.O_PATH, 0, OpenAt2.RESOLVE_IN_ROOT);
    }

    private static void make(Fd root, String path, boolean file) {
        try {
            OpenAt2.open(root, path.isEmpty() ? "." : path, OpenFlags.O_PATH, 0, OpenAt2.RESOLVE_IN_ROOT)
                    .close();
        } catch (ErrnoException missing) {
            int slash = path.lastIndexOf('/');
            String parent = slash < 0 ? "." : path.substring(0, slash);
            try (Fd in = OpenAt2.open(root, parent, OpenFlags.O_PATH, 0, OpenAt2.RESOLVE_IN_ROOT)) {
                String name = path.substring(slash + 1);
                if (file) {
                    FilesAt.open(in, name, OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_WRONLY, 0644)
                            .close();
                } else {
                    FilesAt.mkdir(in, name, 0755);
                }
            }
        }
    }
}
