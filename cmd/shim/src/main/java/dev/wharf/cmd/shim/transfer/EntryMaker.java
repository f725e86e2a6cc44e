package dev.wharf.cmd.shim.transfer;

import static dev.wharf.lib.linux.OpenFlags.AT_EMPTY_PATH;

import dev.wharf.lib.linux.Device;
import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileSystem;
import dev.wharf.lib.linux.FileType;
import dev.wharf.lib.linux.FilesAt;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.linux.Stat;
import dev.wharf.lib.tar.TarEntry;
import dev.wharf.lib.tar.TarType;
import dev.wharf.lib.tar.place.FileContent;
import dev.wharf.lib.tar.place.Nodes;
import dev.wharf.lib.tar.place.Place;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;

/** Makes what entries describe, with owner, mode, attributes and times. */
final class EntryMaker {
    /** The last second whose nanoseconds since the epoch fit 64 bits, which is what file systems keep. */
    private static final Instant LATEST = Instant.ofEpochSecond(0, Long.MAX_VALUE);

    /** As much as comes over a stream at once. */
    private static final int BUFFER = 1 << 15;

    private final ContainerRoot root;
    private final boolean owners;
    private final Attributes attributes;
    private final FileContent copier = new FileContent(BUFFER);

    EntryMaker(ContainerRoot root, boolean owners) {
        this.root = root;
        this.owners = owners;
        this.attributes = new Attributes(root);
    }

    /** Makes anything but a directory and a hard link. Device nodes are left out where a user namespace forbids them. */
    void make(Place place, TarEntry entry, InputStream content) throws IOException {
        switch (entry.type()) {
            case REGULAR -> regular(place, entry, content);
            case SYMLINK -> special(place, entry, name -> FilesAt.symlink(entry.linkName(), place.directory(), name));
            case FIFO -> special(place, entry, FileType.FIFO, Device.NONE);
            case CHARACTER_DEVICE -> device(place, entry, FileType.CHARACTER_DEVICE);
            case BLOCK_DEVICE -> device(place, entry, FileType.BLOCK_DEVICE);
            case DIRECTORY, HARD_LINK -> throw new IllegalArgumentException("not made here: " + entry.type());
        }
    }

    private void regular(Place place, TarEntry entry, InputStream content) throws IOException {
        try (NewFile file = NewFile.in(place.directory(), root)) {
            copier.copy(content, file.fd(), entry);
            adorn(file.fd(), entry);
            file.publish(place.name());
        }
    }

    private void device(Place place, TarEntry entry, FileType type) {
        if (root.sharesOwners()) {
            Device device = new Device(number(entry.deviceMajor()), number(entry.deviceMinor()));
            special(place, entry, type, device);
        }
    }

    private static int number(long number) {
        return Math.clamp(number, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    private void special(Place place, TarEntry entry, FileType type, Device device) {
        special(place, entry, name -> FilesAt.mknod(place.directory(), name, type.bits(), device));
    }

    private interface Making {
        void as(String name);
    }

    private void special(Place place, TarEntry entry, Making making) {
        NewName name = new NewName(place.directory(), root);
        try {
            root.making(() -> making.as(name.temporary()));
            try (Fd node =
                    FilesAt.open(place.directory(), name.temporary(), OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW, 0)) {
                adorn(node, entry);
            }
            name.rename(place.name());
        } finally {
            name.remove();
        }
    }

    /**
     * Makes a directory, or gives the one that is there the entry's metadata; a link to one stays
     * as it is, as does one of the kernel, and false is answered.
     */
    boolean directory(Place place, TarEntry entry) {
        try {
            root.making(() -> FilesAt.mkdir(place.directory(), place.name(), 0700));
        } catch (ErrnoException e) {
            if (!e.is(Errno.EEXIST)) {
                throw e;
            }
        }
        try (Fd node = Nodes.open(place)) {
            FileType type = Stat.of(node).type();
            if (type == FileType.SYMLINK) {
                return false;
            }
            if (type != FileType.DIRECTORY) {
                throw new ErrnoException(Errno.ENOTDIR, "mkdir " + place.path());
            }
            if (FileSystem.of(node).isOfKernel()) {
                return false;
            }
            adorn(node, entry);
            return true;
        }
    }

    /** Gives a file another name. */
    void hardLink(Fd target, Place place) {
        if (Stat.of(target).type() == FileType.DIRECTORY) {
            throw new IllegalArgumentException("hard link to a directory");
        }
        NewName name = new NewName(place.directory(), root);
        try {
            root.making(() -> FilesAt.link(target, place.directory(), name.temporary()));
            name.rename(place.name());
        } finally {
            name.remove();
        }
    }

    private void adorn(Fd node, TarEntry entry) {
        if (owners) {
            FilesAt.chown(
                    node, "", root.users().outside(entry.uid()), root.groups().outside(entry.gid()), AT_EMPTY_PATH);
        }
        if (entry.type() == TarType.REGULAR || entry.type() == TarType.DIRECTORY) {
            attributes.set(node, entry.xattrs());
        }
        if (entry.type() != TarType.SYMLINK) {
            FilesAt.chmod(node, entry.mode());
        }
        setTimes(node, entry);
    }

    /** Sets the times alone. */
    void setTimes(Fd node, TarEntry entry) {
        FilesAt.setTimes(node, "", bounded(entry.accessed()), bounded(entry.modified()), AT_EMPTY_PATH);
    }

    private static Instant bounded(Instant time) {
        return time.isAfter(LATEST) ? LATEST : time;
    }
}
