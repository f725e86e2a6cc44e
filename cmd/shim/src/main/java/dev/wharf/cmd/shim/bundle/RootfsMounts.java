package dev.wharf.cmd.shim.bundle;

import dev.wharf.api.types.Mount;
import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.LoopDevice;
import dev.wharf.lib.linux.Mounts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the root file system of a container together from the mounts the daemon names, and takes it apart. */
public final class RootfsMounts {
    private static final Logger LOG = LoggerFactory.getLogger(RootfsMounts.class);

    /** How often a busy mount is tried again, and how long to wait before. */
    private static final int TRIES = 50;

    private static final Duration PAUSE = Duration.ofMillis(50);

    private static final String LOOP = "loop";

    private RootfsMounts() {}

    /** Mounts all in order; when one fails, those before it are taken off again. */
    public static void mount(List<Mount> mounts, Bundle bundle) {
        try {
            if (FormattedMounts.isIn(mounts)) {
                mountApart(mounts, bundle);
            } else {
                for (Mount mount : mounts) {
                    mount(mount, target(bundle.rootfs(), mount.getTarget()), bundle);
                }
            }
        } catch (RuntimeException e) {
            try {
                unmount(bundle);
            } catch (ErrnoException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    /** All but the last have places of their own, to which later ones refer. */
    private static void mountApart(List<Mount> mounts, Bundle bundle) {
        List<Path> places = new ArrayList<>();
        for (Mount mount : mounts) {
            int number = places.size();
            Mount resolved = new FormattedMounts(mounts.subList(0, number), places).resolve(mount);
            Path place = number == mounts.size() - 1 ? bundle.rootfs() : bundle.makeMountPlace();
            mount(resolved, place, bundle);
            places.add(place);
        }
    }

    private static void mount(Mount mount, Path target, Bundle bundle) {
        String type = mount.getType();
        if (type.startsWith("fuse.") || type.startsWith("fuse3.")) {
            throw new IllegalArgumentException("mount of type " + type + ": mounting by a helper is not supported");
        }
        if (mount.getOptionsList().contains(LOOP)) {
            mountFile(mount, target);
        } else if (OwnerMapping.isAskedFor(mount.getOptionsList())) {
            MappedMount.mount(mount, target, bundle);
        } else {
            Mounts.mount(type, mount.getSource(), target, mount.getOptionsList());
        }
    }

    private static void mountFile(Mount mount, Path target) {
        List<String> options = mount.getOptionsList().stream()
                .filter(option -> !option.equals(LOOP))
                .toList();
        try (LoopDevice device = LoopDevice.attach(Path.of(mount.getSource()), options.contains("ro"))) {
            Mounts.mount(mount.getType(), device.path().toString(), target, options);
        }
    }

    private static Path target(Path rootfs, String below) {
        Path target = rootfs.resolve(below.replaceAll("^/+", "")).normalize();
        if (!target.startsWith(rootfs)) {
            throw new IllegalArgumentException("mount target outside of the root file system: " + below);
        }
        return below.isEmpty() ? rootfs : realPath(rootfs, target);
    }

    private static Path realPath(Path rootfs, Path target) {
        try {
            Path real = target.toRealPath();
            if (!real.startsWith(rootfs.toRealPath())) {
                throw new IllegalArgumentException("mount target leads out of the root file system: " + target);
            }
            return real;
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException("cannot mount on " + target, e);
        }
    }

    /** Takes off everything on and below the root file system; nothing there is fine. */
    public static void unmount(Bundle bundle) {
        unmount(bundle.rootfs());
        bundle.mountPlaces().reversed().forEach(RootfsMounts::unmount);
        bundle.removeMountPlaces();
    }

    private static void unmount(Path place) {
        for (int round = 0; round < TRIES; round++) {
            try {
                unmount(place, round);
                return;
            } catch (ErrnoException e) {
                if (!e.is(Errno.EBUSY) || round == TRIES - 1) {
                    throw e;
                }
                LockSupport.parkNanos(round == 0 ? 0 : PAUSE.toNanos());
            }
        }
    }

    /** The first try is the usual case; those after it look for mounts below. */
    private static void unmount(Path place, int round) {
        int flags = Mounts.UMOUNT_NOFOLLOW;
        if (round == TRIES - 1) {
            LOG.warn("a root file system stays busy and is taken off lazily, place={}", place);
            flags |= Mounts.MNT_DETACH;
        }
        if (round > 0) {
            Mounts.unmountRecursive(place, flags);
        }
        Mounts.unmountAll(place, flags);
    }
}
