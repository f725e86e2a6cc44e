package dev.wharf.plugins.diff.walking;

import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Stat;
import dev.wharf.lib.tar.TarEntry;
import dev.wharf.lib.tar.place.Place;
import org.jspecify.annotations.Nullable;

/**
 * What files of a layer are like when they have just been made, so that owner and mode are set only where they are not
 * right already.
 *
 * <p>What a new file gets depends on its directory (default ACL, set-group-id), the umask and who makes it, and of the
 * permissions asked for each bit is kept or lost by itself. So one look at a file tells it for all others of the same
 * directory that ask for no other bits. What it knows lasts as long as the directory stays open in {@code Parents},
 * which opens it anew after every entry that could have changed it; nothing in the daemon changes its umask.
 */
final class NewFiles {
    private static final int PRIVATE = 0600;
    private static final int PERMISSIONS = 0777;

    private @Nullable Fd directory;
    private int uid = -1;
    private int gid = -1;
    private int asked;
    private int granted;

    /**
     * The mode to make the file of an entry with: its own one if it is likely not to be changed afterwards, else one
     * that keeps others out until it has its owner.
     */
    int mode(TarEntry entry) {
        boolean plain = (entry.mode() & ~PERMISSIONS) == 0 && entry.xattrs().isEmpty();
        return plain && isOwner(entry) ? entry.mode() : PRIVATE;
    }

    /** Whether the file, made with this mode, has the owner, mode and attributes of its entry. */
    boolean isRight(Fd file, Place place, TarEntry entry, int mode) {
        if (place.directory() != directory || (mode & ~asked) != 0) {
            look(file, place, mode);
        }
        return mode == entry.mode()
                && (mode & ~granted) == 0
                && isOwner(entry)
                && entry.xattrs().isEmpty();
    }

    private boolean isOwner(TarEntry entry) {
        return uid == entry.uid() && gid == entry.gid();
    }

    private void look(Fd file, Place place, int mode) {
        Stat stat = Stat.of(file);
        boolean known = place.directory() == directory;
        directory = place.directory();
        uid = stat.uid();
        gid = stat.gid();
        asked = known ? asked | mode : mode;
        granted = known ? granted | stat.permissions() : stat.permissions();
    }
}
