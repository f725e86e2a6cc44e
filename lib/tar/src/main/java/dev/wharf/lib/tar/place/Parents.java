package dev.wharf.lib.tar.place;

import static dev.wharf.lib.linux.OpenAt2.RESOLVE_IN_ROOT;
import static dev.wharf.lib.linux.OpenAt2.RESOLVE_NO_MAGICLINKS;
import static dev.wharf.lib.linux.OpenAt2.RESOLVE_NO_SYMLINKS;

import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileType;
import dev.wharf.lib.linux.FilesAt;
import dev.wharf.lib.linux.OpenAt2;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.linux.Stat;
import dev.wharf.lib.tar.TarException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens the directories entries go into and makes those that are missing.
 *
 * <p>The usual path without symbolic links costs one openat2, and none while entries of one directory follow each other.
 * Otherwise the components are walked: a link is followed within the root even where it dangles, as its target is then
 * made. The kernel's resolution below the root is the guard in both ways; the walk only decides which path to ask for.
 */
public final class Parents implements AutoCloseable {
    private static final int INSIDE = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    private static final int DIRECTORY = OpenFlags.O_PATH | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW;

    /** As many as the kernel follows in one path (MAXSYMLINKS). */
    private static final int MAX_LINKS = 40;

    private final Fd root;
    private final MissingDirectories missing;
    private final int maxDepth;
    private @Nullable Opened cached;
    private boolean stale;

    /** Makes a directory that an archive implies but does not have (yet). */
    public interface MissingDirectories {
        /** Makes {@code place}, which does not exist. */
        void make(Place place);

        /** Whether what was found, no directory, stands for nothing, so that a directory can take its place. */
        boolean replaceable(Stat found);

        /** Makes {@code place} instead of what is there. */
        void replace(Place place);
    }

    private record Opened(List<String> requested, Fd fd, String path) {}

    /** Directories below {@code root}, which stays the caller's. */
    public Parents(Fd root, MissingDirectories missing, int maxDepth) {
        this.root = root;
        this.missing = missing;
        this.maxDepth = maxDepth;
    }

    /** The place of an entry; its parent is made if need be. The descriptor is valid until the next call. */
    public Place place(EntryPath path) {
        Opened parent = opened(path.parent(), true);
        return new Place(parent.fd, parent.path, path.base());
    }

    /** The place of something that has to exist already, such as the target of a hard link; ENOENT. */
    public Place existing(EntryPath path) {
        Opened parent = opened(path.parent(), false);
        return new Place(parent.fd, parent.path, path.base());
    }

    /** Makes the directory and those above it, as far as they are missing. */
    public void make(EntryPath directory) {
        opened(directory.components(), true);
    }

    /** Tells that something was replaced, so that the next call has to look again. */
    public void forget() {
        stale = true;
    }

    private Opened opened(List<String> components, boolean make) {
        Opened current = cached;
        if (current != null && !stale && current.requested.equals(components)) {
            return current;
        }
        Opened opened = open(components, make);
        close();
        cached = opened;
        stale = false;
        return opened;
    }

    private Opened open(List<String> components, boolean make) {
        String path = EntryPath.join(components);
        try {
            return new Opened(components, OpenAt2.open(root, path, DIRECTORY, 0, INSIDE | RESOLVE_NO_SYMLINKS), path);
        } catch (ErrnoException e) {
            if (!e.is(Errno.ELOOP) && !e.is(Errno.ENOENT) && !e.is(Errno.ENOTDIR)) {
                throw e;
            }
        }
        String walked = EntryPath.join(new Walk(make).to(components));
        return new Opened(components, OpenAt2.open(root, walked, DIRECTORY, 0, INSIDE | RESOLVE_NO_SYMLINKS), walked);
    }

    /** One walk over the components of a path. */
    private final class Walk {
        private final boolean make;
        private final List<String> resolved = new ArrayList<>();
        private final Deque<String> todo = new ArrayDeque<>();
        private int links;

        Walk(boolean make) {
            this.make = make;
        }

        List<String> to(List<String> components) {
            todo.addAll(components);
            while (!todo.isEmpty()) {
                String component = todo.removeFirst();
                if (component.equals("..")) {
                    pop();
                } else if (!component.isEmpty() && !component.equals(".")) {
                    step(component);
                }
            }
            return resolved;
        }

        private void pop() {
            if (!resolved.isEmpty()) {
                resolved.removeLast();
            }
        }

        private void step(String component) {
            try (Fd parent = OpenAt2.open(root, EntryPath.join(resolved), DIRECTORY, 0, INSIDE | RESOLVE_NO_SYMLINKS)) {
                Place place = new Place(parent, EntryPath.join(resolved), component);
                Stat found = Nodes.statOrNull(place);
                if (found != null && found.type() == FileType.SYMLINK) {
                    follow(FilesAt.readlink(parent, component));
                    return;
                }
                enter(place, found);
            }
        }

        private void enter(Place place, @Nullable Stat found) {
            if (resolved.size() >= maxDepth) {
                throw new TarException(TarException.Kind.TOO_MUCH, "depth is beyond the bound of " + maxDepth);
            }
            if (found == null) {
                make(place);
            } else if (found.type() != FileType.DIRECTORY) {
                replace(place, found);
            }
            resolved.add(place.name());
        }

        private void make(Place place) {
            if (!make) {
                throw new ErrnoException(Errno.ENOENT, "open " + place.path());
            }
            missing.make(place);
        }

        private void replace(Place place, Stat found) {
            if (!make || !missing.replaceable(found)) {
                throw new ErrnoException(make ? Errno.ENOTDIR : Errno.ENOENT, "open " + place.path());
            }
            missing.replace(place);
        }

        private void follow(String target) {
            if (++links > MAX_LINKS) {
                throw new ErrnoException(Errno.ELOOP, "follow links to " + target);
            }
            if (target.startsWith("/")) {
                resolved.clear();
            }
            Arrays.asList(target.split("/", -1)).reversed().forEach(todo::addFirst);
        }
    }

    @Override
    public void close() {
        if (cached != null) {
            cached.fd.close();
            cached = null;
        }
    }
}
