package dev.wharf.plugins.snapshots;

import dev.wharf.lib.linux.Directory;
import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileType;
import dev.wharf.lib.linux.FilesAt;
import dev.wharf.lib.linux.OpenFlags;
import java.nio.file.Path;

/**
 * Deletes a directory with all below it, however deep, following no link.
 *
 * <p>Several may delete the same tree at once. At most {@value #MAX_DEPTH} descriptors are open: what lies deeper is
 * moved up to the top first.
 */
final class TreeRemoval {
    private static final int MAX_DEPTH = 64;
    private static final int DIRECTORY = OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW;

    private final Fd top;
    private int moved;

    private TreeRemoval(Fd top) {
        this.top = top;
    }

    /** Deletes the tree; fine if it is gone. */
    static void delete(Path directory) {
        unlessGone(() -> {
            try (Fd fd = Fd.open(directory, DIRECTORY)) {
                TreeRemoval removal = new TreeRemoval(fd);
                do {
                    removal.moved = 0;
                    removal.empty(fd, 0);
                } while (removal.moved > 0);
            }
            FilesAt.rmdir(Fd.CWD, directory.toString());
        });
    }

    private void empty(Fd directory, int depth) {
        for (Directory.Entry entry : Directory.list(directory)) {
            unlessGone(() -> remove(directory, entry, depth));
        }
    }

    private void remove(Fd parent, Directory.Entry entry, int depth) {
        if (entry.type() != FileType.DIRECTORY && unlinked(parent, entry.name())) {
            return;
        }
        if (depth == MAX_DEPTH) {
            moveUp(parent, entry.name());
            return;
        }
        try (Fd child = FilesAt.open(parent, entry.name(), DIRECTORY, 0)) {
            empty(child, depth + 1);
        }
        FilesAt.rmdir(parent, entry.name());
    }

    /** Deletes what is no directory; false when it is one after all. */
    private static boolean unlinked(Fd parent, String name) {
        try {
            FilesAt.unlink(parent, name);
            return true;
        } catch (ErrnoException e) {
            if (e.is(Errno.EISDIR)) {
                return false;
            }
            throw e;
        }
    }

    private void moveUp(Fd parent, String name) {
        moved++;
        FilesAt.rename(parent, name, top, ".wharf-deep-" + System.nanoTime() + "-" + moved, 0);
    }

    private static void unlessGone(Runnable work) {
        try {
            work.run();
        } catch (ErrnoException e) {
            if (!e.is(Errno.ENOENT)) {
                throw e;
            }
        }
    }
}
