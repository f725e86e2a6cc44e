package dev.wharf.cmd.shim.transfer;

import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileSystem;
import dev.wharf.lib.linux.FileType;
import dev.wharf.lib.linux.FilesAt;
import dev.wharf.lib.linux.KernelCopy;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.linux.Stat;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A regular file that has no name until it is whole, where the file system can do that, else a temporary one. Closing it
 * without publishing leaves nothing behind.
 */
final class NewFile implements AutoCloseable {
    private static final int NAMED = OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_NOFOLLOW;

    private final Fd directory;
    private final ContainerRoot root;
    private final NewName name;
    private final Fd fd;
    private boolean named;

    private NewFile(Fd directory, ContainerRoot root, NewName name, Fd fd, boolean named) {
        this.directory = directory;
        this.root = root;
        this.name = name;
        this.fd = fd;
        this.named = named;
    }

    /** A new, empty file of the container's root user. */
    static NewFile in(Fd directory, ContainerRoot root) {
        NewName name = new NewName(directory, root);
        try {
            return new NewFile(
                    directory, root, name, open(directory, root, ".", OpenFlags.O_RDWR | OpenFlags.O_TMPFILE), false);
        } catch (ErrnoException e) {
            if (!e.is(Errno.EOPNOTSUPP) && !e.is(Errno.EISDIR) && !e.is(Errno.EINVAL)) {
                throw e;
            }
            return new NewFile(directory, root, name, open(directory, root, name.temporary(), NAMED), true);
        }
    }

    private static Fd open(Fd directory, ContainerRoot root, String name, int flags) {
        AtomicReference<Fd> opened = new AtomicReference<>();
        root.making(() -> opened.set(FilesAt.open(directory, name, flags, 0600)));
        return Objects.requireNonNull(opened.get());
    }

    Fd fd() {
        return fd;
    }

    /** Gives it its name, in the place of what is there, unless that is a directory. */
    void publish(String wanted) {
        try {
            if (!named) {
                link(wanted);
                return;
            }
        } catch (ErrnoException e) {
            if (!e.is(Errno.EEXIST)) {
                throw e;
            }
            link(name.temporary());
            named = true;
        }
        try {
            name.rename(wanted);
            named = false;
        } catch (ErrnoException e) {
            if (!e.is(Errno.EBUSY)) {
                throw e;
            }
            overwrite(wanted);
        }
    }

    private void link(String to) {
        root.making(() -> FilesAt.link(fd, directory, to));
    }

    /** A file that something is mounted on, such as a container's /etc/hosts, cannot be replaced, only filled. */
    private void overwrite(String wanted) {
        try (Fd node = FilesAt.open(directory, wanted, OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW, 0)) {
            if (Stat.of(node).type() != FileType.REGULAR || FileSystem.of(node).isOfKernel()) {
                throw new ErrnoException(Errno.EBUSY, "overwrite " + wanted);
            }
            try (Fd target = Fd.open(node.procPath(), OpenFlags.O_WRONLY | OpenFlags.O_TRUNC);
                    Fd source = Fd.open(fd.procPath(), OpenFlags.O_RDONLY)) {
                KernelCopy.copyAll(source, target);
                FilesAt.chmod(target, Stat.of(fd).permissions());
            }
        }
    }

    @Override
    public void close() {
        try {
            if (named) {
                name.remove();
            }
        } finally {
            fd.close();
        }
    }
}
