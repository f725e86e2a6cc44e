package dev.wharf.plugins.diff.walking;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.mount.Mount;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.OpenFlags;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The directory a layer is unpacked into, and how layers show there.
 *
 * <p>A single overlay is not mounted: the layer goes into its upper directory. A single writable bind mount is not
 * mounted either: the layer goes into its source. Anything else is mounted for the time of the apply.
 */
final class ApplyTarget implements AutoCloseable {
    private final Fd root;
    private final Layering layering;
    private final @Nullable TempMount mounted;

    private ApplyTarget(Path directory, Layering layering, @Nullable TempMount mounted) {
        this.layering = layering;
        this.mounted = mounted;
        this.root = Fd.directory(directory);
    }

    /**
     * Opens the target behind mounts; {@code NOT_IMPLEMENTED} for mounts that are not the kernel's to make.
     *
     * @param mountRoot where temporary mounts go
     * @param overlayMarks whether overlayfs' marks can be written from outside an overlay
     */
    static ApplyTarget open(List<Mount> mounts, Path mountRoot, boolean overlayMarks) {
        check(mounts);
        Mount first = mounts.getFirst();
        Optional<Path> upper = mounts.size() == 1 && overlayMarks ? upper(first) : Optional.empty();
        try {
            if (upper.isPresent()) {
                Layering layering = new UpperLayering(first, lower(first), mountRoot);
                return unlessFailing(upper.get(), layering, null);
            }
            if (mounts.size() == 1 && isWritableBind(first)) {
                return unlessFailing(Path.of(first.source()), new MergedLayering(), null);
            }
            TempMount mounted = TempMount.of(mounts, mountRoot);
            return unlessFailing(mounted.root(), new MergedLayering(), mounted);
        } catch (ErrnoException e) {
            throw ErrorKind.FAILED_PRECONDITION.of("open the snapshot to unpack into: " + e.getMessage(), e);
        }
    }

    private static ApplyTarget unlessFailing(Path directory, Layering layering, @Nullable TempMount mounted) {
        try {
            return new ApplyTarget(directory, layering, mounted);
        } catch (RuntimeException e) {
            layering.close();
            if (mounted != null) {
                mounted.close();
            }
            throw e;
        }
    }

    private static void check(List<Mount> mounts) {
        if (mounts.isEmpty()) {
            throw ErrorKind.INVALID_ARGUMENT.of("apply needs a mount to unpack into");
        }
        for (Mount mount : mounts) {
            if (mount.type().contains("/")) {
                throw ErrorKind.NOT_IMPLEMENTED.of("unpacking into a mount of type " + mount.type());
            }
        }
    }

    /** The upper directory; none for a read-only overlay, or one whose marks are user attributes. */
    private static Optional<Path> upper(Mount mount) {
        if (!mount.type().equals("overlay") || mount.options().contains("userxattr")) {
            return Optional.empty();
        }
        return option(mount, "upperdir=").map(value -> Path.of(unescaped(value)));
    }

    private static List<Path> lower(Mount mount) {
        return option(mount, "lowerdir=").stream()
                .flatMap(value -> Arrays.stream(value.split("(?<!\\\\):")))
                .filter(part -> !part.isEmpty())
                .map(part -> Path.of(unescaped(part)))
                .toList();
    }

    private static Optional<String> option(Mount mount, String prefix) {
        return mount.options().stream()
                .filter(option -> option.startsWith(prefix))
                .reduce((first, last) -> last)
                .map(option -> option.substring(prefix.length()));
    }

    private static String unescaped(String path) {
        return path.replaceAll("\\\\([:,\\\\])", "$1");
    }

    private static boolean isWritableBind(Mount mount) {
        boolean bind = mount.type().equals("bind")
                || mount.options().contains("bind")
                || mount.options().contains("rbind");
        return bind && !mount.readOnly() && mount.target().isEmpty();
    }

    Fd root() {
        return root;
    }

    Layering layering() {
        return layering;
    }

    /** Brings all that was unpacked to the disk. */
    void sync() {
        try (Fd readable = Fd.open(root.procPath(), OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY)) {
            FileIo.syncfs(readable);
        } catch (ErrnoException e) {
            throw ErrorKind.INTERNAL.of("sync the unpacked layer: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        root.close();
        layering.close();
        if (mounted != null) {
            mounted.close();
        }
    }
}
