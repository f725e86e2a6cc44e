package dev.wharf.plugins.diff.walking;

import static dev.wharf.lib.linux.OpenFlags.AT_EMPTY_PATH;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.mount.Mount;
import dev.wharf.lib.linux.Device;
import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileType;
import dev.wharf.lib.linux.FilesAt;
import dev.wharf.lib.linux.OpenAt2;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.linux.Stat;
import dev.wharf.lib.linux.Xattr;
import dev.wharf.lib.tar.TarEntry;
import dev.wharf.lib.tar.place.EntryPath;
import dev.wharf.lib.tar.place.Nodes;
import dev.wharf.lib.tar.place.Place;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The upper directory of an overlay: what is removed is hidden by overlayfs' own marks, as the overlay is not mounted.
 *
 * <p>A removed name is a character device 0:0, a directory that hides what is below has the attribute
 * {@code trusted.overlay.opaque}. A directory the layer implies looks as in the newest layer that has it. The one case
 * that needs the layers below as a whole, a hard link to a file of theirs, mounts the overlay for a moment and leaves
 * copying the file up to the kernel. Source: the kernel's overlayfs documentation.
 */
final class UpperLayering implements Layering {
    private static final String OPAQUE = "trusted.overlay.opaque";
    private static final byte[] YES = {'y'};
    private static final int INSIDE = OpenAt2.RESOLVE_IN_ROOT | OpenAt2.RESOLVE_NO_MAGICLINKS;

    private final Mount overlay;
    private final Path mountRoot;
    private final List<Fd> lower = new ArrayList<>();

    UpperLayering(Mount overlay, List<Path> lowerDirectories, Path mountRoot) {
        this.overlay = overlay;
        this.mountRoot = mountRoot;
        try {
            lowerDirectories.forEach(directory -> lower.add(Fd.directory(directory)));
        } catch (ErrnoException e) {
            close();
            throw e;
        }
    }

    @Override
    public void whiteout(Place removed, TarEntry marker) {
        Nodes.remove(removed.directory(), removed.name());
        FilesAt.mknod(removed.directory(), removed.name(), FileType.CHARACTER_DEVICE.bits(), Device.NONE);
        int flags = OpenFlags.AT_SYMLINK_NOFOLLOW;
        FilesAt.chown(removed.directory(), removed.name(), marker.uid(), marker.gid(), flags);
    }

    @Override
    public void opaque(Place marker, Predicate<String> kept) {
        Nodes.removeChildren(marker.directory(), marker.directoryPath(), kept);
        Xattr.set(marker.directory(), OPAQUE, YES, 0);
    }

    @Override
    public boolean isWhiteout(Stat found) {
        return found.type() == FileType.CHARACTER_DEVICE && found.special().equals(Device.NONE);
    }

    @Override
    public void replacedByDirectory(Place directory) {
        try (Fd fd = Nodes.open(directory)) {
            Xattr.set(fd, OPAQUE, YES, 0);
        }
    }

    @Override
    public void adorn(Place implied, Fd directory) {
        needsLayersBelow("directory " + implied.path() + " that it does not describe");
        for (Fd layer : lower) {
            try (Fd below = OpenAt2.open(layer, implied.path(), OpenFlags.O_PATH, 0, INSIDE)) {
                Stat stat = Stat.of(below);
                if (stat.type() == FileType.DIRECTORY) {
                    copy(below, stat, directory);
                }
                return;
            } catch (ErrnoException e) {
                if (!e.is(Errno.ENOENT)) {
                    throw e;
                }
            }
        }
    }

    private static void copy(Fd below, Stat stat, Fd directory) {
        FilesAt.chown(directory, "", stat.uid(), stat.gid(), AT_EMPTY_PATH);
        for (String name : Xattr.list(below)) {
            if (!name.startsWith(Metadata.TRUSTED)) {
                Xattr.get(below, name).ifPresent(value -> Xattr.set(directory, name, value, 0));
            }
        }
        FilesAt.chmod(directory, stat.permissions());
        FilesAt.setTimes(directory, "", stat.accessed(), stat.modified(), AT_EMPTY_PATH);
    }

    @Override
    public void linkFromBelow(EntryPath target, Place link) {
        needsLayersBelow("link to " + EntryPath.join(target.parent()) + "/" + target.base());
        try (TempMount merged = TempMount.of(List.of(overlay), mountRoot);
                Fd root = Fd.directory(merged.root());
                Fd targetParent = OpenAt2.directoryInRoot(root, EntryPath.join(target.parent()));
                Fd linkParent = OpenAt2.directoryInRoot(root, link.directoryPath())) {
            link(targetParent, target.base(), linkParent, link.name());
        }
    }

    /** A layer that is put upon others later is unpacked without them; one that needs them cannot be. */
    private void needsLayersBelow(String what) {
        if (lower.isEmpty()) {
            throw ErrorKind.FAILED_PRECONDITION.of("the layer has a " + what + ", so it needs the layers below it");
        }
    }

    /** Links, in place of what a layer below has by that name. */
    private static void link(Fd targetParent, String target, Fd linkParent, String name) {
        try {
            FilesAt.link(targetParent, target, linkParent, name);
        } catch (ErrnoException e) {
            if (!e.is(Errno.EEXIST)) {
                throw e;
            }
            Nodes.remove(linkParent, name);
            FilesAt.link(targetParent, target, linkParent, name);
        }
    }

    @Override
    public void close() {
        lower.forEach(Fd::close);
        lower.clear();
    }
}
