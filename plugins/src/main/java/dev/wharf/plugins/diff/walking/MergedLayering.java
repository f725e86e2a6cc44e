package dev.wharf.plugins.diff.walking;

import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Stat;
import dev.wharf.lib.tar.TarEntry;
import dev.wharf.lib.tar.place.EntryPath;
import dev.wharf.lib.tar.place.Nodes;
import dev.wharf.lib.tar.place.Place;
import java.util.function.Predicate;

/** A target in which all layers are seen at once: removing is removing. */
final class MergedLayering implements Layering {
    @Override
    public void whiteout(Place removed, TarEntry marker) {
        Nodes.remove(removed.directory(), removed.name());
    }

    @Override
    public void opaque(Place marker, Predicate<String> kept) {
        Nodes.removeChildren(marker.directory(), marker.directoryPath(), kept);
    }

    @Override
    public boolean isWhiteout(Stat found) {
        return false;
    }

    @Override
    public void replacedByDirectory(Place directory) {}

    @Override
    public void adorn(Place implied, Fd directory) {}

    @Override
    public void linkFromBelow(EntryPath target, Place link) {
        throw new ErrnoException(Errno.ENOENT, "open " + EntryPath.join(target.components()));
    }

    @Override
    public void close() {}
}
