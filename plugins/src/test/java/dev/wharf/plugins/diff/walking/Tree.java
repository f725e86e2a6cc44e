package dev.wharf.plugins.diff.walking;

import dev.wharf.core.oci.Digest;
import dev.wharf.lib.linux.Directory;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileType;
import dev.wharf.lib.linux.FilesAt;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.linux.Stat;
import dev.wharf.lib.linux.Xattr;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** All that can be told of the files below a directory, as text by path, to be compared. */
final class Tree {
    private final Map<String, String> lines = new TreeMap<>();
    private final Map<Long, String> inodes = new TreeMap<>();
    private final ChronoUnit precision;
    private final boolean withXattrs;

    private Tree(ChronoUnit precision, boolean withXattrs) {
        this.precision = precision;
        this.withXattrs = withXattrs;
    }

    static Map<String, String> of(Path root) {
        return of(root, ChronoUnit.NANOS, true);
    }

    static Map<String, String> of(Path root, ChronoUnit precision, boolean withXattrs) {
        Tree tree = new Tree(precision, withXattrs);
        try (Fd fd = Fd.directory(root)) {
            tree.walk(fd, "");
        }
        return tree.lines;
    }

    private void walk(Fd directory, String prefix) {
        Directory.list(directory).stream()
                .sorted((a, b) -> a.name().compareTo(b.name()))
                .forEach(entry -> describe(directory, entry.name(), prefix + entry.name()));
    }

    private void describe(Fd parent, String name, String path) {
        Stat stat = Stat.of(parent, name, OpenFlags.AT_SYMLINK_NOFOLLOW);
        String line = stat.type() + " " + Integer.toOctalString(stat.permissions()) + " " + stat.uid() + ":"
                + stat.gid() + " " + stat.modified().truncatedTo(precision);
        if (stat.links() > 1 && stat.type() != FileType.DIRECTORY) {
            line += " inode of " + inodes.computeIfAbsent(stat.inode(), key -> path);
        }
        lines.put(path, line + rest(parent, name, stat));
        if (stat.type() == FileType.DIRECTORY) {
            try (Fd fd = FilesAt.open(parent, name, OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW, 0)) {
                walk(fd, path + "/");
            }
        }
    }

    private String rest(Fd parent, String name, Stat stat) {
        return switch (stat.type()) {
            case SYMLINK -> " -> " + FilesAt.readlink(parent, name);
            case CHARACTER_DEVICE, BLOCK_DEVICE -> " " + stat.special();
            case REGULAR -> " " + stat.size() + " " + content(parent, name) + xattrs(parent, name);
            case DIRECTORY, FIFO -> xattrs(parent, name);
            case SOCKET, UNKNOWN -> "";
        };
    }

    private static String content(Fd parent, String name) {
        try (Fd fd = FilesAt.open(parent, name, OpenFlags.O_RDONLY, 0)) {
            return Digest.sha256(Files.readAllBytes(fd.procPath())).hex().substring(0, 12);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String xattrs(Fd parent, String name) {
        if (!withXattrs) {
            return "";
        }
        try (Fd fd = FilesAt.open(parent, name, OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW, 0)) {
            Map<String, String> values = new TreeMap<>();
            for (String key : Xattr.list(fd)) {
                values.put(key, HexFormat.of().formatHex(Xattr.get(fd, key).orElseThrow()));
            }
            return values.isEmpty() ? "" : " " + values;
        }
    }
}
