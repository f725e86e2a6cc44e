package dev.wharf.plugins.diff.walking;

import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Stat;
import dev.wharf.lib.tar.TarEntry;
import dev.wharf.lib.tar.place.EntryPath;
import dev.wharf.lib.tar.place.Place;
import java.util.function.Predicate;

/** How a target shows what a layer removes or only implies: it holds all layers merged, or the upper one alone. */
sealed interface Layering extends AutoCloseable permits MergedLayering, UpperLayering {
    /** Removes what the layers below have at the place. */
    void whiteout(Place removed, TarEntry marker);

    /** Removes what the layers below have in a directory; {@code kept} knows the paths of this layer. */
    void opaque(Place marker, Predicate<String> kept);

    /** Whether what was found where a directory is wanted stands for nothing. */
    boolean isWhiteout(Stat found);

    /** After a directory took the place of something else, which had hidden what the layers below have there. */
    void replacedByDirectory(Place directory);

    /** Gives a directory, just made because the layer implies it, the owner, mode, times and attributes it should have. */
    void adorn(Place implied, Fd directory);

    /** Makes a hard link to a file that only a layer below has; ENOENT when none does. */
    void linkFromBelow(EntryPath target, Place link);

    @Override
    void close();
}
