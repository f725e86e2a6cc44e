package dev.wharf.lib.tar.place;

import dev.wharf.lib.linux.Fd;

/**
 * Where an entry goes: a name within an open directory.
 *
 * @param directory the parent, owned by {@link Parents}
 * @param directoryPath its path below the root, free of symbolic links; {@code .} for the root
 * @param name the last component
 */
public record Place(Fd directory, String directoryPath, String name) {
    /** The path below the root, free of symbolic links up to the last component. */
    public String path() {
        return child(directoryPath, name);
    }

    /** The path of a name in a directory. */
    public static String child(String directoryPath, String name) {
        return directoryPath.equals(".") ? name : directoryPath + "/" + name;
    }
}
